//! The file of providers, and what is said of every mistake in it.

use serde_json::{Value, json};
use taizhang::external::{ProviderKind, Providers};

use super::{BACK, Folder, assert_silent, signers::merged};

fn oidc() -> Value {
    json!({"id": "gov", "name": "统一身份认证", "kind": "oidc", "issuer": "https://id.example.gov.cn/realm",
        "clientId": "taizhang", "clientSecretFile": "client.secret", "redirectUris": [BACK]})
}

fn cas() -> Value {
    json!({"id": "cas", "name": "CAS", "kind": "cas", "baseUrl": "https://cas.example/cas", "redirectUris": [BACK]})
}

fn wecom() -> Value {
    json!({"id": "wecom", "name": "企业微信", "kind": "wecom", "corpId": "ww01", "agentId": "1000002",
        "secretFile": "client.secret", "redirectUris": ["https://app.example/sign-in/wecom"]})
}

/// What is said of a file with this text, from its name on.
fn said(folder: &Folder, text: &str) -> String {
    let path = folder.write("providers.json", text, 0o644);
    let sentence = Providers::read(&path).map(|_| "(good)".to_owned()).unwrap_or_else(|error| error.to_string());
    assert_silent(&sentence);
    sentence.replace(&path.parent().unwrap().display().to_string(), "DIR")
}

fn said_of(entries: &[Value]) -> String {
    said(&Folder::new(), &json!({"providers": entries}).to_string())
}

#[test]
fn a_file_with_all_three() {
    let folder = Folder::new();
    let back = [BACK, "http://127.0.0.1:8765/back", "http://[::1]/back", "cn.gov.example.app:/back"];
    let gov = merged(oidc(), json!({"scopes": "openid profile", "secondFactor": true, "redirectUris": back}));
    let text = json!({"providers": [gov, cas(), wecom()]}).to_string();
    let providers = Providers::read(&folder.write("providers.json", &text, 0o644)).unwrap();
    let kinds =
        providers.all().iter().map(|provider| (provider.id.as_str(), provider.kind.as_str(), provider.second_factor));
    assert_eq!(kinds.collect::<Vec<_>>(), [("gov", "oidc", true), ("cas", "cas", false), ("wecom", "wecom", false)]);
    assert_eq!(providers.get("gov").unwrap().redirect_uris, back);
    assert_eq!(providers.get("gov").unwrap().name, "统一身份认证");
    assert_eq!(providers.by_issuer("https://cas.example/cas").unwrap().kind, ProviderKind::Cas);
    assert_eq!(providers.by_issuer("wecom:ww01").unwrap().id, "wecom");
    assert!(providers.get("GOV").is_none() && providers.by_issuer("https://cas.example").is_none());
    assert_silent(&format!("{providers:?}"));
    assert_eq!(said_of(&[]), "(good)");
}

