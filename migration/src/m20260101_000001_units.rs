//! Units and groups of units, with their other names.

use sea_orm_migration::{prelude::*, schema::*};

use crate::build::*;

/// Units and groups of units, with their other names.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this, SQLite keeps half of a migration that fails.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(unit()).await?;
        manager.create_index(unique("unit", &["root_id", "code"])).await?;
        manager.create_index(unique("unit", &["root_id", "name"])).await?;
        manager.create_index(index("unit", &["parent_id"])).await?;
        manager.create_table(unit_closure()).await?;
        manager.create_index(index("unit_closure", &["descendant_id"])).await?;
        manager.create_table(unit_alias()).await?;
        manager.create_index(unique("unit_alias", &["root_id", "alias"])).await?;
        manager.create_index(index("unit_alias", &["unit_id"])).await?;
        manager.create_table(unit_group()).await?;
        manager.create_index(unique("unit_group", &["root_id", "code"])).await?;
        manager.create_index(unique("unit_group", &["root_id", "name"])).await?;
        manager.create_table(unit_group_alias()).await?;
        manager.create_index(unique("unit_group_alias", &["root_id", "alias"])).await?;
        manager.create_index(index("unit_group_alias", &["unit_group_id"])).await?;
        manager.create_table(unit_group_member()).await?;
        manager.create_index(index("unit_group_member", &["unit_id"])).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &["unit_group_member", "unit_group_alias", "unit_group", "unit_alias", "unit_closure", "unit"],
        )
        .await
    }
}

fn unit() -> TableCreateStatement {
    versioned(
        &mut table("unit")
            .col(id())
            .col(uuid("root_id"))
            .col(uuid_null("parent_id"))
            .col(text("code"))
            .col(text("name"))
            .col(text_null("short_name"))
            .col(text("kind"))
            .col(integer("position"))
            .col(boolean("active"))
            .check(Expr::col("name").ne(""))
            .foreign_key(&mut refers("unit", "root_id", "unit", Parent::Keep))
            .foreign_key(&mut refers("unit", "parent_id", "unit", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn unit_closure() -> TableCreateStatement {
    table("unit_closure")
        .col(uuid("ancestor_id"))
        .col(uuid("descendant_id"))
        .col(integer("depth"))
        .primary_key(&mut key(&["ancestor_id", "descendant_id"]))
        .foreign_key(&mut refers("unit_closure", "ancestor_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("unit_closure", "descendant_id", "unit", Parent::Keep))
        .to_owned()
}

fn unit_alias() -> TableCreateStatement {
    table("unit_alias")
        .col(id())
        .col(uuid("root_id"))
        .col(uuid("unit_id"))
        .col(text("alias"))
        .foreign_key(&mut refers("unit_alias", "root_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("unit_alias", "unit_id", "unit", Parent::Cascade))
        .to_owned()
}

fn unit_group() -> TableCreateStatement {
    versioned(
        &mut table("unit_group")
            .col(id())
            .col(uuid("root_id"))
            .col(text("code"))
            .col(text("name"))
            .col(words("expansion", &["MEMBERS", "EXCEPT_LEADS"]))
            .col(boolean("members_complete"))
            .foreign_key(&mut refers("unit_group", "root_id", "unit", Parent::Keep))
            .to_owned(),
    )
    .to_owned()
}

fn unit_group_alias() -> TableCreateStatement {
    table("unit_group_alias")
        .col(id())
        .col(uuid("root_id"))
        .col(uuid("unit_group_id"))
        .col(text("alias"))
        .foreign_key(&mut refers("unit_group_alias", "root_id", "unit", Parent::Keep))
        .foreign_key(&mut refers("unit_group_alias", "unit_group_id", "unit_group", Parent::Cascade))
        .to_owned()
}

fn unit_group_member() -> TableCreateStatement {
    table("unit_group_member")
        .col(uuid("unit_group_id"))
        .col(uuid("unit_id"))
        .col(at("added_at"))
        .primary_key(&mut key(&["unit_group_id", "unit_id"]))
        .foreign_key(&mut refers("unit_group_member", "unit_group_id", "unit_group", Parent::Cascade))
        .foreign_key(&mut refers("unit_group_member", "unit_id", "unit", Parent::Keep))
        .to_owned()
}
