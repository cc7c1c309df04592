//! The hands of somebody who owns the database: rows taken out, put in, and whole chains made anew with hashes that fit.

use entity::{audit_anchor, audit_entry, audit_head};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use taizhang::store::audit_chain::link;
use uuid::Uuid;

use crate::mutation::reports_stage::Stage;
use crate::support::database::raw_at;

/// What the database holds of the trail.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub rows: Vec<audit_entry::Model>,
    pub head: Option<audit_head::Model>,
    pub anchors: Vec<audit_anchor::Model>,
}

impl Held {
    /// As it is.
    pub async fn of(s: &Stage) -> Self {
        let db = raw_at(&s.t.database.url).await;
        #[expect(clippy::disallowed_methods, reason = "looks past every scope")]
        let (head, anchors) =
            (audit_head::Entity::find().one(&db).await.unwrap(), audit_anchor::Entity::find().all(&db).await.unwrap());
        Self { rows: super::trail(s).await, head, anchors }
    }

    /// Puts the database into this state, whatever it held before; the fences must be down.
    pub async fn put(&self, db: &impl ConnectionTrait) {
        for table in ["audit_entry", "audit_head", "audit_anchor"] {
            db.execute_unprepared(&format!("DELETE FROM {table}")).await.unwrap();
        }
        let rows = self.rows.iter().cloned().map(|row| row.into_active_model().reset_all());
        audit_entry::Entity::insert_many(rows).exec_without_returning(db).await.unwrap();
        if let Some(head) = self.head.clone() {
            let head = head.into_active_model().reset_all();
            audit_head::Entity::insert(head).exec_without_returning(db).await.unwrap();
        }
        for anchor in self.anchors.iter().cloned() {
            let anchor = anchor.into_active_model().reset_all();
            audit_anchor::Entity::insert(anchor).exec_without_returning(db).await.unwrap();
        }
    }

    /// Numbers and hashes anew from this place on, the head with them: a chain that is whole in itself.
    pub fn rehash(&mut self, from: usize) {
        let mut before = from.checked_sub(1).map_or_else(String::new, |at| self.rows[at].hash.clone().unwrap());
        for (at, row) in self.rows.iter_mut().enumerate().skip(from) {
            row.sequence = Some(i64::try_from(at).unwrap() + 1);
            before = link(&before, row);
            row.hash = Some(before.clone());
        }
        let head = self.head.as_mut().unwrap();
        (head.sequence, head.hash) = (i64::try_from(self.rows.len()).unwrap(), before);
    }

    /// The key of the row with this number.
    pub fn key(&self, number: i64) -> Uuid {
        self.rows[usize::try_from(number).unwrap() - 1].id
    }

    /// The place of the statement about this row.
    pub fn statement(&mut self, number: i64) -> &mut audit_anchor::Model {
        self.anchors.iter_mut().find(|anchor| anchor.sequence == number).unwrap()
    }
}
