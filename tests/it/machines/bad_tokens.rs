//! Bad tokens at the door of the schema: forged ones, and good ones whose time, session, account, grant or key is over.

use std::fs;

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::vocabulary::Role;
use serde_json::{Value, json};
use taizhang::config::{Limits, PasswordProfile, TotpFor};
use taizhang::id::{GlobalId, Kind};
use taizhang::secrets::Keyring;
use uuid::Uuid;

use super::{Machine, account, grant, key, secret, take_back, with};
use crate::auth::scene::{OTHER, PASSWORD, Scene};
use crate::support::Client;

/// Signs whatever it is told with the keys of the server.
struct Forge {
    kid: String,
    pair: Ed25519KeyPair,
    claims: Value,
}

impl Forge {
    /// As the server itself would do it for this token.
    fn of(s: &Scene, token: &str) -> Self {
        let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        let file = s.t.keys().join(format!("signing-{kid}.pk8"));
        let pair = Ed25519KeyPair::from_pkcs8(&fs::read(file).unwrap()).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        Self { kid, pair, claims: serde_json::from_slice(&claims).unwrap() }
    }

    fn header(&self) -> Value {
        json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.kid })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes())))
    }

    fn header_with(&self, name: &str, value: Value) -> String {
        let mut header = self.header();
        header[name] = value;
        self.sign(&header, &self.claims)
    }

    fn claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.sign(&self.header(), &claims)
    }

    fn without(&self, name: &str) -> String {
        let mut claims = self.claims.clone();
        claims.as_object_mut().unwrap().remove(name).unwrap();
        self.sign(&self.header(), &claims)
    }

    fn forged(&self, other: &Self) -> Vec<(String, String)> {
        let now = self.claims["iat"].as_i64().unwrap();
        let good = self.sign(&self.header(), &self.claims);
        let (head, rest) = good.split_once('.').unwrap();
        let signature = rest.rsplit_once('.').unwrap().1;
        let mut table = vec![
            (
                "a signature of another".to_owned(),
                good.replace(signature, other.sign(&self.header(), &other.claims).rsplit_once('.').unwrap().1),
            ),
            ("no signature".to_owned(), good.replace(signature, "")),
            ("zeros for a signature".to_owned(), good.replace(signature, &URL_SAFE_NO_PAD.encode([0; 64]))),
            ("two parts".to_owned(), rest.to_owned()),
            ("a part more".to_owned(), format!("{good}.{head}")),
            ("cut".to_owned(), good[..good.len() - 1].to_owned()),
            ("nothing but dots".to_owned(), "..".to_owned()),
            ("twice".to_owned(), format!("{good}{good}")),
        ];
        for alg in ["none", "HS256", "RS256", "ES256", "Ed25519", "eddsa"] {
            table.push((format!("alg {alg}"), self.header_with("alg", json!(alg))));
        }
        for kid in ["", "0001", "../../etc/passwd", "' OR 1=1 --", "x"] {
            table.push((format!("kid {kid}"), self.header_with("kid", json!(kid))));
        }
        for typ in ["JWT", "at+JWT", "taizhang-audit-anchor+jws", "refresh+jwt"] {
            table.push((format!("typ {typ}"), self.header_with("typ", json!(typ))));
        }
        for name in ["crit", "jwk", "jku", "x5u", "b64", "zip"] {
            table.push((format!("header with {name}"), self.header_with(name, json!("x"))));
        }
        for name in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
            table.push((format!("without {name}"), self.without(name)));
            table.push((format!("{name} null"), self.claim(name, Value::Null)));
        }
        let swapped = |name: &str| self.claim(name, other.claims[name].clone());
        for (about, token) in [
            ("another issuer", self.claim("iss", json!("elsewhere"))),
            ("another audience", self.claim("aud", json!("elsewhere"))),
            ("an audience among others", self.claim("aud", json!(["taizhang", "elsewhere"]))),
            ("another's name on this session", swapped("sub")),
            ("this name on another's session", swapped("sid")),
            ("a session that there is not", self.claim("sid", json!(Uuid::from_u128(7)))),
            (
                "a user that there is not",
                self.claim("sub", json!(GlobalId::new(Kind::User, Uuid::from_u128(7)).to_string())),
            ),
            ("a unit for a user", self.claim("sub", json!(GlobalId::new(Kind::Unit, Uuid::from_u128(7)).to_string()))),
            ("over", self.claim("exp", json!(now - 31))),
            ("not yet", self.claim("nbf", json!(now + 60))),
            ("from the future", self.claim("iat", json!(now + 60))),
            ("a life too long", self.claim("exp", json!(now + 901))),
            ("for ever", self.claim("exp", json!(253_402_300_799_i64))),
            ("a role in it", self.claim("role", json!("SYSTEM_ADMIN"))),
            ("scopes in it", self.claim("scope", json!("lists:read reports:read reports:write"))),
        ] {
            table.push((about.to_owned(), token));
        }
        table
    }
}

