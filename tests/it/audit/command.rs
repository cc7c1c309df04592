//! `taizhang audit verify`, as an operator calls it: what it says and how it ends.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use taizhang::id::Kind;
use taizhang::secrets::TokenRules;
use taizhang::service::audit::Broken;
use taizhang::store::Engine;
use uuid::Uuid;

use super::forge::Held;
use super::{Notary, busy, unfence, unfenced};
use crate::mutation::reports_stage::*;
use crate::support::binary;
use crate::support::database::{execute, raw_at};
use crate::support::postgres::Server;

/// Where an operator sits: a database that the program takes for safe, with the keys of a stage.
pub struct Desk {
    pub url: String,
    data: PathBuf,
    /// The server of the tests forgets what it wrote when the power goes, which the program refuses.
    server: Option<Server>,
}

impl Desk {
    /// At the database of the stage itself, or at one with nothing in it on a server that keeps what it is given.
    pub async fn beside(s: &Stage) -> Self {
        let data = s.t.keys().parent().unwrap().to_owned();
        if s.t.database.engine() == Engine::Sqlite {
            return Self { url: s.t.database.url.clone(), data, server: None };
        }
        let server = Server::start_durable();
        let made = "CREATE DATABASE taizhang TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
        execute(&server.url("postgres"), made).await;
        let desk = Self { url: server.url("taizhang"), data, server: Some(server) };
        said(&desk.run(&["migrate", "up"]), true);
        unfence(&desk.url).await;
        desk
    }

    /// Puts the trail into this state.
    pub async fn put(&self, held: &Held) {
        held.put(&raw_at(&self.url).await).await;
    }

    /// Runs a command.
    pub fn run(&self, args: &[&str]) -> Output {
        let data = self.data.to_str().unwrap();
        let place = ["--database-url", &self.url, "--data-dir", data, "--log-filter", "error"];
        binary::run(&self.data, &[args, &place[..]].concat())
    }

    /// The command finds this, and names the row in both languages by number and identifier.
    pub fn finds(&self, broken: &Broken) {
        says(&said(&self.run(&["audit", "verify"]), false), broken);
    }
}

/// What a command said, and that it ended well or not.
pub fn said(output: &Output, good: bool) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let aside = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(if good { 0 } else { 1 }), "{text}{aside}");
    text
}

/// One line that names it.
pub fn says(line: &str, broken: &Broken) {
    let (number, row) = match broken {
        Broken::Missing(number) => (Some(*number), None),
        Broken::Altered(number, row)
        | Broken::Beyond(number, row)
        | Broken::Anchor(number, row)
        | Broken::Kept(number, row) => (Some(*number), Some(*row)),
        Broken::Head(_, None) => (None, None),
        Broken::Head(number, row) | Broken::Statement(number, row) => (Some(*number), *row),
        Broken::Unchained(row) => (None, *row),
    };
    let (zh, en) = line.trim_end().split_once(" · ").unwrap_or_else(|| panic!("two languages: {line}"));
    assert_eq!(line.trim_end().lines().count(), 1, "{line}");
    assert!(!zh.is_ascii() && en.is_ascii(), "{line}");
    if let Some(number) = number {
        assert!(zh.contains(&format!("第 {number} 条")), "{broken:?}: {line}");
        assert!(en.contains(&format!("row {number} ")), "{broken:?}: {line}");
    }
    // The Chinese of a row without a number names it as well.
    if let Some(row) = row.map(named) {
        assert!(zh.contains(&row) && en.contains(&row), "{broken:?}: {line}");
    }
}

fn named(row: Uuid) -> String {
    id(Kind::AuditEntry, row)
}

