//! Links to other sign-in services in the hands of the operator, and a file of services that is wrong.

use crate::support::binary;
use crate::support::database::execute;

/// Everybody of the demo is somebody elsewhere.
const LINKS: &str = "INSERT INTO external_identity (id, user_id, issuer, subject, created_at) \
                     SELECT id, id, 'https://sso.example', 'sub-of-' || login, created_at FROM user_account";

fn said(output: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn the_operator_lists_links_and_takes_them_away() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    binary::done(at, &["demo"]);
    assert_eq!(binary::done(at, &["external", "list"]), "");
    execute(&format!("sqlite://{}", at.join("data/taizhang.db").display()), LINKS).await;
    let all = binary::done(at, &["external", "list"]);
    assert!(all.lines().count() > 2, "{all}");
    let own = binary::done(at, &["external", "list", "--user", "demo.office"]);
    let link = own.split(' ').next().unwrap();
    assert!(own.lines().count() == 1 && link.starts_with("identity_"), "{own}");
    assert!(own.contains("  demo.office  https://sso.example  sub-of-demo.office  "), "{own}");

    assert_eq!(binary::done(at, &["external", "list", "--subject", "sub-of-demo.office"]), own);
    let disable = "UPDATE user_account SET disabled_at = created_at WHERE login = 'demo.office'";
    execute(&format!("sqlite://{}", at.join("data/taizhang.db").display()), disable).await;
    let held = binary::done(at, &["external", "list", "--user", "demo.office"]);
    assert!(held.contains(link) && held.contains("disabled"), "who is disabled holds it still: {held}");

    binary::done(at, &["backup", "b.db"]);
    let done = binary::done(at, &["external", "unlink", link]);
    assert!(done.contains("demo.office"), "{done}");
    assert_eq!(binary::done(at, &["external", "list", "--user", "demo.office"]), "");
    for gone in [link, "identity_nothing", "demo.office"] {
        let refused = binary::run(at, &["external", "unlink", gone]);
        assert!(!refused.status.success() && said(&refused).contains("taizhang external list"), "{}", said(&refused));
    }
    let unknown = binary::run(at, &["external", "list", "--user", "nobody.here"]);
    assert!(!unknown.status.success());
    binary::done(at, &["audit", "verify"]);

    // What was taken away since comes back with a backup, and is named.
    let restored = binary::run(at, &["restore", "b.db", "--replace"]);
    let words = said(&restored);
    assert!(restored.status.success(), "{words}");
    assert!(words.contains(link) && words.contains("taizhang external unlink"), "{words}");
    binary::done(at, &["external", "unlink", link]);
}

/// A mistake in the file of sign-in services stops the server before it writes anything, and no other command.
#[test]
fn a_wrong_file_of_services_stops_the_server_only() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("providers.json"), "{\"providers\":[{\"id\":\"A B\"}]}").unwrap();
    let wrong = ["--external-providers", "providers.json"];
    let with = |args: &[&'static str]| [args, &wrong].concat();
    let refused = binary::run(at, &with(&["serve", "--listen", "127.0.0.1:0"]));
    assert!(!refused.status.success() && said(&refused).contains("providers.json: provider 1, field id"));
    assert!(!at.join("data/taizhang.db").exists(), "nothing was made");

    binary::done(at, &["demo"]);
    binary::done(at, &with(&["invite", "demo.office"]));
    binary::done(at, &with(&["token", "demo.office"]));
    binary::done(at, &with(&["fsck"]));
    binary::done(at, &with(&["audit", "verify"]));
    binary::done(at, &with(&["keys", "list"]));
    binary::done(at, &with(&["backup", "b.db"]));
    binary::done(at, &with(&["restore", "b.db", "--verify"]));
    let doctor = binary::run(at, &with(&["doctor", "--listen", "127.0.0.1:0"]));
    assert!(said(&doctor).contains("!!  登录平台") && said(&doctor).contains("field id"), "{}", said(&doctor));
}

/// `doctor` asks each service for what it says of itself.
#[tokio::test]
async fn doctor_looks_at_the_services() {
    let gov = crate::external::Played::start().await;
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let look = |issuer: &str| {
        let text = serde_json::json!({ "providers": [
            { "id": "gov", "name": "平台（虚构）", "kind": "oidc", "issuer": issuer, "clientId": "taizhang",
              "redirectUris": ["https://taizhang.example/back"] },
        ] });
        std::fs::write(at.join("providers.json"), text.to_string()).unwrap();
        let args = ["doctor", "--listen", "127.0.0.1:0", "--external-providers", "providers.json"];
        let mut command = binary::command(at, &args);
        async move { tokio::task::spawn_blocking(move || said(&command.output().unwrap())).await.unwrap() }
    };
    let issuer = gov.issuer();
    let well = look(&issuer).await;
    assert!(well.contains(&format!("ok  登录平台 gov · sign-in service  {issuer}")), "{well}");
    assert!(well.contains("?   登录平台") && well.contains("is not https"), "{well}");
    let away = look(&issuer.replace("/realm", "/nowhere")).await;
    assert!(away.contains("!!  登录平台 gov"), "{away}");

    std::fs::write(at.join("few.txt"), "password\n").unwrap();
    let args = ["doctor", "--listen", "127.0.0.1:0", "--breached-passwords"];
    let few = said(&binary::run(at, &[&args[..], &["few.txt"]].concat()));
    assert!(few.contains("ok  泄露口令"), "{few}");
    let none = said(&binary::run(at, &[&args[..], &["none.txt"]].concat()));
    assert!(none.contains("!!  泄露口令") && none.contains("none.txt"), "{none}");
}
