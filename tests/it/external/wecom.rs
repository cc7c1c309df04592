//! The way there and back with WeCom.

use std::time::Duration;

use serde_json::{Value, json};
use taizhang::external::{Connector, Providers};
use url::Url;

use super::{
    BACK, Folder, SECRET, STATE, assert_silent, at, begun,
    play::{Play, Reply},
    reason, recorded,
    signers::merged,
    unavailable,
};

const CODE: &str = "C0DE-of-wecom";
const TOKEN: &str = "/gate/cgi-bin/gettoken";
const MEMBER: &str = "/gate/cgi-bin/auth/getuserinfo";

struct Server {
    play: Play,
    providers: Providers,
}

impl Server {
    async fn start() -> Self {
        let play = Play::start().await;
        let providers = Folder::new().provider(entry(json!({"apiUrl": format!("{}/gate", play.base)})));
        play.say(TOKEN, Reply::ok(recorded("wecom_token.json")));
        play.say(MEMBER, Reply::ok(recorded("wecom_member.json")));
        Self { play, providers }
    }

    fn connector(&self) -> &dyn Connector {
        self.providers.get("wecom").unwrap().connector.as_ref()
    }

    /// Who comes back, or why nobody does.
    async fn back(&self, seconds: i64) -> String {
        match self.connector().identity(CODE, &begun(), at(seconds)).await {
            Ok(identity) => identity.subject,
            Err(error) => reason::<()>(&Err(error)).to_owned(),
        }
    }
}

fn entry(changes: Value) -> Value {
    let entry = json!({"id": "wecom", "name": "企业微信", "kind": "wecom", "corpId": "ww0123456789abcdef",
        "agentId": 1_000_002, "secretFile": "client.secret", "redirectUris": [BACK]});
    merged(entry, changes)
}

