//! What people are told, and urged about.

use chrono::NaiveDate;
use entity::vocabulary::UrgeGrade;
use entity::{notification, report_obligation, urge_notice, urge_notice_item, urge_rule};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait};

use super::{OrderBy, OrderField, order_fields, query};
use crate::authz::Actor;
use crate::store::filter::{Filter, KeyMatch, Terms};
use crate::store::page::{PageArgs, PageQuery};
use crate::store::scope;

/// Orders of notices by which units are urged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrgeNoticeOrder {
    /// As they were sent.
    CreatedAt,
    /// By the day by which a reply is wanted; only for those of which one is.
    ReplyDueOn,
}

impl OrderField<urge_notice::Entity> for UrgeNoticeOrder {
    fn column(self) -> urge_notice::Column {
        urge_notice::Column::CreatedAt
    }

    fn day(self) -> Option<SimpleExpr> {
        match self {
            Self::CreatedAt => None,
            Self::ReplyDueOn => Some(Expr::col((urge_notice::Entity, urge_notice::Column::ReplyDueOn))),
        }
    }
}

order_fields! {
    /// Orders of what a notice is about.
    UrgeNoticeItemOrder for urge_notice_item {
        /// As it arose.
        Obligation => ReportObligationId,
    }
}

/// Comparisons of notices by which units are urged.
#[derive(Clone, Debug, Default)]
pub struct UrgeNoticeLeaf {
    /// The unit.
    pub unit: Option<KeyMatch>,
    /// The list.
    pub task_list: Option<KeyMatch>,
    /// The period.
    pub period: Option<KeyMatch>,
    /// How urgent.
    pub grade: Option<UrgeGrade>,
    /// Read by the unit.
    pub read: Option<bool>,
    /// Replied to by the unit.
    pub replied: Option<bool>,
    /// A reply is wanted, and there is none.
    pub reply_open: Option<bool>,
    /// And its day is over.
    pub reply_overdue: Option<bool>,
}

/// The notices to which a reply is wanted that has not come.
pub(in crate::store) fn reply_open() -> Condition {
    Condition::all().add(urge_notice::Column::ReplyDueOn.is_not_null()).add(urge_notice::Column::RepliedAt.is_null())
}

/// The notices that speak of something owed in such a period, as far as the actor sees it.
fn about_period(actor: &Actor, asked: &KeyMatch) -> Condition {
    let (mut owed, mut own) = (Terms::new(), Terms::new());
    owed.key(report_obligation::Column::ReportingPeriodId, Some(asked));
    own.key(urge_notice::Column::ReportingPeriodId, Some(asked));
    let items = report_obligation::Entity::belongs_to(urge_notice_item::Entity)
        .from(report_obligation::Column::Id)
        .to(urge_notice_item::Column::ReportObligationId);
    let notices = scope::report_obligations(actor)
        .filter(owed.0)
        .join(JoinType::InnerJoin, items.into())
        .select_only()
        .column(urge_notice_item::Column::UrgeNoticeId)
        .into_query();
    Condition::any().add(own.0).add(urge_notice::Column::Id.in_subquery(notices))
}

/// Notices by which units are urged, the latest first.
pub fn urge_notices(
    actor: &Actor,
    filter: &Filter<UrgeNoticeLeaf>,
    today: NaiveDate,
    page: PageArgs,
) -> PageQuery<urge_notice::Entity> {
    let condition = filter.condition(&|leaf| {
        let mut terms = Terms::new();
        terms.key(urge_notice::Column::UnitId, leaf.unit.as_ref());
        terms.key(urge_notice::Column::TaskListId, leaf.task_list.as_ref());
        if let Some(period) = &leaf.period {
            terms.add_condition(about_period(actor, period));
        }
        if let Some(grade) = leaf.grade {
            terms.add(urge_notice::Column::Grade.eq(grade));
        }
        for (column, there) in
            [(urge_notice::Column::ReadAt, leaf.read), (urge_notice::Column::RepliedAt, leaf.replied)]
        {
            match there {
                Some(true) => terms.add(column.is_not_null()),
                Some(false) => terms.add(column.is_null()),
                None => {}
            }
        }
        if let Some(yes) = leaf.reply_open {
            terms.add_condition(if yes { reply_open() } else { reply_open().not() });
        }
        if let Some(yes) = leaf.reply_overdue {
            let late = reply_open().add(urge_notice::Column::ReplyDueOn.lt(today));
            terms.add_condition(if yes { late } else { late.not() });
        }
        terms.0
    });
    query(condition, OrderBy { field: UrgeNoticeOrder::CreatedAt, descending: true }, page, None)
}

/// What notices are about.
pub fn urge_notice_items(page: PageArgs) -> PageQuery<urge_notice_item::Entity> {
    let order = OrderBy { field: UrgeNoticeItemOrder::Obligation, descending: false };
    query(Condition::all(), order, page, Some(urge_notice_item::Column::UrgeNoticeId))
}

order_fields! {
    /// Orders of rules.
    UrgeRuleOrder for urge_rule {
        /// By their day.
        Offset => OffsetWorkingDays,
    }
}

/// The rules of lists, the earliest first.
pub fn urge_rules(page: PageArgs) -> PageQuery<urge_rule::Entity> {
    let order = OrderBy { field: UrgeRuleOrder::Offset, descending: false };
    query(Condition::all(), order, page, Some(urge_rule::Column::TaskListId))
}

order_fields! {
    /// Orders of notices.
    NotificationOrder for notification {
        /// As it happened.
        CreatedAt => CreatedAt,
    }
}

/// What the caller is told, the latest first.
pub fn notifications(unread_only: bool, page: PageArgs) -> PageQuery<notification::Entity> {
    let mut condition = Condition::all();
    if unread_only {
        condition = condition.add(notification::Column::ReadAt.is_null());
    }
    query(condition, OrderBy { field: NotificationOrder::CreatedAt, descending: true }, page, None)
}
