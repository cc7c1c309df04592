//! What was handed in before: for the period before, and as the revision before.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::vocabulary::{PeriodKind, ReportStatus};
use entity::{progress_report, progress_report_revision, reporting_period};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::page::padded;
use super::reader::Reader;
use super::scope;
use super::{StoreError, Tx, Visible};
use crate::authz::Actor;
use crate::domain::report_life::Life;

/// Where a report belongs: its task, its unit, its period.
pub type Place = (Uuid, Uuid, Uuid);

/// A report that is or was with the office.
struct HandedIn {
    task: Uuid,
    unit: Uuid,
    period: Uuid,
    kind: PeriodKind,
    ended: NaiveDate,
    report: Uuid,
    /// The revision that counts.
    revision: i32,
}

impl Reader {
    /// What was handed in by the same unit on the same task before, for each place; see [`Tx::handed_in_before`].
    pub async fn handed_in_before(
        &self,
        places: &[Place],
    ) -> Result<HashMap<Place, Visible<progress_report_revision::Model>>, StoreError> {
        before(self.connection(), self.actor(), places).await
    }

    /// The revision before each of these, as the same report was handed in then.
    pub async fn revisions_before(
        &self,
        revisions: &[Uuid],
    ) -> Result<HashMap<Uuid, Visible<progress_report_revision::Model>>, StoreError> {
        let asked = self.by_keys::<progress_report_revision::Entity>(revisions).await?;
        let reports: Vec<Uuid> = asked.values().map(|row| row.progress_report_id).collect();
        let column = progress_report_revision::Column::ProgressReportId;
        let all = self.rows_where::<progress_report_revision::Entity>(column, &reports).await?;
        let all: HashMap<(Uuid, i32), _> =
            all.into_iter().map(|row| ((row.progress_report_id, row.revision), row)).collect();
        let earlier = asked.iter().filter_map(|(id, row)| {
            all.get(&(row.progress_report_id, row.revision - 1)).map(|before| (*id, before.clone()))
        });
        Ok(earlier.collect())
    }
}

impl Tx {
    /// What was handed in by the same unit on the same task: for the latest earlier period of the same kind, for 1–6月 that
    /// is 1–3月 and not June; else for the latest other one that ended by then, for the first quarter that is March. Where the
    /// unit never handed in anything on it, the same of those it comes from. Nobody is to write again what is written.
    pub async fn handed_in_before(
        &self,
        actor: &Actor,
        place: Place,
    ) -> Result<Option<Visible<progress_report_revision::Model>>, StoreError> {
        Ok(before(self.connection(), actor, &[place]).await?.remove(&place))
    }
}

async fn before(
    db: &impl ConnectionTrait,
    actor: &Actor,
    places: &[Place],
) -> Result<HashMap<Place, Visible<progress_report_revision::Model>>, StoreError> {
    let of = |part: fn(&Place) -> Uuid| padded(&places.iter().map(part).collect::<Vec<_>>());
    let ends: Vec<(Uuid, PeriodKind, NaiveDate)> = scope::reporting_periods(actor)
        .filter(reporting_period::Column::Id.is_in(of(|place| place.2)))
        .select_only()
        .column(reporting_period::Column::Id)
        .column(reporting_period::Column::Kind)
        .column(reporting_period::Column::EndsOn)
        .into_tuple()
        .all(db)
        .await?;
    let ends: HashMap<Uuid, (PeriodKind, NaiveDate)> =
        ends.into_iter().map(|(period, kind, end)| (period, (kind, end))).collect();
    let units: HashSet<Uuid> = places.iter().flat_map(|place| actor.predecessors(place.1).chain([place.1])).collect();
    let units = padded(&units.into_iter().collect::<Vec<_>>());
    let all = handed_in(db, actor, of(|place| place.0), units).await?;
    let mut chosen: HashMap<Place, (Uuid, i32)> = HashMap::new();
    for place in places {
        let Some((kind, end)) = ends.get(&place.2) else { continue };
        let before: HashSet<Uuid> = actor.predecessors(place.1).collect();
        let there = all.iter().filter(|one| one.task == place.0 && one.ended <= *end);
        let own = |one: &&HandedIn| one.unit == place.1 && one.period != place.2;
        let inherited = |one: &&HandedIn| before.contains(&one.unit);
        let latest = there.filter(|one| own(one) || inherited(one)).max_by_key(|one| {
            let same_kind = one.kind == *kind && one.ended < *end;
            (one.unit == place.1, same_kind, one.ended, one.report)
        });
        if let Some(one) = latest {
            chosen.insert(*place, (one.report, one.revision));
        }
    }
    let reports = padded(&chosen.values().map(|(report, _)| *report).collect::<Vec<_>>());
    let rows = scope::progress_report_revisions(actor)
        .filter(progress_report_revision::Column::ProgressReportId.is_in(reports))
        .all(db)
        .await?;
    let rows: HashMap<(Uuid, i32), Visible<_>> =
        rows.into_iter().map(|row| ((row.progress_report_id, row.revision), Visible::new(row))).collect();
    Ok(chosen.into_iter().filter_map(|(place, key)| rows.get(&key).map(|row| (place, row.clone()))).collect())
}

/// The visible reports of these tasks and units that are with the office, or were accepted and are being corrected.
async fn handed_in(
    db: &impl ConnectionTrait,
    actor: &Actor,
    tasks: Vec<Uuid>,
    units: Vec<Uuid>,
) -> Result<Vec<HandedIn>, StoreError> {
    type Row = (Uuid, Uuid, Uuid, ReportStatus, i32, Option<i32>, Uuid, PeriodKind, NaiveDate);
    let with_the_office = Condition::any()
        .add(progress_report::Column::Status.is_in([ReportStatus::Submitted, ReportStatus::Accepted]))
        .add(progress_report::Column::AcceptedRevision.is_not_null());
    let rows: Vec<Row> = scope::progress_reports(actor)
        .join(
            JoinType::InnerJoin,
            progress_report::Entity::belongs_to(reporting_period::Entity)
                .from(progress_report::Column::ReportingPeriodId)
                .to(reporting_period::Column::Id)
                .into(),
        )
        .filter(progress_report::Column::TaskId.is_in(tasks))
        .filter(progress_report::Column::UnitId.is_in(units))
        .filter(with_the_office)
        .select_only()
        .column(progress_report::Column::TaskId)
        .column(progress_report::Column::UnitId)
        .column(progress_report::Column::Id)
        .column(progress_report::Column::Status)
        .column(progress_report::Column::Revision)
        .column(progress_report::Column::AcceptedRevision)
        .column(reporting_period::Column::Id)
        .column(reporting_period::Column::Kind)
        .column(reporting_period::Column::EndsOn)
        .into_tuple()
        .all(db)
        .await?;
    let counts = |(task, unit, report, status, revision, accepted, period, kind, ended): Row| {
        let with_it = matches!(status, ReportStatus::Submitted | ReportStatus::Accepted);
        let counts = if with_it { Some(Life::standing_revision(status, revision, accepted)) } else { accepted };
        counts.map(|revision| HandedIn { task, unit, period, kind, ended, report, revision })
    };
    Ok(rows.into_iter().filter_map(counts).collect())
}
