//! Reminds units of replies they owe: one working day before the day by which one is wanted, and on that day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{outbox, urge_notice};
use serde_json::json;
use uuid::Uuid;

use crate::clock::{day_of, hour_of};
use crate::domain::calendar::Calendar;
use crate::domain::urging::{acts_from, is_working_hour};
use crate::error::Fault;
use crate::service::Service;
use crate::store::StoreError;

/// How far ahead is looked: longer than any holiday.
const AHEAD: TimeDelta = TimeDelta::days(30);
/// Notices that are looked at in one go.
const PORTION: u64 = 500;

/// Which reminder is due: that of the day before, or that of the day itself; none where the holidays are not known, and
/// none on the day on which the notice itself was sent.
fn which(notice: &urge_notice::Model, today: NaiveDate, calendar: &Calendar) -> Option<&'static str> {
    let due = notice.reply_due_on?;
    if day_of(notice.created_at) >= today || today > due {
        return None;
    }
    if acts_from(0, due, 0, calendar).ok()? <= today {
        return Some("day");
    }
    (acts_from(-1, due, 0, calendar).ok()? <= today).then_some("before")
}

impl Service {
    /// Reminds the units of the replies they owe by today or by the next working day; how many, or nothing outside working
    /// hours. Whoever is told of one of them is told once, however often this runs.
    pub async fn urging_remind_replies(&self) -> Result<Option<usize>, Fault> {
        let now = self.clock().now();
        let today = day_of(now);
        if !is_working_hour(today, hour_of(now), self.calendar()) {
            return Ok(None);
        }
        let until = today.checked_add_signed(AHEAD).unwrap_or(today);
        let (mut after, mut reminded) = (Uuid::nil(), 0);
        loop {
            let open = self.store().replies_due(today, until, after, PORTION).await?;
            let Some(last) = open.last().map(|notice| notice.id) else { break };
            reminded += self.remind_of_replies(&open, now).await?;
            after = last;
        }
        Ok(Some(reminded))
    }

    /// Reminds of those of these replies for which it is time; how many.
    async fn remind_of_replies(&self, open: &[urge_notice::Model], now: DateTime<Utc>) -> Result<usize, Fault> {
        let today = day_of(now);
        let due = open.iter().filter_map(|notice| Some((notice, which(notice, today, self.calendar())?)));
        let rows: Vec<outbox::Model> = due
            .map(|(notice, which)| outbox::Model {
                id: self.ids().next(),
                topic: "urge_notice.reply_due".to_owned(),
                payload: json!({
                    "urgeNotice": notice.id, "taskList": notice.task_list_id, "unit": notice.unit_id, "reminder": which,
                }),
                created_at: now,
                available_at: now,
                attempts: 0,
                delivered_at: None,
            })
            .collect();
        let reminded = rows.len();
        if reminded > 0 {
            let tx = self.store().begin().await.map_err(StoreError::from)?;
            tx.insert_all::<outbox::Entity>(rows).await?;
            tx.commit().await.map_err(StoreError::from)?;
        }
        Ok(reminded)
    }
}
