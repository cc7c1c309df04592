//! The questions the API can ask, per aggregate: filters, orders and pages, always inside the scope.

pub mod amendments;
pub mod audit;
pub mod directory;
pub mod external;
pub mod files;
pub mod grants;
pub mod lists;
pub mod look_back;
pub mod machines;
pub mod notices;
pub mod periods;
pub mod publishing;
pub mod reports;
pub mod sessions;
pub mod work;

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{Condition, EntityTrait};

use super::page::{Instead, PageArgs, PageQuery, SortBy};

/// An order that clients name, as a column.
pub trait OrderField<E: EntityTrait>: Copy {
    /// The column; never a nullable one.
    fn column(self) -> E::Column;

    /// A day that stands in another table, to sort by instead of the column.
    fn day(self) -> Option<SimpleExpr> {
        None
    }

    /// What is sorted by instead of the column.
    fn instead(self) -> Option<Instead> {
        self.day().map(Instead::Day)
    }
}

/// Order and direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderBy<F> {
    /// By what.
    pub field: F,
    /// From the last to the first.
    pub descending: bool,
}

fn query<E: EntityTrait, F: OrderField<E>>(
    filter: Condition,
    order: OrderBy<F>,
    page: PageArgs,
    parent: Option<E::Column>,
) -> PageQuery<E> {
    let sort = SortBy { column: order.field.column(), descending: order.descending };
    PageQuery { filter, sort, instead: order.field.instead(), page, parent }
}

/// Declares an order: the words and their columns.
macro_rules! order_fields {
    ($(#[$doc:meta])* $name:ident for $entity:ident { $($(#[$vdoc:meta])* $variant:ident => $column:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $crate::store::query::OrderField<$entity::Entity> for $name {
            fn column(self) -> $entity::Column {
                match self { $(Self::$variant => $entity::Column::$column),+ }
            }
        }
    };
}
pub(crate) use order_fields;
