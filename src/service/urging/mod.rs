//! 催办: numbered notices to units that owe reports, one for each unit however much it owes; read and replied to by them.

mod letter;
mod replies;
pub mod rules;
mod run;

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::vocabulary::UrgeGrade;
use entity::{notification, report_obligation, reporting_period, task_list, unit, urge_notice};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use self::letter::{Letter, Owing};
use super::periods::subject_over;
use super::work::{Checks, begin, expect_version};
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::authz::{Action, State, Subject, decide};
use crate::error::{Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};

/// Characters of what the office says, and of a reply, at most.
pub const URGE_CHARS: usize = 2_000;

/// Units to be urged.
#[derive(Clone, Debug, Serialize)]
pub struct Urging {
    /// The period.
    pub period: Uuid,
    /// The units.
    pub units: Vec<Uuid>,
    /// How urgent it is.
    pub grade: UrgeGrade,
    /// What is said besides what is owed.
    pub text: Option<String>,
    /// The day by which a reply is wanted, if one is.
    pub reply_due_on: Option<NaiveDate>,
}

/// What came of urging one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Urged {
    /// It was sent this notice.
    Sent(Uuid),
    /// It owes nothing, or nothing any more.
    OwesNothing,
    /// There is no such unit.
    NotFound,
}

impl Service {
    /// Urges units by hand, one notice for each.
    pub async fn urge_notice_send(
        &self,
        caller: &Caller,
        key: Option<String>,
        input: Urging,
    ) -> Answer<Vec<(Uuid, Urged)>> {
        let mut work = begin!(self, caller, Call::new("urgeNoticeSend", key, &input)?);
        let result = send(&mut work, input).await;
        work.end(result).await
    }

