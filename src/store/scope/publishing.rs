//! The scopes of publications, and the one of the public, which has no actor and reaches one table.

use entity::{
    publication, publication_finding, publication_public, publication_release, publication_snapshot, publication_step,
};
use sea_orm::{QueryFilter, Select};
use uuid::Uuid;

use super::{Scoped, all, in_whole_lists, union};
use crate::authz::{Actor, Area};

/// What a publication consists of goes with its list: of those who see the whole of it. A unit reads what is published
/// where everybody does.
macro_rules! of_whole_lists {
    ($($(#[$doc:meta])* $table:ident => $function:ident),+ $(,)?) => {
        $(
            $(#[$doc])*
            fn $function(actor: &Actor) -> Select<$table::Entity> {
                all().filter(union(actor, Area::Lists, |reach| in_whole_lists(&reach, $table::Column::TaskListId)))
            }

            impl Scoped for $table::Entity {
                fn scoped(actor: &Actor) -> Select<Self> {
                    $function(actor)
                }
                fn key() -> Self::Column {
                    $table::Column::Id
                }
                fn key_of(row: &Self::Model) -> Uuid {
                    row.id
                }
            }
        )+
    };
}

of_whole_lists! {
    /// Publications, in whatever state.
    publication => publications,
    /// Their texts.
    publication_snapshot => publication_snapshots,
    /// What was done to them.
    publication_step => publication_steps,
    /// What detectors found in them.
    publication_finding => publication_findings,
    /// What secrecy reviews let through.
    publication_release => publication_releases,
}

/// What anybody may read, signed in or not: the table that holds nothing else.
pub(in crate::store) fn public() -> Select<publication_public::Entity> {
    all()
}
