//! The columns of a list: its own, with those added that it needs, or the usual ones.

use super::super::model::{Align, Below, Column as SheetColumn};
use super::units;
use super::{Profile, rows};
use crate::documents::list_json::{Column, ColumnRole, ListDocument, TaskItem};
use entity::vocabulary::DeadlineSource;

/// The columns in which a list is written.
pub(super) fn columns(list: &ListDocument, profile: Profile) -> Vec<Column> {
    match profile {
        Profile::Own if !list.columns.is_empty() => own(list),
        _ => standard(list),
    }
}

fn any(list: &ListDocument, test: impl Fn(&TaskItem) -> bool) -> bool {
    list.tasks.iter().any(test)
}

/// What a list cannot do without, beside its own columns.
fn needs(list: &ListDocument, role: ColumnRole) -> bool {
    match role {
        ColumnRole::Title => any(list, |t| t.title.is_some()),
        ColumnRole::Requirement => any(list, |t| t.requirement.is_some()),
        ColumnRole::LeadUnits => any(list, |t| t.lead_text.is_some()),
        ColumnRole::Units => any(list, |t| t.unit_text.is_some() || !t.assignments.is_empty()),
        ColumnRole::SupportUnits => false,
        ColumnRole::Deadline => {
            any(list, |t| t.deadline_text.is_some() && t.deadline.source != Some(DeadlineSource::Text))
        }
        _ => false,
    }
}

fn own(list: &ListDocument) -> Vec<Column> {
    let mut out = list.columns.clone();
    let has = |out: &[Column], role| out.iter().any(|c| c.role == role);
    // A cell of supporters may stand for the cell of the units.
    let units = has(&out, ColumnRole::Units)
        || has(&out, ColumnRole::SupportUnits)
        || has(&out, ColumnRole::LeadUnits) && !any(list, |t| t.unit_text.is_some());
    let added =
        [ColumnRole::Title, ColumnRole::Requirement, ColumnRole::LeadUnits, ColumnRole::Units, ColumnRole::Deadline];
    for role in added {
        let there = has(&out, role) || role == ColumnRole::Units && units;
        if !there && needs(list, role) {
            let before = ColumnRole::ALL.iter().position(|r| *r == role).unwrap_or(0);
            let rank = |r: ColumnRole| ColumnRole::ALL.iter().position(|x| *x == r).unwrap_or(0);
            let at = out.iter().position(|c| rank(c.role) > before).unwrap_or(out.len());
            out.insert(at, usual(role));
        }
    }
    if !has(&out, ColumnRole::Number) && !rows::numbers_fit_in_texts(list, &out) {
        out.insert(0, usual(ColumnRole::Number));
    }
    if !has(&out, ColumnRole::Other) && any(list, rows::lacks_mark) {
        out.push(Column { header: Some("备注".into()), role: ColumnRole::Other });
    }
    out
}

fn standard(list: &ListDocument) -> Vec<Column> {
    let mut roles = vec![ColumnRole::Number];
    if !list.sections.is_empty() {
        roles.push(ColumnRole::Section);
    }
    let wanted = [
        (ColumnRole::Title, needs(list, ColumnRole::Title)),
        (ColumnRole::Requirement, needs(list, ColumnRole::Requirement) || !needs(list, ColumnRole::Title)),
        (ColumnRole::LeadUnits, needs(list, ColumnRole::LeadUnits)),
        (ColumnRole::Units, true),
        (ColumnRole::SupportUnits, any(list, |t| !units::support(t, true).is_empty()) && has_support(list)),
        (ColumnRole::Deadline, any(list, |t| t.deadline_text.is_some())),
        (ColumnRole::Other, any(list, rows::lacks_mark)),
    ];
    roles.extend(wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(role, _)| role));
    roles.into_iter().map(usual).collect()
}

/// Supporters have a column of their own where the list had one.
fn has_support(list: &ListDocument) -> bool {
    list.columns.iter().any(|c| c.role == ColumnRole::SupportUnits)
        && list.columns.iter().any(|c| c.role == ColumnRole::Units)
}

fn usual(role: ColumnRole) -> Column {
    let header = match role {
        ColumnRole::Section => "工作任务",
        ColumnRole::Number => "序号",
        ColumnRole::Title => "任务名称",
        ColumnRole::Requirement => "具体要求",
        ColumnRole::LeadUnits => "牵头单位",
        ColumnRole::Units => "责任单位",
        ColumnRole::SupportUnits => "配合单位",
        ColumnRole::Deadline => "完成时限",
        ColumnRole::Progress => "落实情况",
        ColumnRole::Other => "备注",
    };
    Column { header: Some(header.into()), role }
}

/// A column of the sheet.
pub(super) fn column(column: &Column) -> SheetColumn {
    let align = match column.role {
        ColumnRole::Number | ColumnRole::Deadline => Align::Center,
        _ => Align::Left,
    };
    let below = match column.role {
        ColumnRole::Units | ColumnRole::SupportUnits => Below::Same,
        _ => Below::Blank,
    };
    let heading = column.header.clone().unwrap_or_default();
    // A number without a heading shares the heading of the text behind it.
    let joined = heading.is_empty() && column.role == ColumnRole::Number;
    SheetColumn { joined, below, width: width(column.role), ..SheetColumn::new(heading, align) }
}

/// Numbers are narrow, and room to write in is wide though nothing stands there yet.
const fn width(role: ColumnRole) -> Option<f64> {
    match role {
        ColumnRole::Number => Some(7.0),
        ColumnRole::Progress => Some(26.0),
        _ => None,
    }
}
