//! What people are told: made from the outbox by a worker, once for each of them, and marked as read by them.

mod accounts;
mod publications;
mod told;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use entity::vocabulary::Role;
use entity::{notification, task_list};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use self::accounts::About;
use self::told::{To, Told};
use super::rounds::round;
use super::work::begin;
use super::{Answer, Call, Caller, Service, Stop, Work};
use crate::clock::day_of;
use crate::error::{Fault, Message, UserError, UserErrorCode};
use crate::id::{GlobalId, Kind};
use crate::store::StoreError;

/// Messages that are delivered in one transaction.
const PORTION: u64 = 200;
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_secs(5);

/// What came of marking one notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    /// The notice that was named.
    pub notification: Uuid,
    /// Whether it is there.
    pub found: bool,
}

impl Service {
    /// Tells people what there is to tell, for ever.
    pub async fn notices_run(&self) {
        loop {
            match round("notices", self.notices_deliver()).await {
                None | Some(Ok(0)) => tokio::time::sleep(PAUSE).await,
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    tracing::warn!(%error, "nobody can be told anything at the moment");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Delivers a portion of the messages that wait; how many there were. Delivered and told are one transaction, so that
    /// nobody is told twice and nobody is forgotten.
    pub async fn notices_deliver(&self) -> Result<usize, Fault> {
        let now = self.clock().now();
        if !self.store().outbox_waits(now).await? {
            return Ok(0);
        }
        let tx = self.store().begin().await.map_err(StoreError::from)?;
        let messages = tx.outbox_waiting(now, PORTION).await?;
        let told: Vec<Told> = messages.iter().filter_map(Told::of).collect();
        let units: HashSet<Uuid> = told.iter().filter_map(|told| told.to.unit()).collect();
        let lists: HashSet<Uuid> = told.iter().filter_map(|told| told.to.list()).collect();
        let issuers: HashMap<Uuid, Uuid> = tx
            .all_where::<task_list::Entity>(task_list::Column::Id, &lists.into_iter().collect::<Vec<_>>())
            .await?
            .into_iter()
            .map(|list| (list.id, list.issuer_unit_id))
            .collect();
        let today = day_of(now);
        let roles = [Role::Reporter, Role::Approver];
        let people = tx.people_with(&roles, &units.into_iter().collect::<Vec<_>>(), today).await?;
        let signers: Vec<Uuid> = told.iter().filter_map(|told| told.to.signers()).collect();
        let signers = tx.people_with(&[Role::Approver], &signers, today).await?;
        let offices: HashSet<Uuid> = issuers.values().copied().collect();
        let offices = tx.offices_of(&offices.into_iter().collect::<Vec<_>>(), today).await?;
        let nobody = HashSet::new();
        let mut rows = publications::told(self, &tx, &messages, today).await?;
        rows.extend(accounts::told(self, &tx, &messages, today).await?);
        for told in told {
            let users = match told.to {
                To::Unit(unit) => people.get(&unit),
                To::Signers(unit) => signers.get(&unit),
                To::Office { list, .. } => issuers.get(&list).and_then(|issuer| offices.get(issuer)),
            };
            for user in users.unwrap_or(&nobody) {
                rows.push(notification::Model {
                    id: self.ids().next(),
                    user_id: *user,
                    unit_id: told.to.about(),
                    kind: told.kind,
                    subject_id: told.subject,
                    origin: told.origin.clone(),
                    created_at: told.at,
                    read_at: None,
                });
            }
        }
        tx.tell_people(rows).await?;
        tx.outbox_delivered(&messages.iter().map(|row| row.id).collect::<Vec<_>>(), now).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(messages.len())
    }

    /// Marks notices as read.
    pub async fn notification_mark_read(
        &self,
        caller: &Caller,
        key: Option<String>,
        notifications: Vec<Uuid>,
    ) -> Answer<Vec<Marked>> {
        let mut work = begin!(self, caller, Call::new("notificationMarkRead", key, &notifications)?);
        let result = mark(&mut work, &notifications).await;
        work.end(result).await
    }
}

async fn mark(work: &mut Work, notifications: &[Uuid]) -> Result<Vec<Marked>, Stop> {
    let most = work.service().limits().bulk_items;
    if notifications.len() > most {
        return Err(UserError::at(UserErrorCode::Limit, Message::TooMany(most), "input.notifications").into());
    }
    // One's own are all one sees, and whoever sees one may put it aside: there is nothing left for the policy to decide.
    let column = notification::Column::Id;
    let rows = work.tx.locked_where::<notification::Entity>(&work.actor, column, notifications).await?;
    let found: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
    for row in rows {
        if row.read_at.is_none() {
            let read = notification::Model { read_at: Some(work.now), ..row.into_inner() };
            work.tx.update::<notification::Entity>(read).await?;
        }
    }
    work.audit(GlobalId::new(Kind::User, work.actor.user_id), &["notifications"]);
    let marked = |id: &Uuid| Marked { notification: *id, found: found.contains(id) };
    Ok(notifications.iter().map(marked).collect())
}
