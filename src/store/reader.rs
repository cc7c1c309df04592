//! Reading for one request: the store together with the actor, so that no read can forget the scope.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entity::{
    assignment, period_freeze, period_reopening, progress_report, report_obligation, reporting_period, unit_alias,
    unit_closure, unit_group_alias,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, OverStatement, Query, WindowStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Iterable, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};
use uuid::Uuid;

use super::due;
use super::page::{self, Page, PageQuery, padded};
use super::scope::{self, Scoped};
use super::{Engine, Store, StoreError, Visible};
use crate::authz::Actor;
use crate::domain::roll_up::Line;
use entity::vocabulary::{Completion, ReportStatus};

/// The store, read by one actor.
#[derive(Clone)]
pub struct Reader {
    store: Store,
    actor: Arc<Actor>,
}

/// How many visible obligations of a period stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodCounts {
    /// Obligations.
    pub expected: i64,
    /// Reports, by where they stand.
    pub reports: Vec<(Line, i64)>,
}

impl Store {
    /// A reader for one request.
    pub fn reader_for(&self, actor: Arc<Actor>) -> Reader {
        Reader { store: self.clone(), actor }
    }
}

impl Reader {
    /// Who reads.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The connections to read with.
    pub(super) fn connection(&self) -> &impl ConnectionTrait {
        self.store.reader()
    }

    /// Which engine answers.
    pub(super) fn engine(&self) -> Engine {
        self.store.engine()
    }

    /// The page of a root connection.
    pub async fn page<E: Scoped>(&self, query: &PageQuery<E>) -> Result<Page<E::Model>, StoreError> {
        page::page(self.store.reader(), &self.actor, query).await
    }

    /// The pages of a nested connection for many parents.
    pub async fn pages_by_parent<E: Scoped>(
        &self,
        query: &PageQuery<E>,
        parents: &[Uuid],
    ) -> Result<HashMap<Uuid, Page<E::Model>>, StoreError> {
        page::pages_by_parent(self.store.reader(), &self.actor, query, parents).await
    }

    /// The visible rows with these keys.
    pub async fn by_keys<E: Scoped>(&self, keys: &[Uuid]) -> Result<HashMap<Uuid, Visible<E::Model>>, StoreError> {
        page::by_keys::<E>(self.store.reader(), &self.actor, keys).await
    }

    /// All visible rows in which `column` is one of `values`, in the order of the key: for whole lists and periods, whose
    /// size is bounded where they are made.
    pub async fn rows_where<E: Scoped>(
        &self,
        column: E::Column,
        values: &[Uuid],
    ) -> Result<Vec<Visible<E::Model>>, StoreError> {
        let mut rows = Vec::new();
        // Engines have a limit on the values of one statement.
        for part in values.chunks(5_000) {
            let found = E::scoped(&self.actor).filter(column.is_in(padded(part))).order_by_asc(E::key());
            rows.extend(found.all(self.store.reader()).await?.into_iter().map(Visible::new));
        }
        Ok(rows)
    }

