//! Fence 3 for what people are told: the SELECTs on notices start here.
//!
//! A notice shows nothing that its reader could not see without it: its row is there only as long as its subject is.

use entity::vocabulary::{NotificationKind as Kind, NotificationSubject as Subject};
use entity::{
    amendment, extension_request, look_back, notification, progress_report, publication, rectification,
    report_obligation, reporting_period, role_grant, role_grant_request, task_list, totp_removal, urge_notice,
    urge_notice_item, urge_rule, user_account,
};
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::{Scoped, in_whole_lists, union, unscoped};
use crate::authz::{Actor, Area, Reach};
use crate::store::query::work::steered_lists;
use crate::store::scope;

/// The units through which the actor is told something.
fn own_units(actor: &Actor) -> Vec<Uuid> {
    let own = actor.reach(Area::Reports).into_iter().filter_map(|reach| match reach {
        Reach::Unit(unit) => Some(unit),
        Reach::Issuer(_) | Reach::Lists(..) => None,
    });
    own.collect()
}

/// The visible rows a kind of notice is about; the office is told only of lists it steers.
fn subjects(actor: &Actor, kind: Kind) -> SelectStatement {
    let mut such = Condition::all();
    macro_rules! of {
        ($table:ident, $list:ident) => {{
            if !kind.is_of_unit() {
                such = such.add($table::Column::$list.in_subquery(steered_lists(actor)));
            }
            scope::keys::<$table::Entity>(actor, $table::Column::Id, such)
        }};
    }
    match kind.subject() {
        Subject::TaskList => of!(task_list, Id),
        Subject::ReportingPeriod => of!(reporting_period, TaskListId),
        Subject::ProgressReport => of!(progress_report, TaskListId),
        Subject::UrgeNotice => of!(urge_notice, TaskListId),
        Subject::ExtensionRequest => of!(extension_request, TaskListId),
        Subject::Amendment => of!(amendment, TaskListId),
        Subject::LookBack => of!(look_back, TaskListId),
        Subject::Rectification => of!(rectification, TaskListId),
        Subject::Publication => of!(publication, TaskListId),
        Subject::User => {
            let own = Condition::all().add(user_account::Column::Id.eq(actor.user_id));
            scope::keys::<user_account::Entity>(actor, user_account::Column::Id, own)
        }
        Subject::RoleGrant => {
            let own = Condition::all().add(role_grant::Column::UserId.eq(actor.user_id));
            scope::keys::<role_grant::Entity>(actor, role_grant::Column::Id, own)
        }
        Subject::RoleGrantRequest => {
            scope::keys::<role_grant_request::Entity>(actor, role_grant_request::Column::Id, Condition::all())
        }
        Subject::TotpRemoval => {
            scope::keys::<totp_removal::Entity>(actor, totp_removal::Column::UserId, Condition::all())
        }
    }
}

/// What one is told oneself: as one of a unit only while one is of it, as the office only while one holds it, and only
/// what is about something one sees now, but for the decision of one's own objection.
pub(in crate::store) fn notifications(actor: &Actor) -> Select<notification::Entity> {
    let mut told = Condition::any().add(Expr::cust("1 = 0"));
    for kind in Kind::ALL {
        let mut one = Condition::all().add(notification::Column::Kind.eq(*kind));
        // That its objection was decided a unit hears even where it has nothing to do with the list any more, for that is
        // what an objection is about; of the list it says nothing then.
        if *kind != Kind::ObjectionDecided {
            one = one.add(notification::Column::SubjectId.in_subquery(subjects(actor, *kind)));
        }
        if kind.is_of_unit() {
            one = one.add(notification::Column::UnitId.is_in(own_units(actor)));
        }
        told = told.add(one);
    }
    unscoped::rows::<notification::Entity>().filter(notification::Column::UserId.eq(actor.user_id)).filter(told)
}

impl Scoped for notification::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        notifications(actor)
    }
    fn key() -> Self::Column {
        notification::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}

/// Notices by which units are urged: between the office of the list and the unit, and nobody else's business.
pub(in crate::store) fn urge_notices(actor: &Actor) -> Select<urge_notice::Entity> {
    unscoped::rows::<urge_notice::Entity>().filter(urged(actor))
}

fn urged(actor: &Actor) -> Condition {
    let own = Condition::all()
        .add(urge_notice::Column::UnitId.is_in(own_units(actor)))
        .add(urge_notice::Column::TaskListId.in_subquery(visible_lists(actor)));
    Condition::any().add(urge_notice::Column::TaskListId.in_subquery(steered_lists(actor))).add(own)
}

/// The lists reporting stands on.
fn visible_lists(actor: &Actor) -> SelectStatement {
    scope::reported_lists(actor).select_only().column(task_list::Column::Id).into_query()
}

/// What visible notices are about, as far as it is visible itself.
///
/// Each item asks for its own obligation. As a list of all that are visible, SQLite would look up every one of them under
/// every notice, because both stand in the key: forty-five notices took ten seconds beside seven thousand obligations.
pub(in crate::store) fn urge_notice_items(actor: &Actor) -> Select<urge_notice_item::Entity> {
    let notices = urge_notices(actor).select_only().column(urge_notice::Column::Id).into_query();
    let own = Expr::col((report_obligation::Entity, report_obligation::Column::Id))
        .equals((urge_notice_item::Entity, urge_notice_item::Column::ReportObligationId));
    let owed =
        scope::keys::<report_obligation::Entity>(actor, report_obligation::Column::Id, Condition::all().add(own));
    unscoped::rows::<urge_notice_item::Entity>()
        .filter(urge_notice_item::Column::UrgeNoticeId.in_subquery(notices))
        .filter(Expr::exists(owed))
}

impl Scoped for urge_notice::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        urge_notices(actor)
    }
    fn key() -> Self::Column {
        urge_notice::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}

/// The rules by which units are urged: for those who see the whole list, as its schedules.
impl Scoped for urge_rule::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        unscoped::rows::<urge_rule::Entity>()
            .filter(union(actor, Area::Reports, |reach| in_whole_lists(&reach, urge_rule::Column::TaskListId)))
    }
    fn key() -> Self::Column {
        urge_rule::Column::Id
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.id
    }
}

/// Items are paged within their notice, where the obligation is the key.
impl Scoped for urge_notice_item::Entity {
    fn scoped(actor: &Actor) -> Select<Self> {
        urge_notice_items(actor)
    }
    fn key() -> Self::Column {
        urge_notice_item::Column::ReportObligationId
    }
    fn key_of(row: &Self::Model) -> Uuid {
        row.report_obligation_id
    }
}
