//! Follows the rules: reminds and urges units, in working hours, once for what is due on a day, whoever else looks.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{PeriodStatus, TaskListStatus, UrgeGrade};
use entity::{audit_entry, outbox, report_obligation, reporting_period, task_list, urge_rule, urge_rule_run};
use serde_json::{Value, json};
use uuid::Uuid;

use super::letter::{Letter, Owing};
use crate::clock::{day_of, hour_of};
use crate::domain::period::due_for;
use crate::domain::urging::{acts, is_working_hour};
use crate::error::Fault;
use crate::id::{GlobalId, Kind};
use crate::service::Service;
use crate::service::audit::Noted;
use crate::service::rounds::round;
use crate::store::{StoreError, Tx};

/// How often the rules are looked at; each is followed once a day.
const PAUSE: Duration = Duration::from_secs(60);

/// What one unit owes of a period by one day.
type Sheet = (Uuid, NaiveDate);

/// What a list's rules do at this moment, in one transaction.
struct Turn<'a> {
    service: &'a Service,
    tx: Tx,
    list: task_list::Model,
    rules: Vec<urge_rule::Model>,
    now: DateTime<Utc>,
    periods: Vec<reporting_period::Model>,
    /// What each rule speaks of, by unit.
    chosen: BTreeMap<usize, BTreeMap<Uuid, Vec<report_obligation::Model>>>,
    runs: Vec<urge_rule_run::Model>,
    messages: Vec<(&'static str, Value)>,
    audits: Vec<audit_entry::Model>,
}

