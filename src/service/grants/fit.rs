//! Whether a right fits its user: asked when it is requested, and again of the locked rows when it is approved.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::vocabulary::{Realm, Role, UserKind};
use entity::{role_grant, task_list, unit, user_account};
use uuid::Uuid;

use super::{Checks, Stop, Work};
use crate::authz::Scope;
use crate::error::{GrantMessage, Message, SignInMessage, UserErrorCode};

/// A right, and what it names besides.
pub(super) struct Right<'a> {
    pub role: Role,
    pub scopes: &'a [String],
    pub lists: Option<&'a [Uuid]>,
    pub valid_until: Option<NaiveDate>,
}

/// What is wrong with giving `right` at `at` to `user`. The user is claimed, so that what he holds stays what it is.
pub(super) async fn check(
    work: &Work,
    checks: &mut Checks,
    user: &user_account::Model,
    at: &unit::Model,
    right: &Right<'_>,
) -> Result<(), Stop> {
    let mut fail = |code, message, path: &str| checks.fail(code, Message::Grant(message), path);
    if right.role.realm() != user.realm {
        fail(UserErrorCode::Conflict, GrantMessage::OtherRealm, "input.role");
    }
    if (right.role == Role::Integration) != (user.kind == UserKind::Service) {
        fail(UserErrorCode::Conflict, GrantMessage::WrongKind, "input.role");
    }
    if (right.role == Role::Integration) == right.scopes.is_empty() {
        fail(UserErrorCode::Conflict, GrantMessage::ScopesMisplaced, "input.scopes");
    }
    for word in right.scopes {
        if !Scope::ALL.iter().any(|scope| scope.as_str() == word) {
            fail(UserErrorCode::InvalidFormat, GrantMessage::UnknownScope(word.clone()), "input.scopes");
        }
    }
    if right.lists.is_some_and(|lists| lists.is_empty() || right.role != Role::Inspector) {
        fail(UserErrorCode::Conflict, GrantMessage::ListsMisplaced, "input.lists");
    }
    if right.valid_until.is_some_and(|last| last < work.today) {
        fail(UserErrorCode::OutOfRange, GrantMessage::DayPast, "input.validUntil");
    }
    let roots = work.tx.all_where::<unit::Entity>(unit::Column::Id, &[user.unit_id]).await?;
    if roots.iter().any(|own| own.root_id != at.root_id) {
        fail(UserErrorCode::InvalidState, GrantMessage::OtherRoot, "input.unit");
    }
    if user.disabled_at.is_some() {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::UserDisabled), "input.user");
    }
    if !at.active {
        checks.fail(UserErrorCode::InvalidState, Message::UnitInactive(at.name.clone()), "input.unit");
    }
    lists_exist(work, checks, at.root_id, right.lists.unwrap_or_default()).await?;
    held(work, checks, user.id, at.id, right.role).await
}

/// Lists are named by those who do not see them; of another place they are as good as absent.
async fn lists_exist(work: &Work, checks: &mut Checks, root: Uuid, lists: &[Uuid]) -> Result<(), Stop> {
    let most = work.service().limits().bulk_items;
    if lists.len() > most {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        checks.fail(UserErrorCode::Limit, Message::OutOfRange(1, most), "input.lists");
        return Ok(());
    }
    let found = work.tx.all_where::<task_list::Entity>(task_list::Column::Id, lists).await?;
    let found: BTreeSet<Uuid> = found.into_iter().filter(|row| row.root_id == root).map(|row| row.id).collect();
    if lists.iter().any(|list| !found.contains(list)) {
        checks.fail(UserErrorCode::NotFound, Message::NotFound, "input.lists");
    }
    Ok(())
}

/// What the user holds already; what is over does not count.
async fn held(work: &Work, checks: &mut Checks, user: Uuid, at: Uuid, role: Role) -> Result<(), Stop> {
    let rows = work.tx.all_where::<role_grant::Entity>(role_grant::Column::UserId, &[user]).await?;
    let mut live = rows.iter().filter(|row| is_live(row, work.today));
    let administers = |row: &role_grant::Model| row.role.realm() == Realm::Administration;
    if live.clone().any(|row| row.role == role && row.unit_id == at) {
        checks.fail(UserErrorCode::Duplicate, Message::Grant(GrantMessage::HeldAlready), "input.role");
    } else if role.realm() == Realm::Administration && live.any(administers) {
        checks.fail(UserErrorCode::Conflict, Message::Grant(GrantMessage::HoldsAnother), "input.role");
    }
    Ok(())
}

/// Whether a grant was neither taken away nor is over.
pub(super) fn is_live(row: &role_grant::Model, today: NaiveDate) -> bool {
    row.ended_at.is_none() && row.valid_until.is_none_or(|last| today <= last)
}