#[tokio::test]
async fn the_browser_is_sent_to_wecom_or_to_a_host_of_ones_own() {
    let rows = [
        (json!({}), "https://login.work.weixin.qq.com/wwlogin/sso/login"),
        (json!({"authorizeUrl": "https://zwwx.example.gov.cn/sso"}), "https://zwwx.example.gov.cn/sso"),
    ];
    for (changes, wanted) in rows {
        let providers = Folder::new().provider(entry(changes));
        let connector = &providers.by_issuer("wecom:ww0123456789abcdef").unwrap().connector;
        let address = connector.address(&begun(), at(0)).await.unwrap();
        assert!(address.starts_with(&format!("{wanted}?")), "{address}");
        let pairs: Vec<(String, String)> = Url::parse(&address).unwrap().query_pairs().into_owned().collect();
        let wanted = [
            ("login_type", "CorpApp"),
            ("appid", "ww0123456789abcdef"),
            ("agentid", "1000002"),
            ("redirect_uri", BACK),
            ("state", STATE),
        ];
        assert_eq!(pairs, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(!address.contains("s3cr3t"));
    }
}

#[tokio::test]
async fn there_and_back() {
    let server = Server::start().await;
    let identity = server.connector().identity(CODE, &begun(), at(0)).await.unwrap();
    assert_eq!((identity.issuer.as_str(), identity.subject.as_str()), ("wecom:ww0123456789abcdef", "LiLei"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(server.play.seen(TOKEN)[0].query, [pair("corpid", "ww0123456789abcdef"), pair("corpsecret", SECRET)]);
    let wanted = [pair("access_token", "invented-api-token-1"), pair("code", CODE)];
    assert_eq!(server.play.seen(MEMBER)[0].query, wanted);
    server.play.say(MEMBER, Reply::ok(recorded("wecom_member_old.json")));
    assert_eq!(server.back(0).await, "LiLei");
}

#[tokio::test]
async fn the_token_of_the_api_is_kept_until_shortly_before_its_end() {
    let server = Server::start().await;
    for (seconds, calls) in [(0, 1), (6899, 1), (6900, 2), (13_799, 2), (13_800, 3)] {
        assert_eq!(server.back(seconds).await, "LiLei");
        assert_eq!(server.play.calls(TOKEN), calls, "after {seconds} s");
    }
}

#[tokio::test]
async fn many_at_once_ask_for_one_token() {
    let server = Server::start().await;
    let token = Reply { after: Duration::from_millis(100), ..Reply::ok(recorded("wecom_token.json")) };
    server.play.say(TOKEN, token);
    let all = futures_util::future::join_all((0..8).map(|_| server.back(0))).await;
    assert!(all.iter().all(|who| who == "LiLei"), "{all:?}");
    assert_eq!(server.play.calls(TOKEN), 1);
}

#[tokio::test]
async fn a_token_that_is_over_is_renewed_once() {
    let server = Server::start().await;
    assert_eq!(server.back(0).await, "LiLei");
    let renewed = recorded("wecom_token.json").replace("token-1", "token-2");
    for code in ["42001", "40014"] {
        server.play.say(TOKEN, Reply::ok(renewed.clone()));
        let over = Reply::ok(recorded("wecom_expired.json").replace("42001", code));
        server.play.say_each(MEMBER, [over, Reply::ok(recorded("wecom_member.json"))]);
        assert_eq!(server.back(100).await, "LiLei");
        assert_eq!(server.play.seen(MEMBER).last().unwrap().query[0].1, "invented-api-token-2");
    }
    assert_eq!(server.play.calls(TOKEN), 3);
    server.play.say(MEMBER, Reply::ok(recorded("wecom_expired.json")));
    let before = (server.play.calls(TOKEN), server.play.calls(MEMBER));
    assert_eq!(server.back(200).await, "(unavailable)");
    assert_eq!((server.play.calls(TOKEN), server.play.calls(MEMBER)), (before.0 + 1, before.1 + 2), "once");
}

#[tokio::test]
async fn many_at_once_renew_the_token_once() {
    let server = Server::start().await;
    assert_eq!(server.back(0).await, "LiLei");
    server.play.say(TOKEN, Reply { after: Duration::from_millis(200), ..Reply::ok(recorded("wecom_token.json")) });
    let over = vec![Reply::ok(recorded("wecom_expired.json")); 8];
    server.play.say_each(MEMBER, [over, vec![Reply::ok(recorded("wecom_member.json"))]].concat());
    let all = futures_util::future::join_all((0..8).map(|_| server.back(100))).await;
    assert!(all.iter().all(|who| who == "LiLei"), "{all:?}");
    assert_eq!(server.play.calls(TOKEN), 2);
}

/// A token that is over and a renewal that fails: the renewal is not tried by each who comes.
#[tokio::test]
async fn a_renewal_that_failed_is_not_tried_at_once_again() {
    let server = Server::start().await;
    assert_eq!(server.back(0).await, "LiLei");
    server.play.say(TOKEN, Reply::status(503, "away"));
    server.play.say(MEMBER, Reply::ok(recorded("wecom_expired.json")));
    for seconds in [100, 101, 109] {
        assert_eq!(server.back(seconds).await, "(unavailable)");
        assert_eq!(server.play.calls(TOKEN), 2, "at {seconds} s");
    }
    assert_eq!(server.back(111).await, "(unavailable)");
    assert_eq!(server.play.calls(TOKEN), 3);
}

#[tokio::test]
async fn who_is_no_member_and_what_is_no_answer() {
    let server = Server::start().await;
    let said = |body: Value| body.to_string();
    let rows = [
        (recorded("wecom_openid.json"), "NOT_A_MEMBER"),
        (recorded("wecom_bad_code.json"), "CODE"),
        (recorded("wecom_bad_code.json").replace("40029", "40030"), "CODE"),
        (recorded("wecom_bad_code.json").replace("40029", "60020"), "(unavailable)"),
        (said(json!({"errcode": -1, "errmsg": "system busy"})), "(unavailable)"),
        (said(json!({"userid": "LiLei"})), "(unavailable)"),
        (said(json!({"errcode": "0", "userid": "LiLei"})), "(unavailable)"),
        (said(json!({"errcode": 0})), "NOT_A_MEMBER"),
        (said(json!({"errcode": 0, "userid": ""})), "SUBJECT"),
        (said(json!({"errcode": 0, "userid": "li lei"})), "SUBJECT"),
        (said(json!({"errcode": 0, "userid": "x".repeat(65)})), "SUBJECT"),
        (said(json!({"errcode": 0, "userid": 7})), "SUBJECT"),
        (said(json!({"errcode": 0, "userid": null})), "SUBJECT"),
        (said(json!({"errcode": 0, "userid": "LiLei", "UserId": "root"})), "SUBJECT"),
        (r#"{"errcode":0,"userid":"LiLei","userid":"root"}"#.to_owned(), "(unavailable)"),
        ("<html>".to_owned(), "(unavailable)"),
        (String::new(), "(unavailable)"),
    ];
    for (body, wanted) in rows {
        server.play.say(MEMBER, Reply::ok(body.clone()));
        assert_eq!(server.back(0).await, wanted, "{body}");
    }
    for code in ["", "a b", "码", "a\n", &"x".repeat(513)] {
        assert_eq!(reason(&server.connector().identity(code, &begun(), at(0)).await), "CODE");
    }
}

#[tokio::test]
async fn an_api_that_gives_no_token_is_told_without_its_secrets() {
    let rows = [
        (
            json!({"errcode": 40001, "errmsg": "invalid credential s3cr3t"}),
            "gettoken answered errcode 40001 (see corpId",
        ),
        (json!({"errcode": 0, "access_token": "", "expires_in": 7200}), "without a token or its life"),
        (json!({"errcode": 0, "access_token": "x"}), "without a token or its life"),
        (json!({"errcode": 0, "access_token": "x", "expires_in": -1}), "without a token or its life"),
        (json!({"errcode": 0, "access_token": "x", "expires_in": 999_999_999}), "without a token or its life"),
        (json!([]), "not JSON"),
    ];
    for (body, detail) in rows {
        let server = Server::start().await;
        server.play.say(TOKEN, Reply::ok(body.to_string()));
        let error = server.connector().identity(CODE, &begun(), at(0)).await.unwrap_err();
        assert_silent(&format!("{error} {error:?}"));
        let why = unavailable::<()>(Err(error));
        assert!(why.contains(detail), "{why}");
        assert_eq!(server.play.calls(MEMBER), 0);
        assert_silent(&format!("{:?}", server.providers));
    }
}