async fn machine(s: &Scene, admin: &Client, login: &str) -> Machine {
    let id = account(s, admin, login).await;
    grant(&s.t, key(&id), s.unit, "lists:read").await;
    secret(admin, &id, json!({})).await
}

async fn sql(s: &Scene, statement: &str) {
    crate::support::database::execute(&s.t.database.url, statement).await;
}

/// Tokens that were good, and what made them bad.
async fn spoilt(s: &Scene, admin: &Client) -> Vec<(String, String)> {
    let router = &s.t.router;
    let mut table = Vec::new();
    let mut add = |about: &str, token: String| table.push((about.to_owned(), token));

    // Machines.
    let m = machine(s, admin, "handed-back").await;
    let token = m.token(router).await;
    m.hand_back(router, &token).await.ok();
    add("handed back", token);
    let m = machine(s, admin, "secret-gone").await;
    let token = m.token(router).await;
    assert_eq!(take_back(admin, &m.secret_id).await["userErrors"], json!([]));
    add("its secret was taken back", token);
    let m = machine(s, admin, "off").await;
    let token = m.token(router).await;
    let disable =
        "mutation($id: ID!) { serviceAccountDisable(id: $id, input: { expectedVersion: 1 }) { userErrors { code } } }";
    assert_eq!(admin.payload(disable, json!({ "id": m.id })).await["userErrors"], json!([]));
    add("serviceAccountDisable", token);
    let m = machine(s, admin, "on-again").await;
    let token = m.token(router).await;
    for (verb, version) in [("serviceAccountDisable", 1), ("serviceAccountEnable", 2)] {
        let query = format!(
            "mutation($id: ID!) {{ {verb}(id: $id, input: {{ expectedVersion: {version} }}) {{ userErrors {{ code }} }} }}"
        );
        assert_eq!(admin.payload(&query, json!({ "id": m.id })).await["userErrors"], json!([]));
    }
    add("disabled and enabled again", token);
    let m = machine(s, admin, "ended").await;
    let token = m.token(router).await;
    let query = "query($id: ID!) { node(id: $id) { ... on User { sessions { nodes { id } } } } }";
    let session = admin.data(query, json!({ "id": m.id })).await["node"]["sessions"]["nodes"][0]["id"].clone();
    let query = "mutation($id: ID!) { sessionRevoke(id: $id) { userErrors { code } } }";
    assert_eq!(admin.payload(query, json!({ "id": session })).await["userErrors"], json!([]));
    add("its session was taken back by the administrator", token);
    for (about, login, statement) in [
        (
            "its grant is gone",
            "no-grant",
            "DELETE FROM role_grant WHERE user_id = (SELECT id FROM user_account WHERE login = 'no-grant')",
        ),
        (
            "its grant is over",
            "grant-over",
            "UPDATE role_grant SET valid_until = '2026-06-30' WHERE user_id = (SELECT id FROM user_account WHERE login = 'grant-over')",
        ),
        (
            "its scopes are gone",
            "no-scopes",
            "UPDATE role_grant SET scopes = '' WHERE user_id = (SELECT id FROM user_account WHERE login = 'no-scopes')",
        ),
        (
            "it has another scope now",
            "other-scope",
            "UPDATE role_grant SET scopes = 'reports:read' WHERE user_id = (SELECT id FROM user_account WHERE login = 'other-scope')",
        ),
        (
            "it is a person's role now",
            "person-role",
            "UPDATE role_grant SET role = 'OFFICE' WHERE user_id = (SELECT id FROM user_account WHERE login = 'person-role')",
        ),
        (
            "moved to another place",
            "moved",
            "UPDATE user_account SET unit_id = (SELECT id FROM unit WHERE parent_id IS NULL AND name LIKE '%东山%') WHERE login = 'moved'",
        ),
        (
            "its unit went to another place",
            "unit-moved",
            "UPDATE role_grant SET unit_id = (SELECT id FROM unit WHERE parent_id IS NULL AND name LIKE '%东山%') WHERE user_id = (SELECT id FROM user_account WHERE login = 'unit-moved')",
        ),
        (
            "its session ended by itself",
            "session-over",
            "UPDATE session SET expires_at = created_at WHERE user_id = (SELECT id FROM user_account WHERE login = 'session-over')",
        ),
        (
            "its session is gone",
            "no-session",
            "DELETE FROM session WHERE user_id = (SELECT id FROM user_account WHERE login = 'no-session')",
        ),
    ] {
        let m = machine(s, admin, login).await;
        let token = m.token(router).await;
        assert!(s.is_in(&token).await, "{about}");
        sql(s, statement).await;
        add(about, token);
    }
    let m = machine(s, admin, "many").await;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(m.token(router).await);
    }
    add("the oldest of too many", tokens.remove(0));

    // People.
    s.person("leaver", &[Role::Reporter]).await;
    let signed = s.sign_in("leaver", PASSWORD).await.ok();
    s.send_as(&signed.access(), "/auth/sign-out", json!({})).await.ok();
    add("signed out", signed.access());
    s.person("robbed", &[Role::Reporter]).await;
    let first = s.sign_in("robbed", PASSWORD).await.ok();
    let second = s.refresh(&first.refresh()).await.ok();
    let third = s.refresh(&second.refresh()).await.ok();
    assert_eq!(s.refresh(&first.refresh()).await.status, 401, "replayed");
    for (nth, signed) in [first, second, third].iter().enumerate() {
        add(&format!("a refresh token was replayed, {nth}"), signed.access());
    }
    s.person("changer", &[Role::Reporter]).await;
    let (here, there) = (s.sign_in("changer", PASSWORD).await.ok(), s.sign_in("changer", PASSWORD).await.ok());
    let body = json!({ "current": PASSWORD, "new": OTHER });
    s.send_as(&here.access(), "/auth/password", body).await.ok();
    add("the password was changed elsewhere", there.access());
    let user = s.person("reset", &[Role::Reporter]).await;
    let signed = s.sign_in("reset", PASSWORD).await.ok();
    s.t.service.operator_code(user, false).await.unwrap().unwrap();
    add("the password was reset", signed.access());
    add("a refresh token", s.sign_in("changer", OTHER).await.ok().refresh());
    add("a secret", m.secret.clone());
    add("a statement about the trail", {
        let anchors = s.t.service.authenticator().tokens().anchor_maker();
        s.t.service.audit_anchor(&anchors).await.unwrap().unwrap()
    });
    table
}

