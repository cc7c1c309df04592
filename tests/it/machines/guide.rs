//! The lines of docs/machines.md that somebody types are typed here, against a running server.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::binary::{Served, done, free_port};
use crate::support::passes_without;

const GUIDE: &str = include_str!("../../../docs/machines.md");

/// The lines of the shell blocks that begin so.
fn lines(beginning: &str) -> Vec<&'static str> {
    let blocks = GUIDE.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines).filter(|line| line.starts_with(beginning)).collect()
}

#[test]
fn what_the_guide_says_to_type_does_what_it_says() {
    let home = tempfile::tempdir().unwrap();
    let port = free_port();
    let served = Served::start(home.path(), port, &[]);
    let make = |login: &str, unit: &str, role: &str| {
        let args = ["token", login, "--create", "--unit", unit, "--role", role];
        done(home.path(), &args).trim().to_owned()
    };
    let (admin, machine) = (make("keeper", "yunting", "SYSTEM_ADMIN"), make("gateway", "市教育局", "INTEGRATION"));
    let viewer = served.ask(&machine, "{ viewer { user { id } } }", json!({})).unwrap().1;
    let id = viewer["data"]["viewer"]["user"]["id"].as_str().unwrap().to_owned();
    let query = "mutation($id: ID!) { serviceAccountSecretCreate(id: $id, input: { expiresOn: \"2099-12-31\" }) {
        clientSecret userErrors { code } } }";
    let made = served.ask(&admin, query, json!({ "id": id })).unwrap().1;
    let secret =
        made["data"]["serviceAccountSecretCreate"]["clientSecret"].as_str().unwrap_or_else(|| panic!("{made}"));

    let curls = lines("curl ");
    assert_eq!(curls.len(), 5);
    if Command::new("curl").arg("--version").output().is_err() {
        return passes_without("curl");
    }
    let mut token = String::new();
    for line in &curls {
        let run = Command::new("sh")
            .args(["-c", line])
            .env("BASE", format!("http://127.0.0.1:{port}"))
            .env("CLIENT_ID", &id)
            .env("CLIENT_SECRET", secret)
            .env("TOKEN", &token)
            .env("no_proxy", "*")
            .output()
            .unwrap();
        let text = String::from_utf8(run.stdout).unwrap();
        assert!(run.status.success(), "{line}: {text}");
        let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if line.contains("/auth/token") {
            let names: Vec<&String> = answer.as_object().unwrap().keys().collect();
            assert_eq!(names, ["access_token", "expires_in", "scope", "token_type"], "{text}");
            assert_eq!((&answer["expires_in"], &answer["scope"]), (&json!(900), &json!("lists:read")));
            answer["access_token"].as_str().unwrap().clone_into(&mut token);
        } else if line.contains("/graphql") {
            assert!(answer["data"]["taskLists"]["totalCount"].is_number(), "{text}");
        } else if line.contains("/auth/revoke") {
            assert_eq!(text, "");
            assert_eq!(served.ask(&token, "{ viewer { name } }", json!({})).unwrap().0, 401);
        } else if line.contains("jwks") {
            assert_eq!(answer["keys"][0]["kty"], "OKP", "{text}");
        } else {
            assert_eq!(answer["token_endpoint"], "/auth/token", "{text}");
        }
    }

    let new = done(home.path(), &["keys", "rotate"]);
    assert_eq!(lines("taizhang keys"), ["taizhang keys list", "taizhang keys rotate", "taizhang keys retire KID"]);
    assert_eq!(done(home.path(), &["keys", "list"]).lines().count(), 2);
    // A key that waits may go at once: nothing was signed with it.
    done(home.path(), &["keys", "retire", new.trim()]);
    assert!(done(home.path(), &["keys", "list"]).contains("retired"));
}
