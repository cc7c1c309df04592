//! Whether a right fits its user: asked when it is requested, and again of the locked rows when it is approved.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::vocabulary::{Realm, Role, UserKind};
use entity::{role_grant, task_list, unit, user_account};
use uuid::Uuid;

use super::{Checks, Stop, Work};
use crate::authz::Scope;
use crate::error::{GrantMessage, Message, SignInMessage, UserErrorCode};
use crate::store::query::grants::is_in_force;

/// Characters that are said back of a scope that there is not.
const SCOPE_CHARS: usize = 40;

/// At which of the two moments it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// By whoever asks for the right, of his input.
    Requested,
    /// By whoever decides, of the request.
    Decided,
}

impl When {
    /// Where the client finds what is wrong.
    fn path(self, field: &str) -> String {
        match self {
            Self::Requested => format!("input.{field}"),
            Self::Decided => "id".to_owned(),
        }
    }
}

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
    when: When,
) -> Result<(), Stop> {
    let mut fail = |code, message, field: &str| checks.fail(code, Message::Grant(message), &when.path(field));
    if right.role.realm() != user.realm {
        fail(UserErrorCode::Conflict, GrantMessage::OtherRealm, "role");
    }
    if (right.role == Role::Integration) != (user.kind == UserKind::Service) {
        fail(UserErrorCode::Conflict, GrantMessage::WrongKind, "role");
    }
    if (right.role == Role::Integration) == right.scopes.is_empty() {
        fail(UserErrorCode::Conflict, GrantMessage::ScopesMisplaced, "scopes");
    }
    for word in right.scopes {
        if !Scope::ALL.iter().any(|scope| scope.as_str() == word) {
            let shown = word.chars().take(SCOPE_CHARS).collect();
            fail(UserErrorCode::InvalidFormat, GrantMessage::UnknownScope(shown), "scopes");
        }
    }
    if right.lists.is_some_and(|lists| lists.is_empty() || right.role != Role::Inspector) {
        fail(UserErrorCode::Conflict, GrantMessage::ListsMisplaced, "lists");
    }
    if right.valid_until.is_some_and(|last| last < work.today) {
        fail(UserErrorCode::OutOfRange, GrantMessage::DayPast, "validUntil");
    }
    let roots = work.tx.all_where::<unit::Entity>(unit::Column::Id, &[user.unit_id]).await?;
    if roots.iter().any(|own| own.root_id != at.root_id) {
        fail(UserErrorCode::InvalidState, GrantMessage::OtherRoot, "unit");
    }
    if user.disabled_at.is_some() {
        checks.fail(UserErrorCode::InvalidState, Message::SignIn(SignInMessage::UserDisabled), &when.path("user"));
    }
    if !at.active {
        checks.fail(UserErrorCode::InvalidState, Message::UnitInactive(at.name.clone()), &when.path("unit"));
    }
    lists_exist(work, checks, at.root_id, right.lists.unwrap_or_default(), when).await?;
    held(work, checks, user.id, at.id, right.role, when).await
}

/// Lists are named by those who do not see them; of another place they are as good as absent.
async fn lists_exist(work: &Work, checks: &mut Checks, root: Uuid, lists: &[Uuid], when: When) -> Result<(), Stop> {
    let most = work.service().limits().bulk_items;
    if lists.len() > most {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        checks.fail(UserErrorCode::Limit, Message::OutOfRange(1, most), &when.path("lists"));
        return Ok(());
    }
    let found = work.tx.all_where::<task_list::Entity>(task_list::Column::Id, lists).await?;
    let found: BTreeSet<Uuid> = found.into_iter().filter(|row| row.root_id == root).map(|row| row.id).collect();
    if lists.iter().any(|list| !found.contains(list)) {
        checks.fail(UserErrorCode::NotFound, Message::NotFound, &when.path("lists"));
    }
    Ok(())
}

/// What the user holds already; what is over does not count. Whoever may not see that grant is not told of it by a refusal
/// either: his request goes the way of all others, and whoever decides about it is told.
async fn held(work: &Work, checks: &mut Checks, user: Uuid, at: Uuid, role: Role, when: When) -> Result<(), Stop> {
    let rows = work.tx.grants_not_ended(user).await?;
    let mut live = rows.iter().filter(|row| is_in_force(row, work.today));
    let administers = |row: &&role_grant::Model| row.role.realm() == Realm::Administration;
    let same = live.clone().find(|row| row.role == role && row.unit_id == at);
    let another = if role.realm() == Realm::Administration { live.find(administers) } else { None };
    let (grant, code, message) = match (same, another) {
        (Some(grant), _) => (grant, UserErrorCode::Duplicate, GrantMessage::HeldAlready),
        (None, Some(grant)) => (grant, UserErrorCode::Conflict, GrantMessage::HoldsAnother),
        (None, None) => return Ok(()),
    };
    if when == When::Decided || work.tx.visible::<role_grant::Entity>(&work.actor, grant.id).await?.is_some() {
        checks.fail(code, Message::Grant(message), &when.path("role"));
    }
    Ok(())
}