    /// The other names of units.
    pub async fn unit_aliases(&self, units: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>, StoreError> {
        let rows = scope::unit_aliases(&self.actor)
            .filter(unit_alias::Column::UnitId.is_in(padded(units)))
            .order_by_asc(unit_alias::Column::Alias)
            .all(self.store.reader())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.unit_id, row.alias))))
    }

    /// The other names of groups.
    pub async fn unit_group_aliases(&self, groups: &[Uuid]) -> Result<HashMap<Uuid, Vec<String>>, StoreError> {
        let rows = scope::unit_group_aliases(&self.actor)
            .filter(unit_group_alias::Column::UnitGroupId.is_in(padded(groups)))
            .order_by_asc(unit_group_alias::Column::Alias)
            .all(self.store.reader())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.unit_group_id, row.alias))))
    }

    /// Each unit with all units above it and itself; the directory is open to everyone under the root.
    pub async fn ancestors(&self, units: &[Uuid]) -> Result<HashMap<Uuid, HashSet<Uuid>>, StoreError> {
        ancestors(self.store.reader(), units).await
    }

    /// The visible report of each obligation.
    pub async fn reports_of_obligations(
        &self,
        obligations: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<progress_report::Model>>, StoreError> {
        let rows = scope::progress_reports(&self.actor)
            .filter(progress_report::Column::ReportObligationId.is_in(padded(obligations)))
            .all(self.store.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.report_obligation_id, Visible::new(row))).collect())
    }

    /// The visible report of the latest period for each assignment.
    pub async fn latest_reports(
        &self,
        assignments: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<progress_report::Model>>, StoreError> {
        let (of, number, ranked) = (Alias::new("of_assignment"), Alias::new("from_the_latest"), Alias::new("ranked"));
        let mut window = WindowStatement::new();
        window
            .partition_by((report_obligation::Entity, report_obligation::Column::AssignmentId))
            .order_by((reporting_period::Entity, reporting_period::Column::EndsOn), Order::Desc)
            .order_by((progress_report::Entity, progress_report::Column::Id), Order::Desc);
        let mut inner = joined_to_period(scope::progress_reports(&self.actor))
            .filter(report_obligation::Column::AssignmentId.is_in(padded(assignments)))
            .into_query();
        inner
            .expr_as(Expr::col((report_obligation::Entity, report_obligation::Column::AssignmentId)), of.clone())
            .expr_window_as(Expr::cust("ROW_NUMBER()"), window, number.clone());
        let mut outer = Query::select();
        for column in progress_report::Column::iter() {
            outer.column(column);
        }
        outer.column(of.clone()).from_subquery(inner, ranked).and_where(Expr::col(number).eq(1));
        let mut latest = HashMap::new();
        for row in self.store.reader().query_all(&outer).await? {
            let assignment: Uuid = row.try_get("", "of_assignment")?;
            latest.insert(assignment, Visible::new(progress_report::Model::from_query_result(&row, "")?));
        }
        Ok(latest)
    }

    /// How many visible obligations and reports each period has.
    pub async fn period_counts(&self, periods: &[Uuid]) -> Result<HashMap<Uuid, PeriodCounts>, StoreError> {
        let periods = padded(periods);
        let mut counts: HashMap<Uuid, PeriodCounts> = HashMap::new();
        let expected: Vec<(Uuid, i64)> = scope::report_obligations(&self.actor)
            .filter(report_obligation::Column::ReportingPeriodId.is_in(periods.iter().copied()))
            .filter(due::counted(&self.actor))
            .select_only()
            .column(report_obligation::Column::ReportingPeriodId)
            .expr(Expr::cust("COUNT(*)"))
            .group_by(report_obligation::Column::ReportingPeriodId)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        for (period, count) in expected {
            counts.entry(period).or_default().expected = count;
        }
        type Counted = (Uuid, ReportStatus, Option<Completion>, Option<Completion>, i64);
        let reports: Vec<Counted> = scope::progress_reports(&self.actor)
            .filter(progress_report::Column::ReportingPeriodId.is_in(periods))
            .filter(due::report_counted())
            .select_only()
            .column(progress_report::Column::ReportingPeriodId)
            .column(progress_report::Column::Status)
            .column(progress_report::Column::Completion)
            .column(progress_report::Column::AcceptedCompletion)
            .expr(Expr::cust("COUNT(*)"))
            .group_by(progress_report::Column::ReportingPeriodId)
            .group_by(progress_report::Column::Status)
            .group_by(progress_report::Column::Completion)
            .group_by(progress_report::Column::AcceptedCompletion)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        for (period, status, completion, accepted, count) in reports {
            let line = Line::of(status, completion, accepted);
            counts.entry(period).or_default().reports.push((line, count));
        }
        Ok(counts)
    }

    /// The latest visible freeze of each period.
    pub async fn latest_freezes(
        &self,
        periods: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<period_freeze::Model>>, StoreError> {
        let rows = period_freeze::Entity::scoped(&self.actor)
            .filter(period_freeze::Column::ReportingPeriodId.is_in(padded(periods)))
            .order_by_asc(period_freeze::Column::Number)
            .all(self.store.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.reporting_period_id, Visible::new(row))).collect())
    }

    /// The visible reopenings of each period.
    pub async fn reopenings(
        &self,
        periods: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Visible<period_reopening::Model>>>, StoreError> {
        let column = period_reopening::Column::ReportingPeriodId;
        let rows = self.rows_where::<period_reopening::Entity>(column, periods).await?;
        Ok(grouped(rows.into_iter().map(|row| (row.reporting_period_id, row))))
    }

    /// The units through which the actor is assigned to tasks, with their strongest role first.
    pub async fn own_assignments(
        &self,
        tasks: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<Visible<assignment::Model>>>, StoreError> {
        let units: Vec<Uuid> = self.actor.grants.iter().map(|g| g.unit_id).chain([self.actor.unit_id]).collect();
        let rows = scope::assignments(&self.actor)
            .filter(assignment::Column::TaskId.is_in(padded(tasks)))
            .filter(assignment::Column::UnitId.is_in(units))
            .all(self.store.reader())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.task_id, Visible::new(row)))))
    }
}

fn joined_to_period(select: Select<progress_report::Entity>) -> Select<progress_report::Entity> {
    select
        .join(
            sea_orm::JoinType::InnerJoin,
            progress_report::Entity::belongs_to(report_obligation::Entity)
                .from(progress_report::Column::ReportObligationId)
                .to(report_obligation::Column::Id)
                .into(),
        )
        .join(
            sea_orm::JoinType::InnerJoin,
            progress_report::Entity::belongs_to(reporting_period::Entity)
                .from(progress_report::Column::ReportingPeriodId)
                .to(reporting_period::Column::Id)
                .into(),
        )
}

fn grouped<K: std::hash::Hash + Eq, V>(pairs: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

/// Each unit with all units above it and itself.
pub(super) async fn ancestors(
    db: &impl ConnectionTrait,
    units: &[Uuid],
) -> Result<HashMap<Uuid, HashSet<Uuid>>, StoreError> {
    let rows = scope::unscoped::rows::<unit_closure::Entity>()
        .filter(unit_closure::Column::DescendantId.is_in(padded(units)))
        .all(db)
        .await?;
    let mut above: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for row in rows {
        above.entry(row.descendant_id).or_default().insert(row.ancestor_id);
    }
    Ok(above)
}