#[test]
fn mistakes_of_the_whole_file() {
    let folder = Folder::new();
    let many: Vec<Value> = (0..17).map(|n| merged(cas(), json!({"id": format!("cas-{n}")}))).collect();
    let rows = [
        (
            "",
            "DIR/providers.json: this is not JSON (EOF while parsing a value at line 1 column 0); mend it there"
                .to_owned(),
        ),
        ("[]", "DIR/providers.json: this is not JSON (not an object); mend it there".to_owned()),
        ("{}", "DIR/providers.json: there is no list of providers; write {\"providers\":[…]}".to_owned()),
        (
            r#"{"providers":{}}"#,
            "DIR/providers.json: there is no list of providers; write {\"providers\":[…]}".to_owned(),
        ),
        (r#"{"providers":[],"version":1}"#, "DIR/providers.json: field version is not known; leave it out".to_owned()),
        (
            r#"{"providers":[7]}"#,
            "DIR/providers.json: provider 1 is not an object; write {\"id\":…,\"name\":…,\"kind\":…,…}".to_owned(),
        ),
    ];
    for (text, wanted) in rows {
        assert_eq!(said(&folder, text), wanted);
    }
    let doubled = said(&folder, r#"{"providers":[{"id":"a","id":"b"}]}"#);
    assert!(doubled.contains("a name stands twice at line 1"), "{doubled}");
    assert_eq!(said_of(&many), "DIR/providers.json: there are more than 16 providers; leave some out");
    let long = said(&folder, &" ".repeat(65_537));
    assert_eq!(long, "DIR/providers.json is longer than 65536 bytes; write less into it");
    let missing = Providers::read(&folder.0.path().join("none.json")).unwrap_err().to_string();
    assert!(
        missing.contains("none.json cannot be read (")
            && missing.ends_with("see that it is there and that this account may read it")
    );
    let a_folder = Providers::read(folder.0.path()).unwrap_err().to_string();
    assert!(a_folder.ends_with("is not a file; name a file"), "{a_folder}");
    assert_eq!(
        said_of(&[cas(), cas()]),
        "DIR/providers.json: provider cas, field id: another has the same; write a new one"
    );
    let shared = merged(wecom(), json!({"redirectUris": ["https://app.example/other", BACK]}));
    for pair in [[cas(), shared.clone()], [shared.clone(), cas()], [oidc(), shared]] {
        let said = said_of(&pair);
        assert!(said.contains(&format!("field redirectUris: {BACK} stands at another provider too")), "{said}");
    }
    assert_eq!(said_of(&[cas(), oidc()]), "(good)", "what is bound to its sign-in may come back to one place");
    let long = format!("https://id.example/{}", "x".repeat(512));
    for (entry, field) in [(oidc(), "issuer"), (cas(), "baseUrl")] {
        let said = said_of(&[merged(entry, json!({field: long}))]);
        assert!(said.ends_with(&format!("field {field}: it is longer than 512 bytes; write a shorter one")), "{said}");
    }
    let same = merged(cas(), json!({"id": "cas-2", "baseUrl": "https://cas.example/cas/"}));
    assert_eq!(
        said_of(&[cas(), same]),
        "DIR/providers.json: provider cas-2, field baseUrl: another provider has the same; leave one out"
    );
}

#[test]
fn mistakes_of_a_field() {
    let http = "plain http reaches this machine only; write an address that begins with https://";
    let nine = vec![BACK; 9];
    let rows = [
        (oidc(), json!({"id": null}), "1, field id: it is missing; write it"),
        (
            oidc(),
            json!({"id": "Gov"}),
            "1, field id: it holds something else than small letters, digits and hyphens, or is long; write 1 to 32 small letters, digits and hyphens",
        ),
        (oidc(), json!({"id": "g".repeat(33)}), "1, field id: it holds something else"),
        (oidc(), json!({"name": ""}), "gov, field name: it is empty; write something or leave it out"),
        (oidc(), json!({"name": " 认证"}), "gov, field name: it begins or ends with a blank"),
        (oidc(), json!({"name": "认".repeat(101)}), "gov, field name: it is longer than 100 characters; write less"),
        (oidc(), json!({"name": 7}), "gov, field name: it is not a text; write it in quotation marks"),
        (oidc(), json!({"kind": "saml"}), "gov, field kind: there is no such kind; write oidc, cas or wecom"),
        (
            oidc(),
            json!({"secondFactor": "yes"}),
            "gov, field secondFactor: it is neither true nor false; write true or false",
        ),
        (
            oidc(),
            json!({"corpId": "ww01"}),
            "gov, field corpId: providers of this kind have no such field; leave it out",
        ),
        (oidc(), json!({"redirectUris": null}), "gov, field redirectUris: it is missing"),
        (oidc(), json!({"redirectUris": BACK}), "gov, field redirectUris: it is not a list of texts"),
        (oidc(), json!({"redirectUris": [7]}), "gov, field redirectUris: it is not a list of texts"),
        (
            oidc(),
            json!({"redirectUris": []}),
            "gov, field redirectUris: there are none, or more than 8; write 1 to 8 addresses",
        ),
        (oidc(), json!({"redirectUris": nine}), "gov, field redirectUris: there are none, or more than 8"),
        (
            oidc(),
            json!({"redirectUris": ["http://app.example/back"]}),
            &format!("gov, field redirectUris: http://app.example/back: {http}"),
        ),
        (
            oidc(),
            json!({"redirectUris": ["https://app.example/#/back"]}),
            "gov, field redirectUris: https://app.example/#/back: the address holds a #",
        ),
        (
            oidc(),
            json!({"redirectUris": ["javascript:alert(1)"]}),
            "gov, field redirectUris: javascript:alert(1): an app's own scheme has a dot in it",
        ),
        (oidc(), json!({"redirectUris": ["/back"]}), "gov, field redirectUris: /back: this is not an address"),
        (
            oidc(),
            json!({"redirectUris": ["https://a@app.example/back"]}),
            "gov, field redirectUris: https://a@app.example/back: the address holds a user",
        ),
        (
            oidc(),
            json!({"redirectUris": ["https://app.example/back?a=1&state=x"]}),
            "gov, field redirectUris: https://app.example/back?a=1&state=x: the address holds what providers add to it; leave out code",
        ),
        (oidc(), json!({"issuer": null}), "gov, field issuer: it is missing; write it"),
        (oidc(), json!({"issuer": "http://id.example.gov.cn"}), &format!("gov, field issuer: {http}")),
        (oidc(), json!({"issuer": "http://127.0.0.1.example.gov.cn"}), &format!("gov, field issuer: {http}")),
        (oidc(), json!({"issuer": "http://192.168.0.1"}), &format!("gov, field issuer: {http}")),
        (oidc(), json!({"issuer": "ftp://id.example.gov.cn"}), "gov, field issuer: this is not an address of the web"),
        (
            oidc(),
            json!({"issuer": "https://id.example.gov.cn/?realm=1"}),
            "gov, field issuer: the address holds a ?; leave out everything from the ? on",
        ),
        (
            oidc(),
            json!({"issuer": "https://me:pw@id.example.gov.cn"}),
            "gov, field issuer: the address holds a user or a password; leave out everything up to the @",
        ),
        (
            oidc(),
            json!({"issuer": "https:\\\\id.example.gov.cn"}),
            "gov, field issuer: the address holds a blank or a character",
        ),
        (oidc(), json!({"clientId": null}), "gov, field clientId: it is missing; write it"),
        (
            oidc(),
            json!({"scopes": "profile"}),
            "gov, field scopes: openid is not among them; write openid, and others after a blank",
        ),
        (
            oidc(),
            json!({"clientSecretFile": "none.secret"}),
            "gov, field clientSecretFile: DIR/none.secret cannot be read",
        ),
        (
            oidc(),
            json!({"caFile": "client.secret"}),
            "gov, field caFile: DIR/client.secret holds something else than certificates in PEM; write PEM blocks of CERTIFICATE into it",
        ),
        (cas(), json!({"baseUrl": "http://cas.example"}), &format!("cas, field baseUrl: {http}")),
        (cas(), json!({"baseUrl": "https://cas.example/#"}), "cas, field baseUrl: the address holds a #"),
        (
            cas(),
            json!({"issuer": "https://cas.example"}),
            "cas, field issuer: providers of this kind have no such field; leave it out",
        ),
        (
            wecom(),
            json!({"corpId": "ww/01"}),
            "wecom, field corpId: it holds something else than letters and digits; copy it from WeCom",
        ),
        (wecom(), json!({"agentId": 1.5}), "wecom, field agentId: it is not a text"),
        (
            wecom(),
            json!({"secretFile": null}),
            "wecom, field secretFile: it is missing; write the name of the file that holds the secret",
        ),
        (wecom(), json!({"apiUrl": "http://qyapi.example"}), &format!("wecom, field apiUrl: {http}")),
        (
            wecom(),
            json!({"authorizeUrl": "https://login.example/?a=1"}),
            "wecom, field authorizeUrl: the address holds a ?",
        ),
    ];
    for (entry, changes, wanted) in rows {
        let sentence = said_of(&[merged(entry, changes.clone())]);
        assert!(sentence.starts_with(&format!("DIR/providers.json: provider {wanted}")), "{changes}: {sentence}");
    }
}

#[test]
fn mistakes_of_a_secret() {
    let folder = Folder::new();
    let text = json!({"providers": [oidc()]}).to_string();
    let at_field = "DIR/providers.json: provider gov, field clientSecretFile: DIR/client.secret";
    let long = "x".repeat(4097);
    let rows = [(" \n", "is empty"), ("two\nlines", "holds more than one line"), (&long, "is longer than 4096 bytes")];
    for (secret, wanted) in rows {
        folder.write("client.secret", secret, 0o600);
        let sentence = said(&folder, &text);
        assert!(sentence.starts_with(&format!("{at_field} {wanted}; ")), "{sentence}");
    }
    folder.write("client.secret", "one line\r\n", 0o400);
    assert_eq!(said(&folder, &text), "(good)");
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_refused() {
    let text = json!({"providers": [oidc()]}).to_string();
    for mode in [0o640, 0o604, 0o620, 0o601, 0o644] {
        let folder = Folder::new();
        folder.write("client.secret", super::SECRET, mode);
        let wanted = "DIR/providers.json: provider gov, field clientSecretFile: DIR/client.secret can be read by others on this machine; run: chmod 600 DIR/client.secret";
        assert_eq!(said(&folder, &text), wanted);
    }
}
