//! The audit trail: a chain that only grows, and says so when somebody has had his hands in it.

mod anchors;
mod chain;
mod command;
mod exported;
mod forge;
mod readers;
mod refusals;
mod search;
mod unaudited;

use entity::audit_entry;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::json;
use taizhang::secrets::{AnchorMaker, AnchorVerifier, Keyring};
use taizhang::service::audit::{Broken, Verified};

use crate::mutation::reports_stage::*;
use crate::support::database::{execute, raw_at};

/// Who signs statements.
pub struct Notary {
    pub keyring: Keyring,
    pub maker: AnchorMaker,
    pub verifier: AnchorVerifier,
    _folder: Option<tempfile::TempDir>,
}

impl Notary {
    /// With the keys of the server.
    pub fn new(s: &Stage) -> Self {
        Self::with(Keyring::open(&s.t.keys()).unwrap(), None)
    }

    /// With keys that nobody knows.
    pub fn stranger(s: &Stage) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::with(Keyring::open_or_create(&folder.path().join("keys"), &*s.t.ids).unwrap(), Some(folder))
    }

    fn with(keyring: Keyring, folder: Option<tempfile::TempDir>) -> Self {
        Self {
            maker: keyring.anchor_maker("taizhang".to_owned()).unwrap(),
            verifier: AnchorVerifier::new(&keyring.public_keys(), "taizhang").unwrap(),
            keyring,
            _folder: folder,
        }
    }
}

/// What the check of the whole chain says.
pub async fn verify(s: &Stage, notary: &Notary) -> Result<Verified, Broken> {
    s.t.service.audit_verify(&notary.verifier, &[]).await.unwrap()
}

/// Every row of the trail.
pub async fn trail(s: &Stage) -> Vec<audit_entry::Model> {
    let db = s.t.database.raw().await;
    #[expect(clippy::disallowed_methods, reason = "looks past every scope")]
    let all = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Sequence).all(&db).await.unwrap();
    all
}

/// Takes the fences of the database away, as one with all its rights can.
pub async fn unfenced(s: &Stage) {
    unfence(&s.t.database.url).await;
}

pub async fn unfence(url: &str) {
    if raw_at(url).await.get_database_backend() == sea_orm::DbBackend::Postgres {
        execute(url, "ALTER TABLE audit_entry DISABLE TRIGGER ALL").await;
        execute(url, "ALTER TABLE audit_anchor DISABLE TRIGGER ALL").await;
    } else {
        for table in ["audit_entry", "audit_anchor"] {
            for event in ["UPDATE", "DELETE"] {
                execute(url, &format!("DROP TRIGGER {table}_no_{event}")).await;
            }
        }
    }
}

/// A list with a period, two reports handed in, accepted, returned: a trail of some length.
pub async fn busy() -> Stage {
    let s = Stage::new().await;
    let period = s.opened().await;
    for (client, unit, verb) in [(&s.lead, s.lead_unit, "Accept"), (&s.responsible, s.responsible_unit, "Return")] {
        let owed = s.owes(&period, unit, s.task).await;
        let report = text(&save(client, full(&owed), None).await["progressReport"]["id"]);
        assert_eq!(errors(&act(client, "Submit", &report, input_of("Submit", 1), None).await), []);
        assert_eq!(errors(&act(&s.office, verb, &report, input_of(verb, 2), None).await), []);
    }
    s
}

#[tokio::test]
async fn every_change_leaves_its_rows_in_the_chain() {
    let s = busy().await;
    let notary = Notary::new(&s);
    let rows = trail(&s).await;
    assert!(rows.len() > 20);
    let numbers: Vec<i64> = rows.iter().map(|row| row.sequence.unwrap()).collect();
    assert_eq!(numbers, (1..=i64::try_from(rows.len()).unwrap()).collect::<Vec<_>>());
    let verified = Verified { rows: numbers.len().try_into().unwrap(), anchors: 0, kept: 0, unchained: 0 };
    assert_eq!(verify(&s, &notary).await, Ok(verified));

    // A statement is made where something was added since the last one, and agrees with the chain.
    let first = s.t.service.audit_anchor(&notary.maker).await.unwrap().unwrap();
    assert_eq!(s.t.service.audit_anchor(&notary.maker).await.unwrap().unwrap(), first);
    assert_eq!(verify(&s, &notary).await, Ok(Verified { anchors: 1, ..verified }));
    assert_eq!(notary.verifier.read(&first).unwrap().sequence, verified.rows);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_side_by_side_make_one_chain() {
    let s = Stage::new().await;
    let notary = Notary::new(&s);
    let unit = s.t.root(s.list).await;
    let before = trail(&s).await.len();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..16 {
        let service = s.t.service.clone();
        writers.spawn(async move {
            for nth in 0..8 {
                let user = taizhang::service::operator::NewUser {
                    kind: entity::vocabulary::UserKind::Person,
                    login: format!("side.{writer}.{nth}"),
                    display_name: "并行".to_owned(),
                    unit,
                    grants: Vec::new(),
                };
                service.user_add(user).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let rows = verify(&s, &notary).await.unwrap().rows;
    assert_eq!(usize::try_from(rows).unwrap(), before + 128);
}

/// No audit, no change.
#[tokio::test]
async fn what_cannot_be_audited_is_not_done() {
    let s = Stage::new().await;
    let period = s.opened().await;
    let owed = s.owes(&period, s.lead_unit, s.task).await;
    let before = s.rows().await;
    let query =
        "mutation($input: ProgressReportSaveInput!) { progressReportSave(input: $input) { progressReport { id } } }";
    for (break_it, mend_it) in [
        ("ALTER TABLE audit_entry RENAME TO audit_away", "ALTER TABLE audit_away RENAME TO audit_entry"),
        ("ALTER TABLE audit_head RENAME TO head_away", "ALTER TABLE head_away RENAME TO audit_head"),
    ] {
        execute(&s.t.database.url, break_it).await;
        let answer = s.lead.answer(query, json!({ "input": full(&owed) })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{break_it}: {answer}");
        execute(&s.t.database.url, mend_it).await;
        assert_eq!(s.rows().await, before, "{break_it}");
    }
    assert_eq!(errors(&save(&s.lead, full(&owed), None).await), []);
}

#[tokio::test]
async fn the_database_refuses_to_change_it() {
    let s = busy().await;
    let notary = Notary::new(&s);
    s.t.service.audit_anchor(&notary.maker).await.unwrap();
    let db = s.t.database.raw().await;
    let mut tries: Vec<String> = Vec::new();
    for table in ["audit_entry", "audit_anchor"] {
        tries.push(format!("UPDATE {table} SET sequence = sequence"));
        tries.push(format!("DELETE FROM {table}"));
        if db.get_database_backend() == sea_orm::DbBackend::Postgres {
            tries.push(format!("TRUNCATE {table}"));
        }
    }
    for sql in tries {
        let refused = db.execute_unprepared(&sql).await.unwrap_err().to_string();
        assert!(refused.contains("only grows"), "{sql}: {refused}");
    }
    assert!(verify(&s, &notary).await.is_ok());
}
