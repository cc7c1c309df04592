//! What an answer does to the draft, by the kind of its question.

use chrono::{Datelike, NaiveDate};
use entity::vocabulary::{AssignmentRole, AssignmentStatus, DeadlineKind};
use entity::{assignment, deadline, task};

use super::names::{self, Replaced, assign_anew};
use super::{Answered, Asked, Choice, whole};
use crate::documents::list_json::{MAX_LABEL, MAX_NAME};
use crate::documents::understand::QuestionKind;
use crate::domain::deadline::{Deadline, is_month_end};
use crate::domain::deadline_text::read_cell;
use crate::error::{Message, UserError, UserErrorCode};
use crate::service::work::Checks;
use crate::service::{Stop, Work, deadlines, lists, tasks};

/// Puts an answer into the draft.
pub(super) async fn apply(
    work: &mut Work,
    asked: &mut Asked,
    choice: Choice,
    remember: bool,
) -> Result<Answered, Stop> {
    use QuestionKind as K;
    let kind = K::of_code(&asked.question.kind);
    if names::are_asked_for(&asked.question) {
        return names::answer(work, asked, choice, remember).await;
    }
    let value = match choice {
        Choice::Keep => return Ok(Answered { value: None, also: Vec::new() }),
        Choice::Value(value) => value,
        Choice::Unit(_) | Choice::Group(_) | Choice::Proposal => return Err(misfit(&asked.question)),
    };
    match kind {
        K::Year => year(work, asked, &value).await?,
        K::Issuer => asked.list.issuer_text = Some(bounded(&value, MAX_NAME)?),
        K::Deadline | K::BeforeMonth | K::NoEvent | K::HowOften if asked.task.is_none() => {
            return Err(misfit(&asked.question));
        }
        K::Deadline | K::BeforeMonth | K::NoEvent | K::HowOften | K::NoDeadline => time(work, asked, &value).await?,
        K::NumberTwice | K::NumberGap | K::NumberRange | K::NoNumbers if asked.task.is_some() => {
            number(work, asked, &value).await?;
        }
        // What stands already is kept by saying it again.
        K::Inherited if asked.question.proposal.as_deref() == Some(value.as_str()) => {}
        K::NoUnit | K::Inherited | K::RoleAlone => units(work, asked, kind, &value).await?,
        K::LeadReach => role(work, asked, &value).await?,
        K::Bracket => bracket(work, asked, &value).await?,
        K::FirstLeads if value == AssignmentRole::Lead.as_str() => whole::first_leads(work, asked).await?,
        // Only what was offered: an answer in other words may not remove a task, or number all of them anew.
        K::Overlap if is_other(&asked.question, &value) => whole::remove(work, asked).await?,
        K::NumbersRestart if is_other(&asked.question, &value) => whole::renumber(work, asked).await?,
        // The value that stands in the draft may be said as well as kept.
        _ if asked.question.proposal.as_deref() == Some(value.as_str()) => {}
        _ => return Err(misfit(&asked.question)),
    }
    Ok(Answered { value: Some(value), also: Vec::new() })
}

/// An answer that this question can't take; the draft is changed by its own verbs then.
fn misfit(question: &entity::import_question::Model) -> Stop {
    let candidates: Vec<String> = serde_json::from_value(question.candidates.clone()).unwrap_or_default();
    UserError::at(UserErrorCode::InvalidFormat, Message::AnswerMisfit(candidates), "input.value").into()
}

/// Whether a value was offered and is not the one that stands in the draft.
fn is_other(question: &entity::import_question::Model, value: &str) -> bool {
    let offered: Vec<String> = serde_json::from_value(question.candidates.clone()).unwrap_or_default();
    question.proposal.as_deref() != Some(value) && offered.iter().any(|candidate| candidate == value)
}

fn about_task(asked: &Asked) -> Result<&task::Model, Stop> {
    asked.task.as_ref().ok_or_else(|| misfit(&asked.question))
}

fn bounded(value: &str, most: usize) -> Result<String, Stop> {
    let mut checks = Checks::default();
    let value = checks.text(value, most, "input.value");
    checks.done().map(|()| value)
}

