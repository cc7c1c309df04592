//! What stands around the periods of a world: schedules, reopenings, freezes, requests for more time.

use entity::vocabulary::*;
use serde_json::json;
use uuid::Uuid;

use super::Build;
use super::build::day;

/// Rows for every list that has periods; those of some unit that is on it.
pub fn all(b: &mut Build) {
    for (list, every) in [
        ("issued", ScheduleEvery::Month),
        ("issued", ScheduleEvery::Quarter),
        ("draft", ScheduleEvery::Month),
        ("county", ScheduleEvery::HalfYear),
        ("foreign", ScheduleEvery::Quarter),
    ] {
        schedule(b, list, every);
    }
    for (period, units) in [
        ("p1", &["resp1", "lead1", "none"][..]),
        ("p2", &["resp1", "resp2", "lead1", "supp"]),
        ("closed-p", &["resp1"]),
        ("county-p", &["a.county.village"]),
        ("foreign-p", &["b.bureau"]),
    ] {
        for unit in units {
            reopening(b, period, unit);
            extensions(b, period, unit);
        }
        for number in 1..=3 {
            freeze(b, period, number);
        }
    }
}

fn schedule(b: &mut Build, list: &str, every: ScheduleEvery) {
    let (id, at) = (b.next(), b.at());
    b.name(&format!("{list}'s {} schedule", every.as_str()), id);
    let row = entity::period_schedule::Model {
        id,
        task_list_id: b.get(list),
        kind: PeriodKind::Plain,
        every,
        label: format!("虚构自查{list}"),
        opens_after_days: 1,
        due_working_days: 5,
        grace_working_days: 2,
        active: true,
        skipped_period_id: (list == "issued").then(|| b.get("p2")),
        skipped_at: (list == "issued").then_some(at),
        last_ends_on: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.period_schedule.push(row);
}

fn list_of(b: &Build, period: Uuid) -> Uuid {
    b.rows.reporting_period.iter().find(|p| p.id == period).unwrap().task_list_id
}

fn reopening(b: &mut Build, period: &str, unit: &str) {
    let (id, at) = (b.next(), b.at());
    b.name(&format!("{period} for {unit}"), id);
    let period = b.get(period);
    let row = entity::period_reopening::Model {
        id,
        reporting_period_id: period,
        task_list_id: list_of(b, period),
        unit_id: b.get(unit),
        until_on: day("2026-06-30"),
        reason: format!("虚构补报{unit}"),
        reopened_by: b.get("@office"),
        ended_at: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    b.rows.period_reopening.push(row);
}

fn freeze(b: &mut Build, period: &str, number: i32) {
    let (id, at) = (b.next(), b.at());
    b.name(&format!("{period} frozen {number}"), id);
    let period = b.get(period);
    let report = b.rows.progress_report.iter().find(|r| r.reporting_period_id == period).map(|r| r.id);
    let row = entity::period_freeze::Model {
        id,
        reporting_period_id: period,
        task_list_id: list_of(b, period),
        number,
        cause: if number == 1 { FreezeCause::Closing } else { FreezeCause::Reopening },
        roll_up: json!({
            "expected": 1000 + number, "received": 7, "submitted": 3, "accepted": 4, "returned": 1, "missing": 992,
            "nothingToReport": 0, "notApplicable": 0, "completion": { "LIMITED": 7 },
        }),
        progress_report_id: report.filter(|_| number > 1),
        created_at: at,
    };
    b.rows.period_freeze.push(row);
}

/// Two requests for the first obligation of a unit, one decided and one waiting.
fn extensions(b: &mut Build, period: &str, unit: &str) {
    let (period_id, unit_id) = (b.get(period), b.get(unit));
    let of_unit = |o: &&entity::report_obligation::Model| o.reporting_period_id == period_id && o.unit_id == unit_id;
    let owed = b.rows.report_obligation.iter().find(of_unit).unwrap().clone();
    for status in [ExtensionStatus::Refused, ExtensionStatus::Pending] {
        let (id, at) = (b.next(), b.at());
        b.name(&format!("{unit} asks in {period}, {}", status.as_str()), id);
        let decided = status != ExtensionStatus::Pending;
        let asks = |u: &&entity::user_account::Model| u.unit_id == unit_id;
        let requested_by = b.rows.user_account.iter().find(asks).map_or_else(|| b.get("@office"), |u| u.id);
        let row = entity::extension_request::Model {
            id,
            report_obligation_id: owed.id,
            reporting_period_id: period_id,
            task_list_id: owed.task_list_id,
            task_id: owed.task_id,
            unit_id,
            until_on: day("2026-07-20"),
            reason: format!("虚构申请{}", id.as_u128() % 1000),
            status,
            granted_until: None,
            decision_reason: decided.then(|| "虚构意见".to_owned()),
            requested_by,
            decided_by: decided.then(|| b.get("@office")),
            decided_at: decided.then_some(at),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        b.rows.extension_request.push(row);
    }
}