fn kept(folder: &Path, text: &str) -> String {
    let path = folder.join("kept.txt");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_first_bad_row_is_named_in_both_languages() {
    let s = busy().await;
    let notary = Notary::new(&s);
    let first = s.t.service.audit_anchor(&notary.maker).await.unwrap().unwrap();
    s.t.user("later", s.lead_unit, &[]).await;
    let second = s.t.service.audit_anchor(&notary.maker).await.unwrap().unwrap();
    let about = notary.verifier.read(&second).unwrap().sequence;
    unfenced(&s).await;
    let whole = Held::of(&s).await;
    let desk = Desk::beside(&s).await;
    desk.put(&whole).await;
    let folder = tempfile::tempdir().unwrap();

    // Statements as they come out of the command, one a line, an empty one among them.
    let both = kept(folder.path(), &format!("{first}\n\n{second}"));
    let text = said(&desk.run(&["audit", "verify", "--anchor", &both]), true);
    let rows = whole.rows.len();
    assert!(text.contains(&format!("the chain is whole: {rows} rows, 2 anchors, 2 kept elsewhere, 0 rows")), "{text}");
    assert!(text.contains(&format!("审计链完整：{rows} 条，锚点 2 个，另存的锚点 2 个")), "{text}");

    // Three rows are wrong; the first is named.
    let mut held = whole.clone();
    for at in [4, 9, 17] {
        held.rows[at].operation = "somethingElse".to_owned();
    }
    desk.put(&held).await;
    desk.finds(&Broken::Altered(5, whole.rows[4].id));

    // A chain made anew: a statement beside it, one from elsewhere, the record of its end.
    let mut held = whole.clone();
    held.rows[4].operation = "somethingElse".to_owned();
    held.rehash(4);
    desk.put(&held).await;
    let told = held.anchors.iter().map(|anchor| anchor.sequence).min().unwrap();
    desk.finds(&Broken::Anchor(told, held.key(told)));
    held.anchors.clear();
    desk.put(&held).await;
    let text = said(&desk.run(&["audit", "verify"]), true);
    assert!(text.contains("0 anchors, 0 kept elsewhere"), "{text}");
    let text = said(&desk.run(&["audit", "verify", "--anchor", &both]), false);
    says(&text, &Broken::Kept(told, held.key(told)));
    let later = kept(folder.path(), &second);
    let text = said(&desk.run(&["audit", "verify", "--anchor", &later]), false);
    says(&text, &Broken::Kept(about, held.key(about)));
    let mut held = whole.clone();
    held.head.as_mut().unwrap().hash = "A".repeat(43);
    desk.put(&held).await;
    let end = i64::try_from(rows).unwrap();
    desk.finds(&Broken::Head(end, Some(held.key(end))));
    held.head = None;
    desk.put(&held).await;
    desk.finds(&Broken::Head(0, None));
    desk.put(&whole).await;

    // What is no statement of ours is refused as a file, with the line it stands in.
    let stranger = Notary::stranger(&s);
    let now = s.t.service.clock().now();
    let forged = stranger.maker.sign(about, &whole.head.as_ref().unwrap().hash, now).unwrap();
    let token = access_token(&s, &notary);
    for (text, line) in [
        (format!("{first}\n{forged}\n"), 2),
        (token, 1),
        ("\n\n".to_owned(), 1),
        (format!("{first}\n{}", first.replace('.', "_")), 2),
    ] {
        let file = kept(folder.path(), &text);
        let output = desk.run(&["audit", "verify", "--anchor", &file]);
        assert!(said(&output, false).is_empty());
        let aside = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(aside.contains(&format!("第 {line} 行不是本系统签名的锚点")), "{aside}");
        assert!(aside.contains(&format!("line {line}: this is no statement that a key")), "{aside}");
    }

    // The command states where the trail stands, and prints nothing else; without a key that signs it says so.
    if desk.server.is_none() {
        let unsigned = desk.run(&["audit", "anchor"]);
        assert!(said(&unsigned, false).is_empty());
        assert!(String::from_utf8_lossy(&unsigned.stderr).contains("taizhang keys rotate"));
        s.t.service.keys_register(&notary.keyring.public_keys()).await.unwrap();
        let stated = said(&desk.run(&["audit", "anchor"]), true);
        assert_eq!(stated.lines().count(), 1, "{stated}");
        let end = s.t.service.store().audit_head().await.unwrap().sequence;
        assert_eq!(notary.verifier.read(stated.trim()).unwrap().sequence, end);
    }
}

/// A token for somebody, signed with the key that signs statements.
pub fn access_token(s: &Stage, notary: &Notary) -> String {
    let rules = TokenRules {
        issuer: "taizhang".to_owned(),
        audience: "taizhang".to_owned(),
        lifetime: Duration::from_secs(900),
        leeway: Duration::from_secs(30),
    };
    let (user, session, now) = (s.office.user.unwrap(), s.t.ids.next(), s.t.service.clock().now());
    notary.keyring.token_maker(rules).unwrap().mint(user, session, now, &*s.t.ids).unwrap()
}
