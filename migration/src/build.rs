//! The few shapes of which every table is made.

use sea_orm_migration::{prelude::*, schema::*};

/// What happens to a row when the row it points to goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    /// The parent cannot go while it has children.
    // NO ACTION and not RESTRICT: both refuse, but SQLite's RESTRICT also refuses a row that points to itself.
    Keep,
    /// The children go with it.
    Cascade,
}

/// A new table.
pub(crate) fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).to_owned()
}

/// The key that every table has unless it says otherwise.
pub(crate) fn id() -> ColumnDef {
    uuid("id").primary_key().to_owned()
}

/// A primary key over several columns.
pub(crate) fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index.to_owned()
}

/// A moment in UTC.
pub(crate) fn at(column: &'static str) -> ColumnDef {
    timestamp_with_time_zone(column)
}

/// A moment in UTC, or nothing.
pub(crate) fn at_null(column: &'static str) -> ColumnDef {
    timestamp_with_time_zone_null(column)
}

/// A column that takes only these words.
pub(crate) fn words(column: &'static str, words: &[&'static str]) -> ColumnDef {
    text(column).check(Expr::col(column).is_in(words.iter().copied())).to_owned()
}

/// A column that takes only these words, or nothing.
pub(crate) fn words_null(column: &'static str, words: &[&'static str]) -> ColumnDef {
    text_null(column).check(Expr::col(column).is_in(words.iter().copied())).to_owned()
}

/// A share in percent, or nothing.
pub(crate) fn percent_null(column: &'static str) -> ColumnDef {
    integer_null(column).check(Expr::col(column).between(0, 100)).to_owned()
}

/// Adds the version and the two moments that changing rows carry.
pub(crate) fn versioned(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    table.col(integer("version").default(1)).col(at("created_at")).col(at("updated_at"))
}

/// `table.column` points to the `id` of `target`.
pub(crate) fn refers(
    table: &'static str,
    column: &'static str,
    target: &'static str,
    parent: Parent,
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("fk_{table}_{column}")).from(table, column).to(target, "id");
    if parent == Parent::Cascade {
        key.on_delete(ForeignKeyAction::Cascade);
    }
    key.to_owned()
}

/// A plain index.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = key(columns);
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    index
}

/// A unique index.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = key(columns);
    index.name(format!("uq_{table}_{}", columns.join("_"))).table(table).unique();
    index
}

/// Drops tables in the order given.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for name in tables {
        manager.drop_table(Table::drop().table(*name).to_owned()).await?;
    }
    Ok(())
}
