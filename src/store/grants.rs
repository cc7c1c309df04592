//! What has to be known of everybody's rights before one is given or taken away; and the lists that rights name.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{Role, RoleGrantRequestStatus};
use entity::{role_grant, role_grant_list, role_grant_request, role_grant_request_list, unit, user_account};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::page::padded;
use super::reader::Reader;
use super::scope;
use super::sign_in::granted;
use super::{StoreError, Tx};
use crate::authz::Actor;

impl Tx {
    /// Whether a place would be without this role if it were taken from this user: it is one that has to stay, at the root,
    /// and nobody else who may act holds it there today.
    pub async fn is_last_of_place(&self, grant: &role_grant::Model, today: NaiveDate) -> Result<bool, StoreError> {
        Ok(last_of_places(self.connection(), &[grant], today).await?.contains(&grant.id))
    }

    /// Who of these users may act and holds one of these roles at one of these units, all of one place.
    pub async fn holders(
        &self,
        users: &[Uuid],
        roles: &[Role],
        units: &HashSet<Uuid>,
        root: Uuid,
        today: NaiveDate,
    ) -> Result<HashSet<Uuid>, StoreError> {
        let place =
            Query::select().column(unit::Column::Id).from(unit::Entity).and_where(unit::Column::RootId.eq(root)).take();
        // Whoever was moved to another place has no right in this one.
        let may_act = may_act().and_where(user_account::Column::UnitId.in_subquery(place)).take();
        let units: Vec<Uuid> = units.iter().copied().collect();
        let grants = granted(roles, today)
            .filter(role_grant::Column::UserId.is_in(padded(users)))
            .filter(role_grant::Column::UserId.in_subquery(may_act))
            .filter(role_grant::Column::UnitId.is_in(padded(&units)))
            .all(self.connection())
            .await?;
        Ok(grants.into_iter().map(|grant| grant.user_id).collect())
    }

    /// Whether the actor sees that the same was asked for and can still be decided.
    pub async fn is_asked_for(
        &self,
        actor: &Actor,
        (user, role, at): (Uuid, Role, Uuid),
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let same = scope::grants::role_grant_requests(actor)
            .filter(role_grant_request::Column::UserId.eq(user))
            .filter(role_grant_request::Column::Role.eq(role))
            .filter(role_grant_request::Column::UnitId.eq(at))
            .filter(role_grant_request::Column::Status.eq(RoleGrantRequestStatus::Pending))
            .filter(role_grant_request::Column::LapsesAt.gt(now));
        Ok(same.one(self.connection()).await?.is_some())
    }
}

impl Reader {
    /// The same of visible grants.
    pub async fn last_of_places(&self, grants: &[Uuid], today: NaiveDate) -> Result<HashSet<Uuid>, StoreError> {
        let rows = self.by_keys::<role_grant::Entity>(grants).await?;
        let rows: Vec<&role_grant::Model> = rows.values().map(|row| &**row).collect();
        last_of_places(self.connection(), &rows, today).await
    }

    /// The lists that visible grants name.
    pub async fn lists_of_grants(&self, grants: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, StoreError> {
        let rows = scope::grants::role_grant_lists(self.actor())
            .filter(role_grant_list::Column::RoleGrantId.is_in(padded(grants)))
            .order_by_asc(role_grant_list::Column::TaskListId)
            .all(self.connection())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.role_grant_id, row.task_list_id))))
    }

    /// The lists that visible requests name.
    pub async fn lists_of_grant_requests(&self, requests: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, StoreError> {
        let rows = scope::grants::role_grant_request_lists(self.actor())
            .filter(role_grant_request_list::Column::RoleGrantRequestId.is_in(padded(requests)))
            .order_by_asc(role_grant_request_list::Column::TaskListId)
            .all(self.connection())
            .await?;
        Ok(grouped(rows.into_iter().map(|row| (row.role_grant_request_id, row.task_list_id))))
    }
}

fn grouped(pairs: impl Iterator<Item = (Uuid, Uuid)>) -> HashMap<Uuid, Vec<Uuid>> {
    let mut groups: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (of, list) in pairs {
        groups.entry(of).or_default().push(list);
    }
    groups
}

fn may_act() -> SelectStatement {
    Query::select()
        .column(user_account::Column::Id)
        .from(user_account::Entity)
        .and_where(user_account::Column::DisabledAt.is_null())
        .take()
}

/// The roles without which nobody would be let in, or given anything, any more.
const HAVE_TO_STAY: [Role; 2] = [Role::SystemAdmin, Role::SecurityAdmin];

async fn last_of_places(
    db: &impl ConnectionTrait,
    grants: &[&role_grant::Model],
    today: NaiveDate,
) -> Result<HashSet<Uuid>, StoreError> {
    let asked: Vec<&&role_grant::Model> = grants.iter().filter(|row| HAVE_TO_STAY.contains(&row.role)).collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let units: Vec<Uuid> = asked.iter().map(|row| row.unit_id).collect();
    let roots =
        Query::select().column(unit::Column::Id).from(unit::Entity).and_where(unit::Column::ParentId.is_null()).take();
    let holders = granted(&HAVE_TO_STAY, today)
        .filter(role_grant::Column::UnitId.is_in(padded(&units)))
        .filter(role_grant::Column::UnitId.in_subquery(roots))
        .filter(role_grant::Column::UserId.in_subquery(may_act()))
        .all(db)
        .await?;
    let alone = |row: &role_grant::Model| {
        let mut same = holders.iter().filter(|other| other.unit_id == row.unit_id && other.role == row.role).peekable();
        same.peek().is_some() && same.all(|other| other.user_id == row.user_id)
    };
    Ok(asked.into_iter().filter(|row| alone(row)).map(|row| row.id).collect())
}