impl Service {
    /// Follows the rules, for ever.
    pub async fn urging_run(&self) {
        let mut reminded = None;
        loop {
            let today = day_of(self.clock().now());
            if reminded != Some(today) {
                match round("reminders of replies", self.urging_remind_replies()).await {
                    // Too early, too late, or no day on which anybody works.
                    None | Some(Ok(None)) => {}
                    Some(Ok(Some(_))) => reminded = Some(today),
                    Some(Err(error)) => tracing::warn!(%error, "nobody can be reminded of a reply at the moment"),
                }
            }
            match round("urging", self.urging_run_due()).await {
                None | Some(Ok(0)) => {}
                Some(Ok(units)) => tracing::info!(units, "units were reminded or urged by themselves"),
                Some(Err(error)) => tracing::warn!(%error, "nobody can be reminded at the moment"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Follows every rule that was not followed today yet; how many times a unit was written to. Outside working hours
    /// nobody is.
    pub async fn urging_run_due(&self) -> Result<usize, Fault> {
        let now = self.clock().now();
        let today = day_of(now);
        if !is_working_hour(today, hour_of(now), self.calendar()) {
            return Ok(0);
        }
        let mut written = 0;
        for list in self.store().lists_with_urge_rules(today).await? {
            // One that fails keeps none of the others waiting.
            match self.urge_by_rules(list, now).await {
                Ok(units) => written += units,
                Err(error) => tracing::error!(%list, %error, "the rules of a list can't be followed"),
            }
        }
        Ok(written)
    }

    /// Follows the rules of one list. It is locked, so of two programs one comes later and finds it done.
    async fn urge_by_rules(&self, list: Uuid, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let tx = self.store().begin().await?;
        let found = tx.urge_rules_locked(list, day_of(now)).await?;
        let Some((list, rules)) = found.filter(|(list, _)| list.status == TaskListStatus::Issued) else {
            tx.rollback().await?;
            return Ok(0);
        };
        let column = reporting_period::Column::TaskListId;
        let mut periods = tx.all_where::<reporting_period::Entity>(column, &[list.id]).await?;
        periods.retain(|period| period.status == PeriodStatus::Open);
        let mut turn = Turn {
            service: self,
            tx,
            list,
            rules,
            now,
            periods: Vec::new(),
            chosen: BTreeMap::new(),
            runs: Vec::new(),
            messages: Vec::new(),
            audits: Vec::new(),
        };
        for period in periods {
            turn.period(&period).await?;
            turn.periods.push(period);
        }
        turn.write().await?;
        turn.finish().await
    }
}

impl Turn<'_> {
    async fn period(&mut self, period: &reporting_period::Model) -> Result<(), StoreError> {
        let column = urge_rule_run::Column::ReportingPeriodId;
        let done = self.tx.all_where::<urge_rule_run::Entity>(column, &[period.id]).await?;
        let done: HashSet<(Uuid, Sheet)> =
            done.into_iter().map(|run| (run.urge_rule_id, (run.unit_id, run.due_on))).collect();
        let mut sheets: BTreeMap<Sheet, Vec<report_obligation::Model>> = BTreeMap::new();
        for row in self.tx.missing_in(period.id).await? {
            sheets.entry((row.unit_id, due_for(period.due_on, row.due_on))).or_default().push(row);
        }
        for (sheet, owed) in sheets {
            let Some(nth) = self.choose(period, sheet, &done) else { continue };
            self.chosen.entry(nth).or_default().entry(sheet.0).or_default().extend(owed);
        }
        Ok(())
    }

    /// Several days may come to one working day, a Saturday and a Sunday to the Friday before, or June and the half-year to
    /// the same one: what a rule says of them it says to a unit in one letter.
    async fn write(&mut self) -> Result<(), StoreError> {
        for (nth, units) in std::mem::take(&mut self.chosen) {
            match self.rules.get(nth).and_then(|rule| rule.grade.map(|grade| (rule.clone(), grade))) {
                Some((rule, grade)) => self.send(&rule, grade, units).await?,
                None => self.remind(units),
            }
        }
        Ok(())
    }

    /// The rule that acts on what a unit owes. After a night or a holiday several may have come due: the last of them
    /// speaks, the others are passed by, so that a unit gets one letter and not three.
    fn choose(
        &mut self,
        period: &reporting_period::Model,
        sheet: Sheet,
        done: &HashSet<(Uuid, Sheet)>,
    ) -> Option<usize> {
        let (today, calendar) = (day_of(self.now), self.service.calendar());
        let mut last = None;
        for (nth, rule) in self.rules.iter().enumerate() {
            // Where the holidays of a year are not known it is not guessed when a rule acts.
            let acts = acts(rule.offset_working_days, sheet.1, period.grace_working_days, today, calendar);
            if !acts.unwrap_or(false) {
                continue;
            }
            // They stand in the order of their days: what a later one has said already, an earlier one repeats no more.
            if done.contains(&(rule.id, sheet)) {
                last = None;
                continue;
            }
            self.runs.push(urge_rule_run::Model {
                urge_rule_id: rule.id,
                reporting_period_id: period.id,
                unit_id: sheet.0,
                due_on: sheet.1,
                created_at: self.now,
            });
            last = Some(nth);
        }
        last
    }

    /// A reminder is a line in the application that opens the sheet of a period, so there is one for each.
    fn remind(&mut self, units: BTreeMap<Uuid, Vec<report_obligation::Model>>) {
        for (unit, owed) in units {
            let mut per_period: BTreeMap<Uuid, usize> = BTreeMap::new();
            for row in owed {
                *per_period.entry(row.reporting_period_id).or_default() += 1;
            }
            for (period, count) in per_period {
                let about = json!({
                    "reportingPeriod": period, "taskList": self.list.id, "unit": unit, "obligations": count,
                });
                self.messages.push(("reporting_period.reminded", about));
            }
        }
    }

    async fn send(
        &mut self,
        rule: &urge_rule::Model,
        grade: UrgeGrade,
        units: BTreeMap<Uuid, Vec<report_obligation::Model>>,
    ) -> Result<(), StoreError> {
        let of = |(unit, owed)| Owing { notice: self.service.ids().next(), unit, owed };
        let units = units.into_iter().map(of).collect();
        let reply = rule.reply_within_working_days;
        let reply_due_on = reply.and_then(|days| self.service.calendar().add_working_days(day_of(self.now), days).ok());
        let letter = Letter {
            list: &self.list,
            periods: &self.periods,
            grade,
            text: rule.text.clone(),
            reply_due_on,
            sender_user: rule.sender_user_id,
            sender_unit: rule.sender_unit_id,
            at: self.now,
        };
        let messages = letter.send(&self.tx, self.service, units).await?;
        self.messages.extend(messages);
        // Nobody did it: the trail names the rule instead of a user.
        let rule = GlobalId::new(Kind::UrgeRule, rule.id).to_string();
        let noted = Noted {
            operation: "urgeNoticeSend",
            object: Some(GlobalId::new(Kind::TaskList, self.list.id)),
            changed: Some(vec!["urgeNotices"]),
            request: &rule,
            ..Noted::default()
        };
        self.audits.push(self.service.audit_row(noted, self.now));
        Ok(())
    }

    /// Keeps what was done; how many letters and reminders there were.
    async fn finish(self) -> Result<usize, StoreError> {
        let Self { service, tx, rules, now, runs, messages, audits, .. } = self;
        let written = messages.len();
        tx.insert_all::<urge_rule_run::Entity>(runs).await?;
        let rows = messages.into_iter().map(|(topic, payload)| outbox::Model {
            id: service.ids().next(),
            topic: topic.to_owned(),
            payload,
            created_at: now,
            available_at: now,
            attempts: 0,
            delivered_at: None,
        });
        tx.insert_all::<outbox::Entity>(rows.collect()).await?;
        for rule in rules {
            tx.update::<urge_rule::Entity>(urge_rule::Model { ran_on: Some(day_of(now)), ..rule }).await?;
        }
        tx.audit(audits).await?;
        tx.commit().await?;
        Ok(written)
    }
}
