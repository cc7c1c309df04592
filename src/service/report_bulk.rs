//! Many reports in one call: the whole sheet of a unit, the pile of the office. Each of them is done or refused by itself.

use entity::{progress_report, report_obligation};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

use super::reopenings;
use super::report_sheet::SkipReason;
use super::reports::{ReportSave, save, submit};
use super::reviews::accept;
use super::signing::sign;
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::error::{Message, UserError, UserErrorCode};

/// What came of one of many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemOutcome {
    /// The report, as far as there is one.
    pub report: Option<Uuid>,
    /// Why it was refused; empty when it was done.
    pub errors: Vec<SkipReason>,
}

/// A report to be handed in, signed or accepted.
#[derive(Clone, Debug, Serialize)]
pub struct ReportItem {
    /// The report.
    pub id: Uuid,
    /// The version that was read.
    pub expected_version: i32,
    /// A comment of the office.
    pub comment: Option<String>,
}

impl Service {
    /// Writes many reports.
    pub async fn progress_report_save_many(
        &self,
        caller: &Caller,
        key: Option<String>,
        items: Vec<ReportSave>,
    ) -> Answer<Vec<ItemOutcome>> {
        if let Some(error) = self.too_many(items.len()) {
            return Ok(Err(vec![error]));
        }
        let phones: Vec<_> = items.iter().map(|item| self.phone_print(item)).collect();
        let mut work = begin!(self, caller, Call::new("progressReportSaveMany", key, &(&items, phones))?);
        let result = save_all(&mut work, items).await;
        work.end_many(result, |outcome| &outcome.errors).await
    }

    /// Hands many reports in.
    pub async fn progress_report_submit_many(
        &self,
        caller: &Caller,
        key: Option<String>,
        items: Vec<ReportItem>,
    ) -> Answer<Vec<ItemOutcome>> {
        if let Some(error) = self.too_many(items.len()) {
            return Ok(Err(vec![error]));
        }
        let mut work = begin!(self, caller, Call::new("progressReportSubmitMany", key, &items)?);
        let result = each(&mut work, items, Verb::Submit).await;
        work.end_many(result, |outcome| &outcome.errors).await
    }

    /// Signs many reports.
    pub async fn progress_report_sign_many(
        &self,
        caller: &Caller,
        key: Option<String>,
        items: Vec<ReportItem>,
    ) -> Answer<Vec<ItemOutcome>> {
        if let Some(error) = self.too_many(items.len()) {
            return Ok(Err(vec![error]));
        }
        let mut work = begin!(self, caller, Call::new("progressReportSignMany", key, &items)?);
        let result = each(&mut work, items, Verb::Sign).await;
        work.end_many(result, |outcome| &outcome.errors).await
    }

    /// Accepts many reports.
    pub async fn progress_report_accept_many(
        &self,
        caller: &Caller,
        key: Option<String>,
        items: Vec<ReportItem>,
    ) -> Answer<Vec<ItemOutcome>> {
        if let Some(error) = self.too_many(items.len()) {
            return Ok(Err(vec![error]));
        }
        let mut work = begin!(self, caller, Call::new("progressReportAcceptMany", key, &items)?);
        let result = each(&mut work, items, Verb::Accept).await;
        work.end_many(result, |outcome| &outcome.errors).await
    }

    fn too_many(&self, count: usize) -> Option<UserError> {
        let most = self.limits().bulk_items;
        (count > most).then(|| UserError::at(UserErrorCode::Limit, Message::TooMany(most), "input.items"))
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Submit,
    Sign,
    Accept,
}

/// Takes all locks before the first change, lists first, then periods, each in the order of the key, so that two calls on
/// the same reports can't wait for each other.
async fn hold(work: &Work, grounds: impl Iterator<Item = (Uuid, Uuid)>) -> Result<(), Stop> {
    let (lists, periods): (BTreeSet<Uuid>, BTreeSet<Uuid>) = grounds.unzip();
    for list in lists {
        work.tx.held_standing(&work.actor, list).await?;
    }
    for period in periods {
        reopenings::hold(work, period).await?;
    }
    Ok(())
}

async fn save_all(work: &mut Work, items: Vec<ReportSave>) -> Result<Vec<ItemOutcome>, Stop> {
    let keys: Vec<Uuid> = items.iter().map(|item| item.obligation).collect();
    let owed = work.tx.visible_by_keys::<report_obligation::Entity>(&work.actor, &keys).await?;
    hold(work, owed.values().map(|row| (row.task_list_id, row.reporting_period_id))).await?;
    // Locked, so that nobody writes the first words of one of them meanwhile.
    work.tx.locked_where::<report_obligation::Entity>(&work.actor, report_obligation::Column::Id, &keys).await?;
    let column = progress_report::Column::ReportObligationId;
    work.tx.locked_where::<progress_report::Entity>(&work.actor, column, &keys).await?;
    let mut outcomes = Vec::with_capacity(items.len());
    let mut met = HashSet::new();
    for item in items {
        let obligation = item.obligation;
        if !met.insert(obligation) {
            outcomes.push(outcome(Err(twice("input.obligation")), None)?);
            continue;
        }
        let result = save(work, item).await;
        let there = match &result {
            Ok(_) => None,
            Err(_) => work.tx.visible_where::<progress_report::Entity>(&work.actor, column, &[obligation]).await?.pop(),
        };
        outcomes.push(outcome(result, there.map(|row| row.id))?);
    }
    Ok(outcomes)
}

async fn each(work: &mut Work, items: Vec<ReportItem>, verb: Verb) -> Result<Vec<ItemOutcome>, Stop> {
    let keys: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    let seen = work.tx.visible_by_keys::<progress_report::Entity>(&work.actor, &keys).await?;
    hold(work, seen.values().map(|row| (row.task_list_id, row.reporting_period_id))).await?;
    work.tx.locked_where::<progress_report::Entity>(&work.actor, progress_report::Column::Id, &keys).await?;
    let mut outcomes = Vec::with_capacity(items.len());
    let mut met = HashSet::new();
    for item in items {
        let result = match verb {
            _ if !met.insert(item.id) => Err(twice("id")),
            Verb::Submit => submit(work, item.id, item.expected_version).await,
            Verb::Sign => sign(work, item.id, item.expected_version).await,
            Verb::Accept => accept(work, item.id, item.expected_version, item.comment).await,
        };
        outcomes.push(outcome(result, Some(item.id))?);
    }
    Ok(outcomes)
}

fn twice(path: &str) -> Stop {
    UserError::at(UserErrorCode::Duplicate, Message::ItemTwice, path).into()
}

fn outcome(result: Result<Uuid, Stop>, meant: Option<Uuid>) -> Result<ItemOutcome, Stop> {
    match result {
        Ok(report) => Ok(ItemOutcome { report: Some(report), errors: Vec::new() }),
        Err(Stop::Refused(errors)) => {
            Ok(ItemOutcome { report: meant, errors: errors.into_iter().map(Into::into).collect() })
        }
        Err(fault) => Err(fault),
    }
}
