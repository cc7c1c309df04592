//! The scopes of what stands around a period: schedules, reopenings, freezes, requests for more time.

use entity::{extension_request, period_freeze, period_reopening, period_schedule};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::{all, ids_of, in_whole_lists, list_condition, task_ids, union};
use crate::authz::{Actor, Area, Reach};

/// Schedules: of those who see the whole list; a unit sees the periods they open.
pub(super) fn period_schedules(actor: &Actor) -> Select<period_schedule::Entity> {
    all().filter(union(actor, Area::Reports, |reach| in_whole_lists(&reach, period_schedule::Column::TaskListId)))
}

/// Frozen sums: they are over everybody's rows, so only who sees the whole list sees them.
pub(super) fn period_freezes(actor: &Actor) -> Select<period_freeze::Entity> {
    all().filter(union(actor, Area::Reports, |reach| in_whole_lists(&reach, period_freeze::Column::TaskListId)))
}

/// Reopenings: of whole lists; of a unit its own, as long as it is on the list.
pub(super) fn period_reopenings(actor: &Actor) -> Select<period_reopening::Entity> {
    all().filter(union(actor, Area::Reports, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, period_reopening::Column::TaskListId),
        Reach::Unit(unit) => {
            let lists = ids_of::<entity::task_list::Entity>(entity::task_list::Column::Id, list_condition(&reach));
            Condition::all()
                .add(period_reopening::Column::UnitId.eq(unit))
                .add(period_reopening::Column::TaskListId.in_subquery(lists))
        }
    }))
}

/// Requests for more time: between the unit and the office; a lead does not read what its co-unit asks for.
pub(super) fn extension_requests(actor: &Actor) -> Select<extension_request::Entity> {
    all().filter(union(actor, Area::Reports, |reach| match reach {
        Reach::Issuer(_) | Reach::Lists(..) => in_whole_lists(&reach, extension_request::Column::TaskListId),
        Reach::Unit(unit) => Condition::all()
            .add(extension_request::Column::UnitId.eq(unit))
            .add(extension_request::Column::TaskId.in_subquery(task_ids(&reach))),
    }))
}
