//! Who owes what: figures, and the table of tasks and units.

use async_graphql::{ID, SimpleObject};

use super::directory::{Unit, UnitGroup};
use super::due::ReportDue;
use super::obligation::ReportObligation;
use super::report::ProgressReport;
use super::reporting::ReportingPeriod;
use super::section::Section;
use super::task::Task;
use super::task_list::TaskList;
use crate::domain::due::DueState;
use crate::domain::standing::StatusCounts;
use crate::graphql::context::{RequestContext, id};
use crate::graphql::page::{PageInfo, Slice};
use crate::graphql::scalar::Date;
use crate::id::Kind;
use crate::service::status::{Cell, RowKey};

/// 报送数字：仅统计当前登录者可见的应报事项与报告。
/// Figures over exactly the obligations and reports the caller sees.
#[derive(SimpleObject)]
pub struct ReportingStatusCounts {
    /// 应报。
    /// Expected.
    expected: i32,
    /// 已报（含已通过）。
    /// Received, accepted ones included.
    received: i32,
    /// 已报待审。
    /// Of these, waiting for the office.
    submitted: i32,
    /// 已通过。
    /// Of these, accepted.
    accepted: i32,
    /// 已退回、待重报。
    /// Returned and not handed in again.
    returned: i32,
    /// 未报（含草稿）。
    /// Missing, drafts included.
    missing: i32,
    /// 已报中本期无新增情况的。
    /// Of the received, those without news.
    nothing_to_report: i32,
    /// 已报中不适用的。
    /// Of the received, those that do not apply.
    not_applicable: i32,
    /// 按时报送。
    /// Handed in in time.
    on_time: i32,
    /// 逾期报送。
    /// Handed in too late.
    late: i32,
    /// 未报未到期（含退回待重报）。
    /// Not handed in and not due yet, returned ones included.
    not_due: i32,
    /// 逾期未报（含退回待重报）。
    /// Not handed in and overdue, returned ones included.
    overdue: i32,
    /// 无时限；应报的事项总有到期日，所以恒为 0。
    /// Without a day: always 0, because whatever is owed is due on a day.
    no_date: i32,
    /// 报送率，0 至 1；无应报时为空。
    /// Received of expected, 0 to 1; null when nothing is expected.
    receipt_rate: Option<f64>,
}

fn number(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}

impl From<&StatusCounts> for ReportingStatusCounts {
    fn from(counts: &StatusCounts) -> Self {
        let sums = &counts.sums;
        Self {
            expected: number(sums.expected),
            received: number(sums.received),
            submitted: number(sums.submitted),
            accepted: number(sums.accepted),
            returned: number(sums.returned),
            missing: number(sums.missing),
            nothing_to_report: number(sums.nothing_to_report),
            not_applicable: number(sums.not_applicable),
            on_time: number(counts.of(DueState::OnTime)),
            late: number(counts.of(DueState::Late)),
            not_due: number(counts.of(DueState::NotDue)),
            overdue: number(counts.of(DueState::Overdue)),
            no_date: number(counts.of(DueState::NoDate)),
            receipt_rate: sums.receipt_rate(),
        }
    }
}

/// 一行报送数字；所按分组的对象不为空，无章节、无牵头或不属于任何组的合为一行。
/// The figures of one unit, section, lead, group or list; of what has none they stand in one row where all are null.
#[derive(SimpleObject)]
pub struct ReportingStatusRow {
    /// 单位：应报单位或牵头单位。
    /// The unit: that owes, or that leads.
    unit: Option<Unit>,
    /// 一级工作任务（大项）。
    /// The outermost section.
    section: Option<Section>,
    /// 单位组。
    /// The group.
    unit_group: Option<UnitGroup>,
    /// 清单。
    /// The list.
    task_list: Option<TaskList>,
    /// 数字。
    /// The figures.
    counts: ReportingStatusCounts,
}

impl ReportingStatusRow {
    fn new(key: RowKey, counts: &StatusCounts) -> Self {
        let mut row = Self { unit: None, section: None, unit_group: None, task_list: None, counts: counts.into() };
        match key {
            RowKey::Unit(unit) => row.unit = Some(unit.into()),
            RowKey::Section(section) => row.section = Some(section.into()),
            RowKey::Group(group) => row.unit_group = Some(group.into()),
            RowKey::List(list) => row.task_list = Some(list.into()),
            RowKey::Rest => {}
        }
        row
    }
}

/// 一行报送数字及其游标。
/// A row of figures with its cursor.
#[derive(SimpleObject)]
pub struct ReportingStatusRowEdge {
    /// 游标。
    /// The cursor.
    cursor: String,
    /// 该行。
    /// The row.
    node: ReportingStatusRow,
}