#[tokio::test]
async fn no_bad_token_gets_to_the_schema() {
    let limits = Limits { sessions_per_machine: 3, sign_in_burst: 1_000, ..Limits::default() };
    let s = Scene::with(limits, PasswordProfile::Dengbao, TotpFor::Nobody).await;
    s.t.places(ELSEWHERE).await;
    let (s, admin, good) = with(s, "lists:read").await;
    s.t.service.keys_take_up(&s.t.keys(), &s.t.verifier).await.unwrap();
    let token = good.token(&s.t.router).await;
    let forge = Forge::of(&s, &token);
    assert!(
        s.is_in(&forge.sign(&forge.header(), &forge.claims)).await,
        "a forged but right one passes, so the rest means something"
    );
    let other = Forge::of(&s, &machine(&s, &admin, "other").await.token(&s.t.router).await);
    let mut table = forge.forged(&other);
    table.extend(spoilt(&s, &admin).await);

    // A key that nobody has published yet, and one that was retired.
    let mut ring = Keyring::open(&s.t.keys()).unwrap();
    ring.add_signing_key(&*s.t.ids).unwrap();
    let new = ring.public_keys().last().unwrap().kid.clone();
    let unpublished = Forge { kid: new.clone(), ..Forge::of(&s, &token) };
    table.push(("our key under the id of another".to_owned(), unpublished.sign(&unpublished.header(), &forge.claims)));
    let file = s.t.keys().join(format!("signing-{new}.pk8"));
    let pair = Ed25519KeyPair::from_pkcs8(&fs::read(file).unwrap()).unwrap();
    let unpublished = Forge { kid: new, pair, claims: forge.claims.clone() };
    let early = unpublished.sign(&unpublished.header(), &forge.claims);
    table.push(("a key that is not published".to_owned(), early));

    let mut passed = Vec::new();
    for (about, token) in &table {
        // An empty part is no token at all for the header.
        let (status, answer) = s.viewer(token).await;
        if status != 401 || !answer["data"].is_null() {
            passed.push((about, status, answer));
        }
    }
    assert!(passed.is_empty(), "{} of {} bad tokens pass: {passed:#?}", passed.len(), table.len());
    assert!(s.is_in(&token).await, "and the good one stays good");

    // The good ones themselves, once their key is retired or their time is over.
    s.t.service.keys_take_up(&s.t.keys(), &s.t.verifier).await.unwrap();
    let kids = s.t.verifier.published().into_iter().map(|key| key.kid).collect::<Vec<_>>();
    s.t.service.key_sign_now(&kids[1]).await.unwrap();
    s.t.service.keys_take_up(&s.t.keys(), &s.t.verifier).await.unwrap();
    let after = good.token(&s.t.router).await;
    assert!(s.is_in(&token).await && s.is_in(&after).await);
    s.t.service.key_retire(&kids[0], true).await.unwrap();
    s.t.service.keys_take_up(&s.t.keys(), &s.t.verifier).await.unwrap();
    assert!(!s.is_in(&token).await, "of a retired key");
    assert!(s.is_in(&after).await);
    s.advance(TimeDelta::seconds(899));
    assert!(s.is_in(&after).await);
    s.advance(TimeDelta::seconds(1));
    assert!(!s.is_in(&after).await, "its session ends with its time, whatever two clocks say");
    let all = table.len() + 2;
    println!("{all} bad tokens, 0 accepted");
    assert!(all >= 85, "only {all}");
}

const ELSEWHERE: &str = r#"{ "format": "taizhang-units/1", "jurisdictions": [{ "key": "dongshan", "name": "东山市（虚构）", "office": "zfb", "list": [], "groups": [],
  "units": [{ "id": "zfb", "name": "市政府办公室" }] }] }"#;
