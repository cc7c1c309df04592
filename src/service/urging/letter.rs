//! The writing of numbered notices, whoever sends them: the office by hand, or a rule.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::vocabulary::UrgeGrade;
use entity::{report_obligation, reporting_period, task_list, urge_notice, urge_notice_item};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::day_of;
use crate::domain::period::due_for;
use crate::domain::urging::days_overdue;
use crate::service::Service;
use crate::store::{StoreError, Tx};

/// A unit and what it owes.
pub(super) struct Owing {
    /// The identifier of its notice.
    pub notice: Uuid,
    /// The unit.
    pub unit: Uuid,
    /// What it owes.
    pub owed: Vec<report_obligation::Model>,
}

/// What all units are written alike.
pub(super) struct Letter<'a> {
    /// The list, locked, because its notices are numbered.
    pub list: &'a task_list::Model,
    /// The periods of what is owed.
    pub periods: &'a [reporting_period::Model],
    /// How urgent it is.
    pub grade: UrgeGrade,
    /// What is said besides.
    pub text: Option<String>,
    /// The day by which a reply is wanted.
    pub reply_due_on: Option<NaiveDate>,
    /// In whose name.
    pub sender_user: Uuid,
    /// The unit he acts for.
    pub sender_unit: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

impl Letter<'_> {
    /// Writes one notice for each unit about everything it owes, under the next numbers of the list in the year, and gives
    /// what is to be told.
    pub(super) async fn send(
        &self,
        tx: &Tx,
        service: &Service,
        units: Vec<Owing>,
    ) -> Result<Vec<(&'static str, Value)>, StoreError> {
        let today = day_of(self.at);
        let last = tx.last_urge_number(self.list.id, today.year()).await?;
        // What is late longest, and among its like what was due first: its period is that of the notice.
        let longest = |row: &report_obligation::Model| {
            let period = self.periods.iter().find(|period| period.id == row.reporting_period_id)?;
            let due = due_for(period.due_on, row.due_on);
            let days = days_overdue(due, period.grace_working_days, today, service.calendar());
            Some((days, Reverse((due, period.starts_on, period.id))))
        };
        let (mut notices, mut items, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        for (number, Owing { notice, unit, owed }) in (last + 1..).zip(units) {
            let Some((days_overdue, Reverse((_, _, period)))) = owed.iter().filter_map(longest).max() else { continue };
            notices.push(urge_notice::Model {
                id: notice,
                task_list_id: self.list.id,
                reporting_period_id: period,
                unit_id: unit,
                year: today.year(),
                number,
                grade: self.grade,
                text: self.text.clone(),
                days_overdue,
                reply_due_on: self.reply_due_on,
                sender_user_id: self.sender_user,
                sender_unit_id: self.sender_unit,
                read_at: None,
                reply: None,
                replied_at: None,
                replier_user_id: None,
                version: 1,
                created_at: self.at,
                updated_at: self.at,
            });
            let owed: BTreeSet<Uuid> = owed.iter().map(|row| row.id).collect();
            items.extend(
                owed.into_iter().map(|id| urge_notice_item::Model { urge_notice_id: notice, report_obligation_id: id }),
            );
            let payload = json!({ "urgeNotice": notice, "taskList": self.list.id, "unit": unit });
            messages.push(("urge_notice.sent", payload));
        }
        tx.insert_all::<urge_notice::Entity>(notices).await?;
        tx.insert_all::<urge_notice_item::Entity>(items).await?;
        Ok(messages)
    }
}
