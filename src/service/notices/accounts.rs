//! What people are told of their accounts and rights, and those who keep rights of what waits for them.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::vocabulary::{NotificationKind as Kind, Role, RoleGrantRequestStatus};
use entity::{notification, outbox, role_grant, role_grant_request, totp_removal, user_account};
use serde_json::json;
use uuid::Uuid;

use crate::service::Service;
use crate::store::{StoreError, Tx};

/// Something about an account or a right that somebody has to be told.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct About {
    /// Of what.
    pub(in crate::service) kind: Kind,
    /// Whose account or right it is.
    pub(in crate::service) user: Uuid,
    /// The unit: of the user, or of the right.
    pub(in crate::service) unit: Uuid,
    /// The account, the right or the request.
    pub(in crate::service) subject: Uuid,
}

impl About {
    /// About the account itself.
    pub(in crate::service) const fn account(kind: Kind, user: &user_account::Model) -> Self {
        Self { kind, user: user.id, unit: user.unit_id, subject: user.id }
    }
}

const TOPIC: &str = "account.";

impl Service {
    /// Something people have to be told of an account, sent with the change. Identifiers only.
    pub(in crate::service) async fn tell_about(
        &self,
        tx: &Tx,
        about: About,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        tx.insert::<outbox::Entity>(outbox::Model {
            id: self.ids().next(),
            topic: format!("{TOPIC}{}", about.kind.as_str().to_ascii_lowercase()),
            payload: json!({ "user": about.user, "unit": about.unit, "subject": about.subject }),
            created_at: now,
            available_at: now,
            attempts: 0,
            delivered_at: None,
        })
        .await
    }
}

fn of(message: &outbox::Model) -> Option<About> {
    let word = message.topic.strip_prefix(TOPIC)?.to_ascii_uppercase();
    let kind = *Kind::ALL.iter().find(|kind| kind.as_str() == word)?;
    let id = |field: &str| message.payload.get(field)?.as_str()?.parse::<Uuid>().ok();
    Some(About { kind, user: id("user")?, unit: id("unit")?, subject: id("subject")? })
}

/// What people are told because of these messages.
pub(super) async fn told(
    service: &Service,
    tx: &Tx,
    messages: &[outbox::Model],
    today: NaiveDate,
) -> Result<Vec<notification::Model>, StoreError> {
    let mut rows = Vec::new();
    for message in messages {
        let Some(about) = of(message) else { continue };
        let users = match about.kind {
            Kind::GrantRequested => of_request(tx, about.subject, today).await?,
            Kind::TotpRemovalRequested => {
                let mut users = of_removal(tx, about.user, today).await?;
                // He hears of it too, and may decline it.
                users.insert(about.user);
                users
            }
            _ => HashSet::from([about.user]),
        };
        rows.extend(users.into_iter().map(|user_id| notification::Model {
            id: service.ids().next(),
            user_id,
            unit_id: about.unit,
            kind: about.kind,
            subject_id: about.subject,
            origin: message.id.to_string(),
            created_at: message.created_at,
            read_at: None,
        }));
    }
    Ok(rows)
}

/// Who may decide about a request for a right that waits still.
async fn of_request(tx: &Tx, id: Uuid, today: NaiveDate) -> Result<HashSet<Uuid>, StoreError> {
    let found = tx.all_where::<role_grant_request::Entity>(role_grant_request::Column::Id, &[id]).await?;
    let Some(asked) = found.into_iter().find(|asked| asked.status == RoleGrantRequestStatus::Pending) else {
        return Ok(HashSet::new());
    };
    let mut users = keepers(tx, asked.unit_id, today).await?;
    users.retain(|user| ![asked.requested_by, asked.user_id].contains(user));
    Ok(users)
}

/// Who may decide that somebody's one-time passwords are taken away: they are over all that he holds.
async fn of_removal(tx: &Tx, user: Uuid, today: NaiveDate) -> Result<HashSet<Uuid>, StoreError> {
    let found = tx.all_where::<totp_removal::Entity>(totp_removal::Column::UserId, &[user]).await?;
    let waits = found.into_iter().find(|asked| asked.status == RoleGrantRequestStatus::Pending);
    let (Some(asked), Some(account)) = (waits, tx.user_by_id(user).await?) else { return Ok(HashSet::new()) };
    let mut users = keepers(tx, account.unit_id, today).await?;
    let grants = tx.all_where::<role_grant::Entity>(role_grant::Column::UserId, &[user]).await?;
    let places: HashSet<Uuid> = grants.iter().filter(|grant| grant.ended_at.is_none()).map(|g| g.unit_id).collect();
    for place in places {
        let over = keepers(tx, place, today).await?;
        users.retain(|user| over.contains(user));
    }
    users.retain(|keeper| ![asked.requested_by, user].contains(keeper));
    Ok(users)
}

/// Who keeps the rights of a unit.
async fn keepers(tx: &Tx, unit: Uuid, today: NaiveDate) -> Result<HashSet<Uuid>, StoreError> {
    let above: Vec<Uuid> = tx.ancestors(&[unit]).await?.remove(&unit).unwrap_or_default().into_iter().collect();
    let people = tx.people_with(&[Role::SecurityAdmin], &above, today).await?;
    Ok(people.into_values().flatten().collect())
}
