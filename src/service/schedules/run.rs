//! Follows the schedules: opens what is to be opened, once, whoever else looks at the same time.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::TaskListStatus;
use entity::{audit_entry, outbox, period_schedule, reporting_period, task_list};
use uuid::Uuid;

use super::super::Service;
use super::super::audit::Noted;
use super::super::opening::{OPENED, Opening, raise};
use super::super::rounds::round;
use super::rhythm;
use crate::clock::day_of;
use crate::domain::calendar::{Calendar, MissingYear};
use crate::domain::period::Period;
use crate::domain::schedule::Turn;
use crate::error::Fault;
use crate::id::{GlobalId, Kind};
use crate::store::{StoreError, Tx};

/// How often the schedules are looked at; they speak of days.
const PAUSE: Duration = Duration::from_secs(60);

/// A span whose period is to be opened now, with the day its reports are due.
type Due = (Turn, NaiveDate);

/// What is to be opened today. A span whose due day is over is passed by: nobody could report for it in time, and a
/// period in which everybody is late from the start is the office's to open, by hand. So a schedule that is made in June
/// does not ask for January, and a program that slept for a month does.
fn due(
    row: &period_schedule::Model,
    year: i32,
    today: NaiveDate,
    calendar: &Calendar,
) -> Result<Vec<Due>, MissingYear> {
    let rhythm = rhythm(row);
    let fresh = |turn: &Turn| turn.opens_on <= today && row.last_ends_on.is_none_or(|last| last < turn.ends_on);
    let turns = rhythm.turns(year).into_iter().filter(fresh);
    let mut due = Vec::new();
    for turn in turns {
        let due_on = rhythm.due_on(&turn, calendar)?;
        if today <= due_on {
            due.push((turn, due_on));
        }
    }
    Ok(due)
}

/// What came of a turn.
enum Turned {
    /// A period was opened; what the trail says of it.
    Opened(Box<audit_entry::Model>),
    /// This one was there.
    There(Uuid),
}

impl Service {
    /// Follows the schedules, for ever.
    pub async fn schedules_run(&self) {
        loop {
            match round("schedules", self.schedules_open_due()).await {
                None | Some(Ok(0)) => {}
                Some(Ok(periods)) => tracing::info!(periods, "periods opened by themselves"),
                Some(Err(error)) => tracing::warn!(%error, "the schedules can't be followed at the moment"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Opens every period that is to be opened today; how many there were.
    pub async fn schedules_open_due(&self) -> Result<usize, Fault> {
        let now = self.clock().now();
        let mut opened = 0;
        for (row, list) in self.store().schedules_in_force().await? {
            match due(&row, list.year, day_of(now), self.calendar()) {
                Ok(turns) if turns.is_empty() => continue,
                Ok(_) => {}
                Err(missing) => {
                    // Said and not guessed; the file of the year may come any day.
                    tracing::warn!(schedule = %row.id, year = missing.0, "no holiday file, so no due day and no period");
                    continue;
                }
            }
            // One that fails keeps none of the others waiting.
            match self.follow(row.id, list.id, now).await {
                Ok(periods) => opened += periods,
                Err(error) => tracing::error!(schedule = %row.id, %error, "a schedule can't be followed"),
            }
        }
        Ok(opened)
    }

    /// Opens what one schedule asks for, in one transaction. The list is locked, so of two programs one comes later and
    /// finds it done.
    async fn follow(&self, schedule: Uuid, list: Uuid, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let tx = self.store().begin().await?;
        let Some((row, list)) = tx.schedule_locked(schedule, list).await? else {
            tx.rollback().await?;
            return Ok(0);
        };
        let turns = match due(&row, list.year, day_of(now), self.calendar()) {
            Ok(turns) if row.active && list.status == TaskListStatus::Issued => turns,
            _ => Vec::new(),
        };
        let mut audits = Vec::new();
        let mut done = row.clone();
        for (turn, due_on) in turns {
            match self.open_turn(&tx, &row, &list, now, (turn, due_on)).await? {
                Turned::Opened(audit) => audits.push(*audit),
                // The office reads it at the schedule; each span is done with once, so it is said once.
                Turned::There(there) => {
                    tracing::info!(schedule = %row.id, period = %there, "the list has a period of this span already");
                    (done.skipped_period_id, done.skipped_at) = (Some(there), Some(now));
                }
            }
            done.last_ends_on = Some(turn.ends_on);
        }
        if done != row {
            done.updated_at = now;
            tx.update::<period_schedule::Entity>(done).await?;
        }
        let opened = audits.len();
        tx.audit(audits).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Opens it, unless somebody was quicker, by hand or by another schedule: then it is the period that is there. A list
    /// has one period of a span, whatever its kind.
    async fn open_turn(
        &self,
        tx: &Tx,
        row: &period_schedule::Model,
        list: &task_list::Model,
        now: DateTime<Utc>,
        (turn, due_on): Due,
    ) -> Result<Turned, StoreError> {
        let column = reporting_period::Column::TaskListId;
        let known = tx.all_where::<reporting_period::Entity>(column, &[list.id]).await?;
        let same =
            |period: &&reporting_period::Model| period.starts_on == turn.starts_on && period.ends_on == turn.ends_on;
        if let Some(there) = known.iter().find(same) {
            return Ok(Turned::There(there.id));
        }
        let Ok(span) = Period::new(row.kind, turn.starts_on, turn.ends_on) else {
            return Err(StoreError::Misuse("a turn of a schedule that is no period"));
        };
        let opening = Opening {
            kind: row.kind,
            label: format!("{}（{}）", span.label, row.label),
            starts_on: turn.starts_on,
            ends_on: turn.ends_on,
            due_on,
            grace_working_days: row.grace_working_days,
        };
        let opened = raise(tx, self, now, list, opening).await?;
        // Nobody did it: the trail names the schedule instead of a user.
        let schedule = GlobalId::new(Kind::PeriodSchedule, row.id).to_string();
        let noted = Noted {
            operation: "reportingPeriodOpen",
            object: Some(GlobalId::new(Kind::ReportingPeriod, opened.id)),
            changed: Some(OPENED.to_vec()),
            request: &schedule,
            ..Noted::default()
        };
        let audit = self.audit_row(noted, now);
        let messages = opened.messages().map(|(topic, payload)| outbox::Model {
            id: self.ids().next(),
            topic: topic.to_owned(),
            payload,
            created_at: now,
            available_at: now,
            attempts: 0,
            delivered_at: None,
        });
        tx.insert_all::<outbox::Entity>(messages.collect()).await?;
        Ok(Turned::Opened(Box::new(audit)))
    }
}
