//! Personal data that nobody needs any more goes by itself; docs/personal-data.md says what is kept, why and how long.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_entry;
use serde_json::json;

use crate::error::Fault;
use crate::service::Service;
use crate::service::audit::Noted;
use crate::service::rounds::round;
use crate::store::StoreError;
use crate::store::retention::{Kept, PORTION};

/// How often a running server looks.
const PAUSE: Duration = Duration::from_secs(6 * 3_600);
/// Transactions of one run at most; the next one goes on.
const ROUNDS: u32 = 200;
/// A pause between two of them, so that writers come in between.
const BREATH: Duration = Duration::from_millis(5);

impl Service {
    /// From when on something of this kind is kept.
    fn kept_since(&self, kept: Kept, now: DateTime<Utc>) -> DateTime<Utc> {
        let limits = self.limits();
        let days = match kept {
            Kept::IdempotencyResults => limits.kept_idempotency_days,
            Kept::Messages => limits.kept_message_days,
            Kept::Notifications => limits.kept_notification_days,
            Kept::ReporterContacts => limits.kept_contact_days,
            Kept::Credentials | Kept::PasswordHistory | Kept::ExternalIdentities => limits.kept_credential_days,
        };
        now - TimeDelta::days(i64::try_from(days).unwrap_or(i64::from(u16::MAX)))
    }

    /// Removes what is not needed any more; how much went, by kind. Each transaction leaves one row in the trail, with its
    /// counts; one in which nothing went leaves none.
    pub async fn retention(&self) -> Result<Vec<(Kept, u64)>, Fault> {
        let mut sum = Kept::ALL.map(|kept| (kept, 0_u64));
        for _ in 0..ROUNDS {
            let now = self.clock().now();
            let tx = self.store().begin().await.map_err(StoreError::from)?;
            let (mut full, mut gone) = (false, Vec::new());
            for (kept, all) in &mut sum {
                let count = tx.expire(*kept, self.kept_since(*kept, now), now).await?;
                full |= count >= PORTION;
                *all += count;
                if count > 0 {
                    gone.push(format!("{}={count}", kept.name()));
                }
            }
            if gone.is_empty() {
                tx.rollback().await.map_err(StoreError::from)?;
                break;
            }
            let noted = Noted { operation: "retentionRun", request: "retention", ..Noted::default() };
            let row = audit_entry::Model { changed: Some(json!(gone)), ..self.audit_row(noted, now) };
            tx.audit(vec![row]).await?;
            tx.commit().await.map_err(StoreError::from)?;
            if !full {
                break;
            }
            tokio::time::sleep(BREATH).await;
        }
        Ok(sum.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    /// Removes what is not needed any more, for ever.
    pub async fn retention_run(&self) {
        loop {
            match round("retention", self.retention()).await {
                None => {}
                Some(Ok(gone)) if gone.is_empty() => tracing::debug!("nothing had to be removed"),
                Some(Ok(gone)) => tracing::info!(?gone, "what is not needed any more was removed"),
                Some(Err(error)) => tracing::warn!(%error, "what is not needed any more could not be removed"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
