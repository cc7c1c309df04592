//! The rules by which units are reminded and urged by themselves.

use entity::vocabulary::UrgeGrade;
use entity::{task_list, urge_rule};
use serde::Serialize;
use uuid::Uuid;

use super::URGE_CHARS;
use crate::authz::{Action, State, decide};
use crate::domain::urging::MAX_OFFSET;
use crate::error::{Message, PeriodMessage, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::service::periods::subject_over;
use crate::service::work::{Checks, begin, expect_version};
use crate::service::{Answer, Call, Caller, Service, Stop, Work};

/// Rules of a list at most.
const MOST: usize = 12;
/// Working days within which a reply can be wanted, at most.
const MAX_REPLY: i32 = 60;

/// What a rule says.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    /// Working days from the due day.
    pub offset_working_days: i32,
    /// How urgent its notices are.
    pub grade: Option<UrgeGrade>,
    /// What is said besides what is owed.
    pub text: Option<String>,
    /// Working days within which a reply is wanted.
    pub reply_within_working_days: Option<i32>,
    /// Whether it does anything.
    pub active: bool,
}

impl Service {
    /// Makes a rule for a list.
    pub async fn urge_rule_create(
        &self,
        caller: &Caller,
        key: Option<String>,
        list: Uuid,
        terms: Terms,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("urgeRuleCreate", key, &(list, &terms))?);
        let result = create(&mut work, list, terms).await;
        work.end(result).await
    }

    /// Puts other terms in the place of a rule's; what it has done stays done.
    pub async fn urge_rule_update(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
        terms: Terms,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("urgeRuleUpdate", key, &(id, expected_version, &terms))?);
        let result = update(&mut work, id, expected_version, terms).await;
        work.end(result).await
    }

    /// Removes a rule; what it sent stays.
    pub async fn urge_rule_delete(
        &self,
        caller: &Caller,
        key: Option<String>,
        id: Uuid,
        expected_version: i32,
    ) -> Answer<Uuid> {
        let mut work = begin!(self, caller, Call::new("urgeRuleDelete", key, &(id, expected_version))?);
        let result = remove(&mut work, id, expected_version).await;
        work.end(result).await
    }
}

/// The list under lock, if the office may keep its rules. Locked, because the worker locks it too.
async fn lock_list(work: &Work, list: Uuid, absent: UserError) -> Result<task_list::Model, Stop> {
    let Some(list) = work.tx.locked::<task_list::Entity>(&work.actor, list).await? else { return Err(absent.into()) };
    let subject = subject_over(work, list.issuer_unit_id).await?;
    decide(Action::UrgeRuleEdit, subject, State { list: Some(list.status), ..State::default() })?;
    Ok(list.into_inner())
}

async fn take(work: &Work, id: Uuid, expected_version: i32) -> Result<urge_rule::Model, Stop> {
    let Some(seen) = work.tx.visible::<urge_rule::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    lock_list(work, seen.task_list_id, UserError::not_found()).await?;
    let Some(row) = work.tx.locked::<urge_rule::Entity>(&work.actor, id).await? else {
        return Err(UserError::not_found().into());
    };
    expect_version(row.version, expected_version)?;
    Ok(row.into_inner())
}

async fn create(work: &mut Work, list: Uuid, terms: Terms) -> Result<Uuid, Stop> {
    let list = lock_list(work, list, UserError::not_found_at("input.taskList")).await?;
    let mut checks = Checks::default();
    if work.tx.count_where::<urge_rule::Entity>(urge_rule::Column::TaskListId, list.id).await? >= MOST {
        checks.fail(UserErrorCode::Limit, Message::TooMany(MOST), "input.taskList");
    }
    let mut row = urge_rule::Model {
        id: work.id(),
        task_list_id: list.id,
        offset_working_days: 0,
        grade: None,
        text: None,
        reply_within_working_days: None,
        active: true,
        sender_user_id: work.actor.user_id,
        sender_unit_id: work.actor.unit_id,
        ran_on: None,
        version: 1,
        created_at: work.now,
        updated_at: work.now,
    };
    put(&mut checks, &mut row, terms);
    checks.done()?;
    let id = row.id;
    work.tx.insert::<urge_rule::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::UrgeRule, id), &TERMS);
    Ok(id)
}

async fn update(work: &mut Work, id: Uuid, expected_version: i32, terms: Terms) -> Result<Uuid, Stop> {
    let mut row = take(work, id, expected_version).await?;
    let mut checks = Checks::default();
    put(&mut checks, &mut row, terms);
    checks.done()?;
    // Whoever changed it last answers for what it sends; and it is looked at once more today.
    (row.sender_user_id, row.sender_unit_id) = (work.actor.user_id, work.actor.unit_id);
    row.ran_on = None;
    row.version += 1;
    row.updated_at = work.now;
    work.tx.update::<urge_rule::Entity>(row).await?;
    work.audit(GlobalId::new(Kind::UrgeRule, id), &TERMS);
    Ok(id)
}

async fn remove(work: &mut Work, id: Uuid, expected_version: i32) -> Result<Uuid, Stop> {
    take(work, id, expected_version).await?;
    work.tx.delete_where::<urge_rule::Entity>(urge_rule::Column::Id, id).await?;
    work.audit(GlobalId::new(Kind::UrgeRule, id), &["deleted"]);
    Ok(id)
}

/// What the audit trail says is changed.
const TERMS: [&str; 5] = ["offsetWorkingDays", "grade", "text", "replyWithinWorkingDays", "active"];

fn put(checks: &mut Checks, row: &mut urge_rule::Model, terms: Terms) {
    let (offset, reply) = (terms.offset_working_days, terms.reply_within_working_days);
    checks.within(offset.into(), (-MAX_OFFSET).into(), MAX_OFFSET.into(), "input.offsetWorkingDays");
    let text = checks.optional(terms.text.as_deref(), URGE_CHARS, "input.text");
    if let Some(days) = reply {
        checks.within(days.into(), 1, MAX_REPLY.into(), "input.replyWithinWorkingDays");
    }
    match (offset > 0, terms.grade) {
        (true, None) => {
            checks.fail(UserErrorCode::Required, Message::Period(PeriodMessage::GradeNeeded), "input.grade")
        }
        (false, Some(_)) => {
            checks.fail(UserErrorCode::Conflict, Message::Period(PeriodMessage::GradeTooEarly), "input.grade");
        }
        _ => {}
    }
    if offset <= 0 && (reply.is_some() || text.is_some()) {
        let path = if text.is_some() { "input.text" } else { "input.replyWithinWorkingDays" };
        checks.fail(UserErrorCode::Conflict, Message::Period(PeriodMessage::ReminderSaysNothing), path);
    }
    row.offset_working_days = offset;
    row.grade = terms.grade;
    row.text = text;
    row.reply_within_working_days = reply;
    row.active = terms.active;
}