/// Another year: every deadline that was read with the old one is read again from its printed text.
async fn year(work: &Work, asked: &mut Asked, value: &str) -> Result<(), Stop> {
    let year: i32 = value.trim_end_matches('年').parse().map_err(|_| misfit(&asked.question))?;
    let mut checks = Checks::default();
    lists::check_year(&mut checks, year, "input.value");
    checks.done()?;
    if year == asked.list.year {
        return Ok(());
    }
    let old = asked.list.year;
    asked.list.year = year;
    let tasks = work.tx.all_where::<task::Entity>(task::Column::TaskListId, &[asked.list.id]).await?;
    let keys: Vec<_> = tasks.iter().map(|row| row.id).collect();
    let mut changed = Vec::new();
    for row in work.tx.all_where::<deadline::Entity>(deadline::Column::TaskId, &keys).await? {
        let Some(text) = row.text.as_deref() else { continue };
        let (before, after) =
            (read_cell(text, old).deadline.to_deadline(), read_cell(text, year).deadline.to_deadline());
        // What a person or another text said stays.
        if before.date == row.due_on && before.kind == row.kind && after.date != before.date {
            changed.push(deadline::Model { due_on: after.date, from_on: after.from, ..row });
        }
    }
    work.tx.delete_keys::<deadline::Entity>(&changed.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(work.tx.insert_all::<deadline::Entity>(changed).await?)
}

/// A day, or the words of a deadline as a list would print them.
async fn time(work: &Work, asked: &Asked, value: &str) -> Result<(), Stop> {
    let Some(task) = &asked.task else { return whole::due(work, asked, &meant(asked, value)?).await };
    let rows = work.tx.all_where::<deadline::Entity>(deadline::Column::TaskId, &[task.id]).await?;
    let own = rows.iter().find(|row| row.position == 0);
    // The kind that stands in the draft may be said as well as kept.
    if own.is_some_and(|row| row.kind.as_str() == value) {
        return Ok(());
    }
    let understood = meant(asked, value)?;
    let mut checks = Checks::default();
    // The printed words stay; where nothing was printed, words that were said take their place, codes do not.
    let text = own.and_then(|row| row.text.clone()).or(understood.text);
    let deadline =
        Deadline { text, kind: understood.kind, date: understood.date, from: understood.from, rule: understood.rule };
    let deadline = deadlines::clean(&mut checks, &deadline, "input.value");
    checks.done()?;
    deadlines::replace(work, task.id, Some(deadline), None).await
}

fn meant(asked: &Asked, value: &str) -> Result<Deadline, Stop> {
    understood(value, asked.list.year).ok_or_else(|| misfit(&asked.question))
}

fn understood(value: &str, year: i32) -> Option<Deadline> {
    let plain = |kind| Deadline { kind, ..Deadline::NONE };
    if let Ok(date) = value.parse::<NaiveDate>() {
        let kind = if is_month_end(date) { DeadlineKind::MonthEnd } else { DeadlineKind::FixedDate };
        return (2000..=2100).contains(&date.year()).then_some(Deadline { date: Some(date), ..plain(kind) });
    }
    match value {
        "ONGOING" => return Some(plain(DeadlineKind::Ongoing)),
        "ALL_YEAR" => return Some(plain(DeadlineKind::AllYear)),
        "NONE" => return Some(plain(DeadlineKind::None)),
        _ => {}
    }
    // A span as the reader proposes it: "quarter", "6 months".
    if let Ok(rule) = serde_json::from_value(serde_json::json!({ "every": value })) {
        return Some(Deadline {
            rule: Some(crate::domain::rule::Rule::Recurring(rule)),
            ..plain(DeadlineKind::Recurring)
        });
    }
    let reading = read_cell(value, year);
    (reading.doubts.is_empty() && reading.deadline.kind != DeadlineKind::None).then(|| reading.deadline.to_deadline())
}

async fn number(work: &Work, asked: &mut Asked, value: &str) -> Result<(), Stop> {
    let number = bounded(value, MAX_LABEL)?;
    let mut row = about_task(asked)?.clone();
    if row.number == number {
        return Ok(());
    }
    if work.tx.task_by_number(asked.list.id, &number).await?.is_some_and(|bearer| bearer != row.id) {
        return Err(UserError::at(UserErrorCode::Duplicate, Message::Duplicate(number), "input.value").into());
    }
    row.number = number;
    tasks::save(work, row).await
}

/// The units of a cell. The cell of the leads is another one, and a role without names is filled, nothing else.
async fn units(work: &Work, asked: &Asked, kind: QuestionKind, value: &str) -> Result<(), Stop> {
    let task = about_task(asked)?;
    let printed = asked.question.printed.as_deref();
    let alone = AssignmentRole::ALL.iter().copied().find(|role| Some(role.as_str()) == printed);
    let (role, replaced) = match kind {
        QuestionKind::RoleAlone => (alone.unwrap_or(AssignmentRole::Responsible), Replaced::Nothing),
        _ if task.lead_text.is_some() => (AssignmentRole::Responsible, Replaced::NotLeads),
        _ => (AssignmentRole::Responsible, Replaced::All),
    };
    assign_anew(work, &asked.directory, task, value, role, replaced).await
}

/// Whether the names share the lead.
async fn role(work: &Work, asked: &Asked, value: &str) -> Result<(), Stop> {
    let role = AssignmentRole::ALL.iter().find(|role| role.as_str() == value);
    let role = *role.ok_or_else(|| misfit(&asked.question))?;
    let printed = asked.question.printed.clone().unwrap_or_default();
    let named: Vec<&str> = printed.split('、').collect();
    let task = about_task(asked)?.id;
    for mut row in work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task]).await? {
        if named.contains(&row.name.as_str()) && row.role != role {
            row.role = role;
            names::save(work, row).await?;
        }
    }
    Ok(())
}

/// "名称｜范围" keeps the bracket as a scope, "名称（括号）" makes it part of the name.
async fn bracket(work: &Work, asked: &Asked, value: &str) -> Result<(), Stop> {
    if asked.question.proposal.as_deref() != Some(value) && !is_other(&asked.question, value) {
        return Err(misfit(&asked.question));
    }
    let printed = asked.question.printed.clone().unwrap_or_default();
    let task = about_task(asked)?.id;
    let (name, scope) = match value.split_once('｜') {
        Some((name, scope)) => (name.to_owned(), Some(scope.to_owned())),
        None => (value.to_owned(), None),
    };
    let there = work.tx.all_where::<assignment::Entity>(assignment::Column::TaskId, &[task]).await?;
    let mut changed = Vec::new();
    for row in there.iter().filter(|row| row.status == AssignmentStatus::Active) {
        let mut row = row.clone();
        let whole = row.scope_note.as_ref().map_or(row.name.clone(), |scope| format!("{}（{scope}）", row.name));
        if whole == printed && (row.name != name || row.scope_note != scope) {
            (row.name, row.scope_note) = (name.clone(), scope.clone());
            names::look_up(&asked.directory, &mut row);
            changed.push(row);
        }
    }
    names::keep_strongest(work, &there, &changed).await
}