/// 报送情况，按单位、章节固有次序，不作排名。
/// Who owes what, in the order of the directory or of the printed list; nobody is ranked.
#[derive(SimpleObject)]
pub struct ReportingStatusRowConnection {
    /// 本页各行及其游标。
    /// The rows of the page with their cursors.
    edges: Vec<ReportingStatusRowEdge>,
    /// 本页各行。
    /// The rows of the page.
    nodes: Vec<ReportingStatusRow>,
    /// 分页信息。
    /// Where the page stands.
    page_info: PageInfo,
    /// 总行数。
    /// How many rows there are in all.
    total_count: i32,
    /// 合计：每项应报只计一次。
    /// All together; every obligation counts once.
    totals: ReportingStatusCounts,
    /// 数字截至之日。
    /// The day at whose end it stood so.
    as_of: Date,
}

impl ReportingStatusRowConnection {
    /// A page of the figures.
    pub fn new(slice: Slice<(RowKey, StatusCounts)>, totals: &StatusCounts, as_of: Date) -> Self {
        let row = |(key, counts): &(RowKey, StatusCounts)| ReportingStatusRow::new(key.clone(), counts);
        Self {
            nodes: slice.items.iter().map(|(_, item)| row(item)).collect(),
            page_info: slice.page_info(),
            total_count: number(slice.total),
            edges: slice
                .items
                .iter()
                .map(|(cursor, item)| ReportingStatusRowEdge { cursor: cursor.clone(), node: row(item) })
                .collect(),
            totals: totals.into(),
            as_of,
        }
    }
}

/// 任务与单位表中的一格。
/// One cell of the table of tasks and units.
#[derive(SimpleObject)]
pub struct ReportingMatrixCell {
    /// 单位的标识，见 units。
    /// The identifier of the unit, one of `units`.
    unit_id: ID,
    /// 应报事项。
    /// What is owed.
    obligation: ReportObligation,
    /// 报告；尚无或不可见时为空。
    /// The report; null when there is none or it is invisible.
    report: Option<ProgressReport>,
    /// 时限状态。
    /// How it stands to its day.
    due: ReportDue,
}

/// 任务与单位表中的一行。
/// One row of the table of tasks and units.
#[derive(SimpleObject)]
pub struct ReportingMatrixRow {
    /// 任务。
    /// The task.
    task: Task,
    /// 承担该任务的单位各一格，次序同 units。
    /// A cell for each unit that owes something on it, in the order of `units`.
    cells: Vec<ReportingMatrixCell>,
}

impl ReportingMatrixRow {
    /// A task with its cells.
    pub fn new(request: &RequestContext, period: &ReportingPeriod, task: Task, cells: &[Cell]) -> Self {
        let cell = |cell: &Cell| ReportingMatrixCell {
            unit_id: id(Kind::Unit, cell.obligation.unit_id),
            obligation: cell.obligation.clone().into(),
            report: cell.report.clone().map(ProgressReport::from),
            due: ReportDue::by(request, Some(&period.0), &cell.obligation, cell.report.as_deref()),
        };
        Self { task, cells: cells.iter().map(cell).collect() }
    }
}

/// 任务与单位表中的一行及其游标。
/// A row of the table with its cursor.
#[derive(SimpleObject)]
pub struct ReportingMatrixRowEdge {
    /// 游标。
    /// The cursor.
    cursor: String,
    /// 该行。
    /// The row.
    node: ReportingMatrixRow,
}

/// 一个报告期的任务与单位表：每项任务一行，每个单位一列。
/// The table of a period: a row for each task, a column for each unit.
#[derive(SimpleObject)]
pub struct ReportingMatrixRowConnection {
    /// 本页各行及其游标。
    /// The rows of the page with their cursors.
    pub edges: Vec<ReportingMatrixRowEdge>,
    /// 本页各行。
    /// The rows of the page.
    pub nodes: Vec<ReportingMatrixRow>,
    /// 分页信息。
    /// Where the page stands.
    pub page_info: PageInfo,
    /// 总行数。
    /// How many rows there are in all.
    pub total_count: i32,
    /// 各列的单位，按名录次序，含本页以外的。
    /// The units of the columns in the order of the directory, those of other pages too.
    pub units: Vec<Unit>,
}

impl ReportingMatrixRowEdge {
    /// A row with its cursor.
    pub fn new(cursor: String, node: ReportingMatrixRow) -> Self {
        Self { cursor, node }
    }
}
