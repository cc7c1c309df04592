//! The way there and back with a CAS server.

use serde_json::json;
use taizhang::external::{Connector, Providers};
use url::{Url, form_urlencoded};

use super::{
    BACK, Folder, STATE, at, begun,
    play::{Play, Reply},
    reason, recorded, unavailable,
};

const TICKET: &str = "ST-1856339-aA5Yuvrxzpv8Tau1cYQ7_.z";
const VALIDATE: &str = "/cas/p3/serviceValidate";

struct Server {
    play: Play,
    providers: Providers,
}

impl Server {
    async fn start() -> Self {
        let play = Play::start().await;
        let entry = json!({"id": "cas", "name": "统一认证", "kind": "cas",
            "baseUrl": format!("{}/cas/", play.base), "redirectUris": [BACK]});
        let providers = Folder::new().provider(entry);
        Self { play, providers }
    }

    fn connector(&self) -> &dyn Connector {
        self.providers.get("cas").unwrap().connector.as_ref()
    }

    /// What comes of this answer.
    async fn says(&self, xml: &str) -> (String, String) {
        self.play.say(VALIDATE, Reply::ok(xml));
        match self.connector().identity(TICKET, &begun(), at(0)).await {
            Ok(identity) => ("(good)".to_owned(), identity.subject),
            Err(error) => {
                let detail = error.to_string();
                (reason::<()>(&Err(error)).to_owned(), detail)
            }
        }
    }
}

fn success(inner: &str) -> String {
    format!(
        r#"<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess>{inner}</cas:authenticationSuccess></cas:serviceResponse>"#
    )
}

#[tokio::test]
async fn there_and_back() {
    let server = Server::start().await;
    let service = format!("{BACK}&state={STATE}");
    let address = Url::parse(&server.connector().address(&begun(), at(0)).await.unwrap()).unwrap();
    assert_eq!(address.path(), "/cas/login");
    let encoded: String = form_urlencoded::byte_serialize(service.as_bytes()).collect();
    assert_eq!(address.query(), Some(format!("service={encoded}").as_str()));

    server.play.say(VALIDATE, Reply::ok(recorded("cas_success.xml")));
    let identity = server.connector().identity(TICKET, &begun(), at(0)).await.unwrap();
    assert_eq!(identity.issuer, format!("{}/cas", server.play.base));
    assert_eq!(identity.issuer, server.connector().issuer());
    assert_eq!(identity.subject, "lilei");
    let asked = &server.play.seen(VALIDATE)[0];
    assert_eq!(asked.query, [("service".to_owned(), service), ("ticket".to_owned(), TICKET.to_owned())]);
    assert_eq!(asked.headers["accept"], "application/xml, text/xml");
}

