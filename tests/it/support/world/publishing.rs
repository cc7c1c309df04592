//! The publications of a world: in every state, of several offices, with steps, findings and what the public reads.

use chrono::TimeDelta;
use entity::vocabulary::*;
use serde_json::json;

use super::{Build, now};

type Published = (&'static str, &'static str, Option<&'static str>, PublicationKind, PublicationStatus, &'static str);

/// A name for each, its list, its period, its kind, its state, and who prepared it.
const ALL: &[Published] = &[
    ("list published", "issued", None, PublicationKind::List, PublicationStatus::Published, "@office"),
    ("list anew", "issued", None, PublicationKind::List, PublicationStatus::Draft, "@office"),
    (
        "progress reviewed",
        "issued",
        Some("p1"),
        PublicationKind::Progress,
        PublicationStatus::ContentReviewed,
        "@office",
    ),
    ("sums approved", "issued", Some("p1"), PublicationKind::AnnualReport, PublicationStatus::Approved, "@office"),
    (
        "progress withdrawn",
        "closed",
        Some("closed-p"),
        PublicationKind::Progress,
        PublicationStatus::Withdrawn,
        "@office-division",
    ),
    ("county's draft", "county", None, PublicationKind::List, PublicationStatus::Draft, "@office-county"),
    ("county's secret", "county", None, PublicationKind::List, PublicationStatus::SecrecyReviewed, "@office-county"),
    ("foreign's list", "foreign", None, PublicationKind::List, PublicationStatus::Published, "@foreign-office"),
];

/// Everything of them.
pub fn all(b: &mut Build) {
    for published in ALL {
        publication(b, *published);
    }
}

/// A document that can be read.
fn document(title: &str) -> String {
    json!({
        "format": "taizhang-publication/1", "title": title, "issuer": "虚构单位", "asOf": "2026-06-30",
        "list": { "year": 2026, "title": "虚构清单" }, "kind": "LIST", "content": { "sections": [], "tasks": [] },
    })
    .to_string()
}

fn publication(b: &mut Build, (name, list, period, kind, status, by): Published) {
    let (id, at) = (b.next(), b.at());
    b.name(name, id);
    let (list, prepared_by) = (b.get(list), b.get(by));
    let issuer = b.rows.task_list.iter().find(|l| l.id == list).unwrap().issuer_unit_id;
    let was_public = matches!(status, PublicationStatus::Published | PublicationStatus::Withdrawn);
    let withdrawn_at = (status == PublicationStatus::Withdrawn).then_some(now());
    let title = format!("虚构公开稿{name}");
    let row = entity::publication::Model {
        id,
        task_list_id: list,
        reporting_period_id: period.map(|period| b.get(period)),
        issuer_unit_id: issuer,
        kind,
        title: title.clone(),
        status,
        round: 1,
        checksum: format!("{:064x}", id.as_u128()),
        open_findings: if was_public { 0 } else { 2 },
        left_out: 1,
        prepared_by,
        replaces_id: (name == "list anew").then(|| b.names["list published"]),
        replaced_by_id: None,
        published_at: was_public.then(|| now() - TimeDelta::hours(2)),
        withdrawn_at,
        withdrawal_reason: withdrawn_at.map(|_| "虚构撤回".to_owned()),
        version: 3,
        created_at: at,
        updated_at: at,
    };
    b.rows.publication.push(row);
    let kept = entity::publication_snapshot::Model { id, task_list_id: list, document: document(&title) };
    b.rows.publication_snapshot.push(kept);
    steps(b, name, status);
    findings(b, name, was_public);
    releases(b, name);
    if was_public {
        b.rows.publication_public.push(entity::publication_public::Model {
            id,
            kind,
            title: title.clone(),
            issuer: "虚构单位".into(),
            year: 2026,
            document: withdrawn_at.is_none().then(|| document(&title)),
            checksum: withdrawn_at.is_none().then(|| format!("{:064x}", id.as_u128())),
            published_at: now() - TimeDelta::hours(2),
            withdrawn_at,
            replaced_by: None,
        });
    }
}

/// What the secrecy review let through, where one passed.
fn releases(b: &mut Build, name: &str) {
    let Some(step) = b.names.get(&format!("{name}: SECRECY_REVIEW")).copied() else { return };
    let task_list_id = b.rows.publication.last().unwrap().task_list_id;
    for position in 1..=3 {
        let id = b.next();
        b.name(&format!("{name}: release {position}"), id);
        b.rows.publication_release.push(entity::publication_release::Model {
            id,
            publication_step_id: step,
            task_list_id,
            position,
            kind: PersonalDataKind::Phone,
            field: PublicationField::Narrative,
            task_number: Some(position.to_string()),
            pointer: format!("/content/tasks/{position}/title"),
            excerpt: "虚构138****0000".into(),
            reason: "虚构咨询电话".to_owned(),
        });
    }
}

/// The steps that lead to a state, each by somebody else.
fn steps(b: &mut Build, name: &str, status: PublicationStatus) {
    let of = b.rows.publication.last().unwrap().clone();
    let rank = PublicationStatus::ALL.iter().position(|one| *one == status).unwrap();
    let mut acts = vec![PublicationAct::Preparation];
    acts.extend(
        [PublicationAct::ContentReview, PublicationAct::SecrecyReview, PublicationAct::Approval].iter().take(rank),
    );
    acts.extend([PublicationAct::Publishing, PublicationAct::Withdrawal].iter().take(rank.saturating_sub(3)));
    let others = ["@office", "@office-division", "@office-county", "@inspector", "@foreign-office", "@foreign-bureau"];
    let mut others: Vec<_> = others.iter().map(|who| b.get(who)).filter(|who| *who != of.prepared_by).collect();
    for act in acts {
        let decides = taizhang::domain::publication::decides(act);
        let user = if decides { others.remove(0) } else { of.prepared_by };
        let (id, at) = (b.next(), b.at());
        b.name(&format!("{name}: {}", act.as_str()), id);
        let unit_id = b.rows.user_account.iter().find(|u| u.id == user).unwrap().unit_id;
        b.rows.publication_step.push(entity::publication_step::Model {
            id,
            publication_id: of.id,
            task_list_id: of.task_list_id,
            round: 1,
            act,
            decision: decides.then_some(PublicationDecision::Passed),
            reason: decides.then(|| "虚构意见".to_owned()),
            checksum: of.checksum.clone(),
            user_id: user,
            unit_id,
            decider_id: decides.then_some(user),
            prepared_by: of.prepared_by,
            created_at: at,
        });
    }
}

fn findings(b: &mut Build, name: &str, released: bool) {
    let of = b.rows.publication.last().unwrap().clone();
    for position in 1..=3 {
        let id = b.next();
        b.name(&format!("{name}: finding {position}"), id);
        let released = released || position == 3;
        b.rows.publication_finding.push(entity::publication_finding::Model {
            id,
            publication_id: of.id,
            task_list_id: of.task_list_id,
            position,
            kind: PersonalDataKind::Phone,
            field: PublicationField::Narrative,
            task_number: Some(position.to_string()),
            pointer: format!("/content/tasks/{position}/title"),
            excerpt: "虚构138****0000".into(),
            released_by: released.then(|| b.get("@office-division")),
            released_at: released.then(now),
            release_reason: released.then(|| "虚构咨询电话".to_owned()),
        });
    }
}
