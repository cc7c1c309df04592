//! Who owes what: counts over exactly the obligations and reports that whoever asks may see, now or on a past day.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entity::vocabulary::Completion;
use entity::{progress_report, report_obligation, section, task, task_list, unit, unit_group, unit_group_member};
use uuid::Uuid;

use super::{Caller, Service};
use crate::clock::{day_of, end_of};
use crate::domain::calendar::Calendar;
use crate::domain::due::{DueState, LateDays, due_state, is_received, late_day};
use crate::domain::roll_up::Line;
use crate::domain::standing::StatusCounts;
use crate::error::Fault;
use crate::store::filter::Filter;
use crate::store::query::reports::ReportObligationLeaf;
use crate::store::status::{StatusColumn, StatusLine, StatusQuery};
use crate::store::{Reader, StoreError, Visible};

/// What obligations are put together by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKey {
    /// The unit that owes.
    Unit,
    /// The outermost section of the task.
    Section,
    /// The lead units of the task; with several, it counts for each.
    Lead,
    /// The groups the unit is a member of; with several, it counts for each.
    Group,
    /// The list.
    List,
}

/// What the counts of a row are about.
#[derive(Clone, Debug)]
pub enum RowKey {
    /// A unit: that owes, or that leads.
    Unit(Visible<unit::Model>),
    /// An outermost section.
    Section(Visible<section::Model>),
    /// A group.
    Group(Visible<unit_group::Model>),
    /// A list.
    List(Visible<task_list::Model>),
    /// What has no section, no lead or no group.
    Rest,
}

impl RowKey {
    /// Its key, nil for the rest.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Unit(row) => row.id,
            Self::Section(row) => row.id,
            Self::Group(row) => row.id,
            Self::List(row) => row.id,
            Self::Rest => Uuid::nil(),
        }
    }

    /// Its place: that of the directory and of the printed list, never one by counts; the rest at the end.
    fn place(&self) -> (bool, i64, &str, Uuid) {
        match self {
            Self::Unit(row) => (false, i64::from(row.position), &row.code, row.id),
            Self::Section(row) => (false, i64::from(row.position), "", row.id),
            Self::Group(row) => (false, 0, &row.code, row.id),
            Self::List(row) => (false, -i64::from(row.year), &row.title, row.id),
            Self::Rest => (true, 0, "", Uuid::nil()),
        }
    }
}

/// The counts of everything that was asked about, and of its parts.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The parts in their order.
    pub rows: Vec<(RowKey, StatusCounts)>,
    /// All together; with several leads or groups of one obligation the parts are more than the whole.
    pub totals: StatusCounts,
}

/// What of a period stands where.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What is owed.
    pub obligation: Visible<report_obligation::Model>,
    /// Its report, as far as it is seen.
    pub report: Option<Visible<progress_report::Model>>,
}

impl Service {
    /// Who owes what, put together by `key`; on a past day when `as_of` is one.
    pub async fn reporting_status(
        &self,
        caller: &Caller,
        filter: Filter<ReportObligationLeaf>,
        key: StatusKey,
        as_of: Option<NaiveDate>,
    ) -> Result<Status, Fault> {
        let today = day_of(self.clock().now());
        let as_of = as_of.unwrap_or(today);
        if as_of > today {
            return Err(Fault::BadRequest("asOf must not lie in the future".to_owned()));
        }
        let reader = self.store().reader_for(Arc::clone(&caller.actor));
        let query = StatusQuery {
            filter,
            late: LateDays::new(as_of, self.calendar()),
            before: (as_of < today).then(|| end_of(as_of)),
        };
        let column = match key {
            StatusKey::Unit | StatusKey::Group => StatusColumn::Unit,
            StatusKey::Section | StatusKey::Lead => StatusColumn::Task,
            StatusKey::List => StatusColumn::List,
        };
        let lines = reader.status_lines(&query, column).await?;
        let totals = counted(&lines, as_of, self.calendar());
        let keys: HashSet<Uuid> = lines.iter().map(|line| line.key).collect();
        let keys: Vec<Uuid> = keys.into_iter().collect();
        let parents = parents(&reader, key, &keys).await?;
        let ids: HashSet<Uuid> = parents.values().flatten().copied().collect();
        let mut known = known(&reader, key, &ids.into_iter().collect::<Vec<_>>()).await?;
        let mut parts: BTreeMap<Option<Uuid>, Vec<StatusLine>> = BTreeMap::new();
        for line in lines {
            // Who may count reports may not be one who may read lists.
            let seen = parents.get(&line.key).into_iter().flatten().filter(|id| known.contains_key(*id));
            let mut seen: Vec<Option<Uuid>> = seen.copied().map(Some).collect();
            if seen.is_empty() {
                seen.push(None);
            }
            for key in seen {
                parts.entry(key).or_default().push(line.clone());
            }
        }
        let mut rows: Vec<(RowKey, StatusCounts)> = parts
            .into_iter()
            .map(|(id, lines)| {
                let key = id.and_then(|id| known.remove(&id)).unwrap_or(RowKey::Rest);
                (key, counted(&lines, as_of, self.calendar()))
            })
            .collect();
        rows.sort_by(|(a, _), (b, _)| a.place().cmp(&b.place()));
        Ok(Status { rows, totals })
    }