    /// Replies to a notice.
    pub async fn urge_notice_reply(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        reply: String,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("urgeNoticeReply", key, &(id, expected_version, &reply))?);
        let result = answer(&mut work, id, expected_version, &reply).await;
        work.end(result).await
    }

    /// Says that the unit has read a notice.
    pub async fn urge_notice_mark_read(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("urgeNoticeMarkRead", key, &(id, expected_version))?);
        let result = read(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

async fn send(work: &mut Work, input: Urging) -> Result<Vec<(Uuid, Urged)>, Stop> {
    let lost = || Stop::from(UserError::not_found_at("input.period"));
    let Some(seen) = work.tx.visible::<reporting_period::Entity>(&work.actor, input.period).await? else {
        return Err(lost());
    };
    // Locked, because its notices are numbered; and held with the period, so that neither is closed meanwhile.
    let list = work.tx.claimed::<task_list::Entity>(&work.actor, seen.task_list_id).await?;
    let period = work.tx.held::<reporting_period::Entity>(&work.actor, input.period).await?;
    let (Some(list), Some(period)) = (list, period) else { return Err(lost()) };
    let subject = subject_over(work, list.issuer_unit_id).await?;
    let state = State { list: Some(list.status), period: Some(period.status), ..State::default() };
    decide(Action::UrgeSend, subject, state)?;

    let mut checks = Checks::default();
    let text = checks.optional(input.text.as_deref(), URGE_CHARS, "input.text");
    let most = work.service().limits().bulk_items;
    if input.units.is_empty() {
        checks.fail(UserErrorCode::Required, Message::Required, "input.units");
    }
    if input.units.len() > most {
        checks.fail(UserErrorCode::Limit, Message::TooMany(most), "input.units");
    }
    if input.reply_due_on.is_some_and(|day| day < work.today) {
        checks.fail(UserErrorCode::OutOfRange, Message::Period(PeriodMessage::DayPast), "input.replyDueOn");
    }
    checks.done()?;

    let known = work.tx.visible_by_keys::<unit::Entity>(&work.actor, &input.units).await?;
    let mut owed: HashMap<Uuid, Vec<report_obligation::Model>> = HashMap::new();
    for row in work.tx.owed_in(&work.actor, period.id, &input.units).await? {
        owed.entry(row.unit_id).or_default().push(row);
    }
    let mut units: Vec<Owing> = Vec::new();
    let mut outcomes = Vec::new();
    for unit in input.units {
        // A unit that is named twice is urged once: the second time it owes nothing any more.
        outcomes.push(match owed.remove(&unit) {
            _ if !known.contains_key(&unit) => (unit, Urged::NotFound),
            None => (unit, Urged::OwesNothing),
            Some(owed) => {
                let notice = work.id();
                units.push(Owing { notice, unit, owed });
                (unit, Urged::Sent(notice))
            }
        });
    }
    let letter = Letter {
        list: &list,
        periods: std::slice::from_ref(&*period),
        grade: input.grade,
        text,
        reply_due_on: input.reply_due_on,
        sender_user: work.actor.user_id,
        sender_unit: work.actor.unit_id,
        at: work.now,
    };
    let messages = letter.send(&work.tx, work.service(), units).await?;
    work.audit(GlobalId::new(Kind::ReportingPeriod, period.id), &["urgeNotices"]);
    for (topic, payload) in messages {
        work.tell(topic, payload);
    }
    Ok(outcomes)
}

/// The notice under lock, if the policy allows `action` on it at this version.
async fn take(work: &Work, action: Action, id: Uuid, expected_version: i32) -> Result<urge_notice::Model, Stop> {
    let Some(notice) = work.tx.locked::<urge_notice::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    let subject = Subject { reporter: work.actor.reports_for(notice.unit_id), ..Subject::default() };
    decide(action, subject, State { replied: notice.replied_at.is_some(), ..State::default() })?;
    expect_version(notice.version, expected_version)?;
    Ok(notice.into_inner())
}

async fn keep(work: &mut Work, mut notice: urge_notice::Model, changed: &[&'static str]) -> Result<Uuid, Stop> {
    let id = notice.id;
    notice.version += 1;
    notice.updated_at = work.now;
    work.tx.update::<urge_notice::Entity>(notice).await?;
    work.audit(GlobalId::new(Kind::UrgeNotice, id), changed);
    Ok(id)
}

async fn answer(work: &mut Work, id: Uuid, expected_version: i32, reply: &str) -> Result<Uuid, Stop> {
    let mut notice = take(work, Action::UrgeReply, id, expected_version).await?;
    let mut checks = Checks::default();
    let reply = checks.text(reply, URGE_CHARS, "input.reply");
    checks.done()?;
    notice.reply = Some(reply);
    notice.replied_at = Some(work.now);
    notice.replier_user_id = Some(work.actor.user_id);
    notice.read_at = notice.read_at.or(Some(work.now));
    has_read(work, id).await?;
    let (list, unit) = (notice.task_list_id, notice.unit_id);
    let id = keep(work, notice, &["reply"]).await?;
    work.tell("urge_notice.replied", json!({ "urgeNotice": id, "taskList": list, "unit": unit }));
    Ok(id)
}

async fn read(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    let mut notice = take(work, Action::UrgeRead, id, expected_version).await?;
    has_read(work, id).await?;
    // Read once; who reads it again changes nothing.
    if notice.read_at.is_some() {
        work.audit(GlobalId::new(Kind::UrgeNotice, id), &[]);
        return Ok(id);
    }
    notice.read_at = Some(work.now);
    keep(work, notice, &["readAt"]).await
}

/// Whoever has the letter before him need not be told of it any more.
async fn has_read(work: &Work, notice: Uuid) -> Result<(), Stop> {
    let column = notification::Column::SubjectId;
    for row in work.tx.visible_where::<notification::Entity>(&work.actor, column, &[notice]).await? {
        if row.read_at.is_none() {
            let read = notification::Model { read_at: Some(work.now), ..row.into_inner() };
            work.tx.update::<notification::Entity>(read).await?;
        }
    }
    Ok(())
}
