//! How obligations stood right before a moment that is past: their days, whether they were owed, and what had become of
//! their reports.
//!
//! What is stored tells it all. Days and releases that were changed later are in `period_due_change` and
//! `obligation_due_change`, each for the time it held; what never changed stands on the period and the obligation. Handings
//! in, withdrawals and reviews carry their moments. Nothing is copied day by day, so any past day can be asked for, and an
//! answer never changes with what happens later. Rights are those of today: a past day shows nobody more than he sees now.

use chrono::{DateTime, Utc};
use entity::vocabulary::{ReportStatus, ReviewDecision};
use entity::{
    obligation_due_change, period_due_change, progress_report, progress_report_revision, report_obligation,
    report_review, reporting_period,
};
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Func, IntoColumnRef, IntoIden, JoinType, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{ColumnTrait, Condition};

use super::filter::Filter;
use super::query::reports::{ReportObligationLeaf, of_keys};
use super::{Engine, due, scope};
use crate::authz::Actor;
use crate::domain::due::LateDays;

use obligation_due_change::Column as Own;
use period_due_change::Column as Moved;
use progress_report_revision::Column as Revision;
use report_review::Column as Review;

/// The moment right before which things are asked for, and who asks.
pub(super) struct Past<'a> {
    actor: &'a Actor,
    end: DateTime<Utc>,
}

fn column<T: IntoIden, C: IntoIden>(table: T, column: C) -> SimpleExpr {
    Expr::col((table, column).into_column_ref())
}

fn report(of: progress_report::Column) -> SimpleExpr {
    column(progress_report::Entity, of)
}

fn revision(of: Revision) -> SimpleExpr {
    column(progress_report_revision::Entity, of)
}

fn review(of: Review) -> SimpleExpr {
    column(report_review::Entity, of)
}

/// A condition that is false where it can't be told, so that its opposite holds there.
fn known(condition: Condition) -> Condition {
    Condition::all().add(SimpleExpr::from(Func::coalesce([SimpleExpr::from(condition), Expr::cust("FALSE")])))
}

impl<'a> Past<'a> {
    /// Right before `end`.
    pub(super) fn new(actor: &'a Actor, end: DateTime<Utc>) -> Self {
        Self { actor, end }
    }

    /// Joins what was so then to obligations, their periods and their reports; never more than a row to each, because the
    /// times of changes don't overlap.
    pub(super) fn join(&self, select: &mut SelectStatement) {
        let held =
            |since: SimpleExpr, until: SimpleExpr| Condition::all().add(since.lt(self.end)).add(until.gte(self.end));
        let own = |of: Own| column(obligation_due_change::Entity, of);
        let moved = |of: Moved| column(period_due_change::Entity, of);
        let of_report = (progress_report::Entity, progress_report::Column::Id);
        let decided = Condition::all()
            .add(review(Review::ProgressReportId).equals(of_report))
            .add(review(Review::Revision).equals((progress_report_revision::Entity, Revision::Revision)))
            .add(review(Review::CreatedAt).lt(self.end))
            .add(scope::seen_with_reviews(self.actor));
        select
            .join(
                JoinType::LeftJoin,
                obligation_due_change::Entity,
                held(own(Own::SinceAt), own(Own::UntilAt)).add(
                    own(Own::ReportObligationId).equals((report_obligation::Entity, report_obligation::Column::Id)),
                ),
            )
            .join(
                JoinType::LeftJoin,
                period_due_change::Entity,
                held(moved(Moved::SinceAt), moved(Moved::UntilAt)).add(
                    moved(Moved::ReportingPeriodId).equals((reporting_period::Entity, reporting_period::Column::Id)),
                ),
            )
            .join(
                JoinType::LeftJoin,
                progress_report_revision::Entity,
                Condition::all()
                    .add(revision(Revision::ProgressReportId).equals(of_report))
                    .add(revision(Revision::Revision).eq(self.stood())),
            )
            .join(JoinType::LeftJoin, report_review::Entity, decided);
    }

    /// Adds how it stood. A lead reads no reviews of its co-units; that a report is accepted, it sees on the report itself.
    pub(super) fn add(&self, select: &mut SelectStatement, engine: Engine) {
        let handed_in = CaseStatement::new()
            .case(progress_report::Column::ReceivedAt.lt(self.end), report(progress_report::Column::ReceivedAt))
            .finally(revision(Revision::SubmittedAt));
        let withdrawn =
            CaseStatement::new().case(Revision::WithdrawnAt.lt(self.end), Expr::val(1)).finally(Expr::val(0));
        select
            .expr_as(Expr::cust("CAST(NULL AS TEXT)"), "r_status")
            .expr_as(revision(Revision::Completion), "r_completion")
            .expr_as(withdrawn, "r_withdrawn")
            .expr_as(self.decision(), "r_decision")
            .expr_as(due::day_of(engine, handed_in.into()), "handed_in_on");
    }

    /// The obligations there were, and that counted: what was owed, and what the office had received although it was owed no
    /// more.
    pub(super) fn counted(&self) -> Condition {
        Condition::all()
            .add(report_obligation::Column::CreatedAt.lt(self.end))
            .add(Condition::any().add(self.owed()).add(self.received()))
    }