#[tokio::test]
async fn tickets_of_strange_form_are_not_passed_on() {
    let server = Server::start().await;
    let long = format!("ST-{}", "x".repeat(254));
    for ticket in ["", "ST", "PT-1", "st-1", "ST-1&user=root", "ST-1%26", "ST-1 2", "ST-票", "ST-1\n", long.as_str()] {
        assert_eq!(reason(&server.connector().identity(ticket, &begun(), at(0)).await), "CODE", "{ticket:?}");
    }
    assert_eq!(server.play.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn users_are_read_as_text() {
    let server = Server::start().await;
    let rows = [
        ("<cas:user>\n  lilei\t</cas:user>", "lilei"),
        ("<cas:user>li&#x96f7;&amp;co</cas:user>", "li雷&co"),
        ("<cas:user><![CDATA[li<lei]]></cas:user>", "li<lei"),
        ("<!-- no one --><cas:user>lilei</cas:user><cas:attributes/>", "lilei"),
        (r#"<user xmlns="http://www.yale.edu/tp/cas">lilei</user>"#, "lilei"),
        (r#"<cas:user>lilei</cas:user><user xmlns="urn:other">root</user>"#, "lilei"),
        ("<cas:user>lilei</cas:user><cas:attributes><cas:proxies>x</cas:proxies></cas:attributes>", "lilei"),
    ];
    for (inner, user) in rows {
        assert_eq!(server.says(&success(inner)).await, ("(good)".to_owned(), user.to_owned()), "{inner}");
    }
    let declared =
        format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", success("<cas:user>a</cas:user>"));
    assert_eq!(server.says(&declared).await.0, "(good)");
}

/// The blanks of the layout go; others are part of a name that looks like another's.
#[tokio::test]
async fn names_that_look_like_others_are_refused() {
    let server = Server::start().await;
    for name in ["\u{a0}lilei", "lilei\u{3000}", "lilei&#x200b;", "li&#xad;lei", "&#x202e;lilei", "&#xfeff;lilei"] {
        let said = server.says(&success(&format!("<cas:user>\n {name} </cas:user>"))).await;
        assert_eq!(said.0, "SUBJECT", "{name:?}");
    }
}

#[tokio::test]
async fn answers_that_are_none() {
    let server = Server::start().await;
    let user = "<cas:user>lilei</cas:user>";
    let entities = r#"<!DOCTYPE x [<!ENTITY lol "lilei"><!ENTITY f SYSTEM "file:///etc/passwd">]>"#;
    let good = success(user);
    let response = |inner: &str| {
        format!(r#"<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{inner}</cas:serviceResponse>"#)
    };
    let one = format!("<cas:authenticationSuccess>{user}</cas:authenticationSuccess>");
    let failure = r#"<cas:authenticationFailure code="INVALID_TICKET">x</cas:authenticationFailure>"#;
    let deep = format!("{user}{}{}", "<cas:a>".repeat(20), "</cas:a>".repeat(20));
    let rows = [
        ("nothing", String::new()),
        ("no XML", "yes\nlilei\n".to_owned()),
        ("JSON", r#"{"serviceResponse":{"authenticationSuccess":{"user":"lilei"}}}"#.to_owned()),
        ("HTML", "<html><body>lilei</body></html>".to_owned()),
        ("another namespace", good.replace("www.yale.edu", "www.evil.example")),
        ("no namespace", good.replace("cas:", "")),
        ("a prefix of nobody", good.replace(" xmlns:cas=", " xmlns:sac=")),
        ("a document type", format!("<!DOCTYPE x>{good}")),
        ("entities", format!("{entities}{}", success("<cas:user>&lol;</cas:user>"))),
        ("an entity of nobody", success("<cas:user>&lol;</cas:user>")),
        ("two users", success(&format!("{user}{user}"))),
        ("no user", success("<cas:attributes/>")),
        ("a user of another namespace", success(r#"<user xmlns="urn:other">lilei</user>"#)),
        ("two successes", response(&format!("{one}{one}"))),
        ("success and failure", response(&format!("{one}{failure}"))),
        ("failure and success", response(&format!("{failure}{one}"))),
        ("two failures", response(&format!("{failure}{failure}"))),
        ("a failure without a code", response("<cas:authenticationFailure>x</cas:authenticationFailure>")),
        ("an empty response", response("")),
        ("two responses", format!("{good}{good}")),
        ("an empty response before it", format!("{}{good}", response(""))),
        (
            "a root of another namespace",
            good.replace("<cas:serviceResponse", "<serviceResponse xmlns=\"urn:other\"")
                .replace("/cas:serviceResponse", "/serviceResponse"),
        ),
        ("never ended", good.replace("</cas:serviceResponse>", "")),
        ("a user never ended", good[..good.find("</cas:user>").unwrap()].to_owned()),
        ("a user outside", format!("{good}<cas:user xmlns:cas=\"http://www.yale.edu/tp/cas\">root</cas:user>")),
        ("text after it", format!("{good}lilei")),
        ("a success in something", response(&format!("<cas:x>{one}</cas:x>"))),
        ("a user in pieces", success("<cas:user>li<!-- -->lei</cas:user>")),
        ("a user with a part", success("<cas:user>li<b>lei</b></cas:user>")),
        ("a user with an instruction", success("<cas:user>li<?x y?>lei</cas:user>")),
        ("cut off", good[..good.len() - 5].to_owned()),
        ("ends that do not fit", good.replace("</cas:user>", "</cas:usr>")),
        ("too deep", success(&deep)),
        ("too many parts", success(&format!("{user}{}", "<a/>".repeat(6000)))),
    ];
    for (name, xml) in rows {
        let (what, detail) = server.says(&xml).await;
        assert_eq!(what, "(unavailable)", "{name}: {detail}");
    }
    server.play.say(VALIDATE, Reply::ok([good.as_bytes(), b"<!-- \xff -->"].concat()));
    assert!(unavailable(server.connector().identity(TICKET, &begun(), at(0)).await).contains("not UTF-8"));
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    assert_eq!(server.says(&recorded("cas_failure.xml")).await.0, "CODE");
    assert_eq!(server.says(&recorded("cas_proxied.xml")).await.0, "PROXY");
    assert_eq!(server.says(&success("<cas:user> </cas:user>")).await.0, "SUBJECT");
    assert_eq!(server.says(&success("<cas:user/>")).await.0, "SUBJECT");
    assert_eq!(server.says(&success("<cas:user>li&#10;lei</cas:user>")).await.0, "SUBJECT");
    assert_eq!(server.says(&success(&format!("<cas:user>{}</cas:user>", "x".repeat(256)))).await.0, "SUBJECT");
    let failure = recorded("cas_failure.xml");
    let rows = [
        ("INVALID_TICKET_SPEC", "CODE"),
        ("INVALID_SERVICE", "CODE"),
        ("INVALID_REQUEST", "(unavailable)"),
        ("INTERNAL_ERROR", "(unavailable)"),
        ("UNAUTHORIZED_SERVICE", "(unavailable)"),
    ];
    for (code, wanted) in rows {
        assert_eq!(server.says(&failure.replace("INVALID_TICKET", code)).await.0, wanted, "{code}");
    }
    server.play.say(VALIDATE, Reply::status(500, recorded("cas_success.xml")));
    assert!(unavailable(server.connector().identity(TICKET, &begun(), at(0)).await).contains("answered 500"));
    server.play.say(VALIDATE, Reply::status(404, recorded("cas_success.xml")));
    assert!(unavailable(server.connector().identity(TICKET, &begun(), at(0)).await).contains("answered 404"));
}
