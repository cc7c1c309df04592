//! Files, their content and the jobs that make them.

use entity::vocabulary::FilePurpose;
use entity::{evidence, export_job, file, file_chunk, look_back_evidence};
use sea_orm::{ColumnTrait, Condition, QueryFilter, Select};

use super::{all, ids_of, nobody, shown_evidence, visible_reports};
use crate::authz::{Actor, Scope};

fn file_condition(actor: &Actor) -> Condition {
    let own = Condition::all()
        .add(file::Column::OwnerUserId.eq(actor.user_id))
        .add(file::Column::UnitId.eq(actor.unit_id))
        .add(Condition::any().add(file::Column::ExpiresAt.is_null()).add(file::Column::ExpiresAt.gt(actor.at)))
        .add(as_narrow_as_the_session(actor));
    let attached = Condition::all()
        .add(evidence::Column::FileId.is_not_null())
        .add(evidence::Column::ProgressReportId.in_subquery(visible_reports(actor)));
    let attached = ids_of::<evidence::Entity>(evidence::Column::FileId, attached);
    let found = Condition::all().add(look_back_evidence::Column::FileId.is_not_null()).add(shown_evidence(actor));
    let found = ids_of::<look_back_evidence::Entity>(look_back_evidence::Column::FileId, found);
    Condition::any().add(own).add(file::Column::Id.in_subquery(attached)).add(file::Column::Id.in_subquery(found))
}

/// What another session of the same machine got for wider scopes is not there for this one.
fn as_narrow_as_the_session(actor: &Actor) -> Condition {
    let Some(scopes) = &actor.narrowed else { return Condition::all() };
    let made = Condition::all()
        .add(export_job::Column::FileId.is_not_null())
        .add(export_job::Column::OwnerUserId.eq(actor.user_id))
        .add(export_job::Column::Scopes.is_in(Scope::choices(scopes)));
    let made = ids_of::<export_job::Entity>(export_job::Column::FileId, made);
    let own = nobody().add(file::Column::Id.in_subquery(made));
    if actor.writes() { own.add(file::Column::Purpose.eq(FilePurpose::Upload)) } else { own }
}

/// Files: one's own, made while acting for the unit one still acts for, and not expired; and what is evidence of a
/// visible report, finding or rectification. What was exported with the rights of another unit does not move along.
pub(in crate::store) fn files(actor: &Actor) -> Select<file::Entity> {
    all().filter(file_condition(actor))
}

/// Exports: one's own, asked for while acting for the unit one still acts for.
pub(in crate::store) fn export_jobs(actor: &Actor) -> Select<export_job::Entity> {
    let own = all()
        .filter(export_job::Column::OwnerUserId.eq(actor.user_id))
        .filter(export_job::Column::UnitId.eq(actor.unit_id));
    match &actor.narrowed {
        None => own,
        Some(scopes) => own.filter(export_job::Column::Scopes.is_in(Scope::choices(scopes))),
    }
}

/// The content of visible files.
pub(in crate::store) fn file_chunks(actor: &Actor) -> Select<file_chunk::Entity> {
    let files = ids_of::<file::Entity>(file::Column::Id, file_condition(actor));
    all().filter(file_chunk::Column::FileId.in_subquery(files))
}
