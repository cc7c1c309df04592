//! Findings: what somebody wrote down about one unit's part of a task, one at a time or many at once.

use std::collections::{BTreeSet, HashSet};

use entity::look_back_item;
use entity::vocabulary::LookBackFinding;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::evidence::{self, EvidenceItem, Of};
use super::{Hold, TEXT_CHARS, item, round};
use crate::authz::LookBackAction;
use crate::error::{LookBackMessage, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::report_sheet::SkipReason;
use crate::service::work::{Checks, begin, expect_version};
use crate::service::{Answer, Call, Caller, Service, Stop, Work};

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// The item.
    pub id: Uuid,
    /// The version that was read.
    pub expected_version: i32,
    /// In one word.
    pub finding: LookBackFinding,
    /// In words; needed unless all is well.
    pub text: Option<String>,
    /// What shows it, in the place of what is there; that stays when none is given.
    pub evidence: Option<Vec<EvidenceItem>>,
}

/// What came of one of many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundOutcome {
    /// The item.
    pub item: Uuid,
    /// Why it was refused; empty when it was done.
    pub errors: Vec<SkipReason>,
}

impl Service {
    /// Writes a finding.
    pub async fn look_back_item_record(&self, caller: &Caller, key: Option<String>, input: Found) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("lookBackItemRecord", key, &input)?);
        let result = record(&mut work, input, "input.").await;
        work.end(result).await
    }

    /// Writes many findings.
    pub async fn look_back_item_record_many(
        &self,
        caller: &Caller,
        key: Option<String>,
        items: Vec<Found>,
    ) -> Answer<Vec<FoundOutcome>> {
        let most = self.limits().bulk_items;
        if items.len() > most {
            let error = UserError::at(UserErrorCode::Limit, Message::TooMany(most), "input.items");
            return Ok(Err(vec![error]));
        }
        let mut work = begin!(self, caller, Call::new("lookBackItemRecordMany", key, &items)?);
        let result = record_all(&mut work, items).await;
        work.end_many(result, |outcome| &outcome.errors).await
    }
}

async fn record(work: &mut Work, input: Found, at: &str) -> Result<Uuid, Stop> {
    let (round, mut row) = item(work, input.id, LookBackAction::Record, UserError::not_found()).await?;
    expect_version(row.version, input.expected_version)?;
    let mut checks = Checks::default();
    let text = checks.optional(input.text.as_deref(), TEXT_CHARS, &format!("{at}text"));
    if text.is_none() && input.finding != LookBackFinding::Done {
        let message = Message::LookBack(LookBackMessage::FindingText);
        checks.fail(UserErrorCode::Required, message, &format!("{at}text"));
    }
    let place = format!("{at}evidence");
    let shown = input.evidence.map(|items| evidence::clean(&mut checks, items, 0, &place));
    checks.done()?;
    let mut changed = vec!["finding", "text"];
    if let Some(items) = shown {
        evidence::replace(work, Of::Item(row.id), items, &place).await?;
        changed.push("evidence");
    }
    row.finding = Some(input.finding);
    row.finding_text = text;
    row.found_by = Some(work.actor.user_id);
    row.found_at = Some(work.now);
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<look_back_item::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::LookBackItem, input.id), &changed);
    let told = json!({ "lookBackItem": input.id, "lookBack": round.id, "taskList": round.task_list_id });
    work.tell("look_back_item.recorded", told);
    Ok(input.id)
}

async fn record_all(work: &mut Work, items: Vec<Found>) -> Result<Vec<FoundOutcome>, Stop> {
    let keys: Vec<Uuid> = items.iter().map(|found| found.id).collect();
    let seen = work.tx.visible_by_keys::<look_back_item::Entity>(&work.actor, &keys).await?;
    // All locks before the first change, in the order of the key, so that two calls can't wait for each other.
    let lists: BTreeSet<Uuid> = seen.values().map(|row| row.task_list_id).collect();
    for list in lists {
        work.tx.held_standing(&work.actor, list).await?;
    }
    let rounds: BTreeSet<Uuid> = seen.values().map(|row| row.look_back_id).collect();
    for id in rounds {
        // A refusal here is said item by item below.
        match round(work, id, LookBackAction::Record, Hold::Together, UserError::not_found()).await {
            Err(Stop::Fault(fault)) => return Err(fault.into()),
            Ok(_) | Err(Stop::Refused(_)) => {}
        }
    }
    work.tx.locked_where::<look_back_item::Entity>(&work.actor, look_back_item::Column::Id, &keys).await?;
    let mut outcomes = Vec::with_capacity(items.len());
    let mut met = HashSet::new();
    for found in items {
        let id = found.id;
        let result = if met.insert(id) {
            record(work, found, "").await
        } else {
            Err(UserError::at(UserErrorCode::Duplicate, Message::ItemTwice, "id").into())
        };
        let errors = match result {
            Ok(_) => Vec::new(),
            Err(Stop::Refused(errors)) => errors.into_iter().map(Into::into).collect(),
            Err(fault) => return Err(fault),
        };
        outcomes.push(FoundOutcome { item: id, errors });
    }
    Ok(outcomes)
}