    /// What of a period stands where: for each of these tasks its cells, in the order of the units.
    pub async fn reporting_cells(
        &self,
        caller: &Caller,
        period: Uuid,
        tasks: &[Uuid],
    ) -> Result<(Vec<Visible<unit::Model>>, HashMap<Uuid, Vec<Cell>>), Fault> {
        let reader = self.store().reader_for(Arc::clone(&caller.actor));
        let units = reader.units_of_period(period).await?;
        let owed = reader.obligations_on(period, tasks).await?;
        let ids: Vec<Uuid> = owed.iter().map(|row| row.id).collect();
        let mut reports = HashMap::new();
        for part in ids.chunks(5_000) {
            reports.extend(reader.reports_of_obligations(part).await?);
        }
        let places: HashMap<Uuid, usize> = units.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        let mut cells: HashMap<Uuid, Vec<Cell>> = HashMap::new();
        for obligation in owed {
            let report = reports.remove(&obligation.id);
            cells.entry(obligation.task_id).or_default().push(Cell { obligation, report });
        }
        for row in cells.values_mut() {
            row.sort_by_key(|cell| (places.get(&cell.obligation.unit_id).copied(), cell.obligation.id));
        }
        Ok((units, cells))
    }
}

fn counted(lines: &[StatusLine], today: NaiveDate, calendar: &Calendar) -> StatusCounts {
    let mut counts = StatusCounts::default();
    for line in lines {
        let late = Some(late_day(line.due_on, line.grace_working_days, calendar));
        let due: DueState = due_state(Some(line.due_on), late, line.handed_in_on, line.status, today);
        let completion: Option<Completion> = line.completion.filter(|_| is_received(line.status));
        counts.add(Line { status: line.status, completion }, due, line.count);
    }
    counts
}

/// What each unit, task or list belongs to: itself, its groups, its outermost section or its leads.
async fn parents(reader: &Reader, key: StatusKey, keys: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, StoreError> {
    let mut parents: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    match key {
        StatusKey::Unit | StatusKey::List => parents.extend(keys.iter().map(|key| (*key, vec![*key]))),
        StatusKey::Group => {
            let column = unit_group_member::Column::UnitId;
            for member in reader.rows_where::<unit_group_member::Entity>(column, keys).await? {
                parents.entry(member.unit_id).or_default().push(member.unit_group_id);
            }
        }
        StatusKey::Lead => {
            for (task, unit) in reader.leads_of(keys).await? {
                parents.entry(task).or_default().push(unit);
            }
        }
        StatusKey::Section => {
            let tasks = reader.rows_where::<task::Entity>(task::Column::Id, keys).await?;
            let lists: HashSet<Uuid> = tasks.iter().map(|task| task.task_list_id).collect();
            let lists: Vec<Uuid> = lists.into_iter().collect();
            let sections = reader.rows_where::<section::Entity>(section::Column::TaskListId, &lists).await?;
            let above: HashMap<Uuid, Option<Uuid>> = sections.iter().map(|row| (row.id, row.parent_id)).collect();
            for task in tasks {
                let mut top = task.section_id;
                // A tree is no deeper than it has sections.
                for _ in 0..above.len() {
                    match top.and_then(|id| above.get(&id)).copied().flatten() {
                        Some(parent) => top = Some(parent),
                        None => break,
                    }
                }
                parents.entry(task.id).or_default().extend(top);
            }
        }
    }
    Ok(parents)
}

async fn known(reader: &Reader, key: StatusKey, ids: &[Uuid]) -> Result<HashMap<Uuid, RowKey>, StoreError> {
    macro_rules! rows {
        ($table:ident, $key:ident) => {
            reader.by_keys::<$table::Entity>(ids).await?.into_iter().map(|(id, row)| (id, RowKey::$key(row))).collect()
        };
    }
    Ok(match key {
        StatusKey::Unit | StatusKey::Lead => rows!(unit, Unit),
        StatusKey::Section => rows!(section, Section),
        StatusKey::Group => rows!(unit_group, Group),
        StatusKey::List => rows!(task_list, List),
    })
}