    /// The obligations that a filter meets, by how they stood.
    pub(super) fn that(&self, late: &LateDays, filter: &Filter<ReportObligationLeaf>) -> Condition {
        filter.condition(&|leaf| {
            let mut terms = of_keys(leaf);
            if let Some(days) = &leaf.due_on {
                terms.add_condition(days.holds_for(&self.due_on()));
            }
            let mut asked =
                |condition: Condition, yes: bool| terms.add_condition(if yes { condition } else { condition.not() });
            let missing = || self.owed().add(self.received().not());
            if let Some(yes) = leaf.missing_report {
                asked(missing(), yes);
            }
            if let Some(yes) = leaf.outstanding {
                let waits = Condition::any().add(self.owed()).add(self.received());
                asked(Condition::all().add(waits).add(self.accepted().not()), yes);
            }
            if let Some(yes) = leaf.overdue {
                asked(missing().add(self.too_late(late)), yes);
            }
            terms.0
        })
    }

    /// The day of an obligation, as `due::due_beside_period` has the one of today.
    pub(super) fn due_on(&self) -> SimpleExpr {
        let own = || self.own(Own::DueOn, report_obligation::Column::DueOn);
        let period = || {
            let was = column(period_due_change::Entity, Moved::DueOn);
            Func::coalesce([was, column(reporting_period::Entity, reporting_period::Column::DueOn)])
        };
        CaseStatement::new().case(own().gt(period()), own()).finally(period()).into()
    }

    /// The working days of grace behind it.
    pub(super) fn grace(&self) -> SimpleExpr {
        let was = column(period_due_change::Entity, Moved::GraceWorkingDays);
        let is = column(reporting_period::Entity, reporting_period::Column::GraceWorkingDays);
        Func::coalesce([was, is]).into()
    }

    /// Something of an obligation: as it was where it was changed since, also where it was nothing.
    fn own(&self, was: Own, is: report_obligation::Column) -> SimpleExpr {
        CaseStatement::new()
            .case(
                column(obligation_due_change::Entity, Own::Id).is_not_null(),
                column(obligation_due_change::Entity, was),
            )
            .finally(column(report_obligation::Entity, is))
            .into()
    }

    fn too_late(&self, late: &LateDays) -> Condition {
        let last =
            late.by_grace().fold(CaseStatement::new(), |case, (days, last)| case.case(self.grace().eq(days), last));
        let last: SimpleExpr = last.into();
        known(Condition::all().add(self.due_on().lte(last)))
    }

    fn owed(&self) -> Condition {
        let released = || self.own(Own::ReleasedAt, report_obligation::Column::ReleasedAt);
        known(Condition::any().add(released().is_null()).add(released().gte(self.end)))
    }

    /// The twin of `domain::standing::state_after` and `domain::due::is_received`.
    fn received(&self) -> Condition {
        let back =
            Condition::any().add(revision(Revision::WithdrawnAt).is_null()).add(Revision::WithdrawnAt.gte(self.end));
        let waits = Condition::all().add(self.decision().is_null()).add(back);
        let with_office = Condition::any().add(self.accepted()).add(waits);
        known(Condition::all().add(revision(Revision::Id).is_not_null()).add(with_office))
    }

    fn accepted(&self) -> Condition {
        known(Condition::all().add(self.decision().eq(ReviewDecision::Accepted.as_str())))
    }

    /// What had been decided about the revision that counted.
    fn decision(&self) -> SimpleExpr {
        let accepted = self.was_accepted().add(
            report(progress_report::Column::AcceptedRevision)
                .equals((progress_report_revision::Entity, Revision::Revision)),
        );
        let accepted = CaseStatement::new().case(accepted, Expr::val(ReviewDecision::Accepted.as_str()));
        Func::coalesce([review(Review::Decision), accepted.into()]).into()
    }

    fn was_accepted(&self) -> Condition {
        Condition::all()
            .add(progress_report::Column::Status.eq(ReportStatus::Accepted))
            .add(progress_report::Column::DecidedAt.lt(self.end))
    }

    /// The revision that counted: what was accepted last, or else handed in last. What was accepted counts until its
    /// correction is accepted too.
    fn stood(&self) -> SimpleExpr {
        let later = Alias::new("later");
        let of_report = (progress_report::Entity, progress_report::Column::Id);
        let last = Query::select()
            .expr(Func::max(Expr::col((later.clone(), Revision::Revision))))
            .from_as(progress_report_revision::Entity, later.clone())
            .and_where(Expr::col((later.clone(), Revision::ProgressReportId)).equals(of_report))
            .and_where(Expr::col((later, Revision::SubmittedAt)).lt(self.end))
            .take();
        let agreed = Alias::new("agreed");
        let accepted = Query::select()
            .expr(Func::max(Expr::col((agreed.clone(), Review::Revision))))
            .from_as(report_review::Entity, agreed.clone())
            .and_where(Expr::col((agreed.clone(), Review::ProgressReportId)).equals(of_report))
            .and_where(Expr::col((agreed.clone(), Review::Decision)).eq(ReviewDecision::Accepted.as_str()))
            .and_where(Expr::col((agreed, Review::CreatedAt)).lt(self.end))
            .cond_where(scope::seen_with_reviews(self.actor))
            .take();
        let stands = CaseStatement::new().case(self.was_accepted(), report(progress_report::Column::AcceptedRevision));
        Func::coalesce([
            SimpleExpr::SubQuery(None, Box::new(accepted.into())),
            stands.into(),
            SimpleExpr::SubQuery(None, Box::new(last.into())),
        ])
        .into()
    }
}
