//! A change of one table, in memory first and in the database when it turns out to be hidden.

use chrono::{DateTime, TimeDelta, Utc};
use taizhang::store::{StoreError, Tx};
use uuid::Uuid;

use crate::support::world::{Rows, now};

macro_rules! writes {
    (
        rows { $($table:ident),+ $(,)? }
        parts { $($part:ident of $of:ident ($column:ident)),+ $(,)? }
        notes { $($note:ident),+ $(,)? }
    ) => {
        /// A change: a row that is new or other than before; the rows under one row, as they are from now on; or a row
        /// that is added and never changed.
        #[expect(non_camel_case_types, reason = "variants are tables")]
        #[derive(Clone, Debug)]
        pub enum Write {
            $($table(bool, entity::$table::Model),)+
            $($part(Uuid, Vec<entity::$part::Model>),)+
            $($note(entity::$note::Model),)+
        }

        /// The tables that are changed.
        pub const VARIED: &[&str] = &[
            $(stringify!($table),)+
            $(stringify!($part),)+
            $(stringify!($note),)+
        ];

        impl Write {
            /// Into memory.
            pub fn remember(&self, rows: &mut Rows) {
                match self {
                    $(Self::$table(true, row) => rows.$table.push(row.clone()),
                    Self::$table(false, row) => {
                        *rows.$table.iter_mut().find(|known| known.id == row.id).unwrap() = row.clone();
                    })+
                    $(Self::$part(of, those) => {
                        rows.$part.retain(|row| row.$of != *of);
                        rows.$part.extend(those.iter().cloned());
                    })+
                    $(Self::$note(row) => rows.$note.push(row.clone()),)+
                }
            }

            /// Into the database.
            pub async fn apply(&self, tx: &Tx) -> Result<(), StoreError> {
                match self {
                    $(Self::$table(true, row) => tx.insert::<entity::$table::Entity>(row.clone()).await,
                    Self::$table(false, row) => tx.update::<entity::$table::Entity>(row.clone()).await,)+
                    $(Self::$part(of, those) => {
                        tx.delete_where::<entity::$part::Entity>(entity::$part::Column::$column, *of).await?;
                        tx.insert_all::<entity::$part::Entity>(those.clone()).await
                    })+
                    $(Self::$note(row) => tx.insert::<entity::$note::Entity>(row.clone()).await,)+
                }
            }

            /// The table.
            pub fn table(&self) -> &'static str {
                match self {
                    $(Self::$table(..) => stringify!($table),)+
                    $(Self::$part(..) => stringify!($part),)+
                    $(Self::$note(..) => stringify!($note),)+
                }
            }
        }
    };
}

writes! {
    rows {
        unit, unit_alias, unit_group, unit_group_alias, user_account, service_secret, external_identity, role_grant, role_grant_request, task_list, section, task, deadline,
        import_question, assignment, reporting_period, report_obligation, progress_report, progress_report_revision,
        report_review, file, export_job, period_schedule, period_reopening, period_freeze, period_due_change,
        obligation_due_change, extension_request, report_signature, evidence, report_part, task_reporting_lead,
        notification, urge_notice, urge_rule,
        assignment_response, amendment, amendment_change, unit_change,
        look_back, look_back_item, rectification, rectification_step, look_back_evidence, task_lineage,
        publication, publication_snapshot, publication_step, publication_finding, publication_release,
    }
    parts {
        unit_group_member of unit_group_id (UnitGroupId),
        totp_removal of user_id (UserId),
        user_credential of user_id (UserId),
        role_grant_list of role_grant_id (RoleGrantId),
        role_grant_request_list of role_grant_request_id (RoleGrantRequestId),
        amendment_audience of amendment_change_id (AmendmentChangeId),
        urge_notice_item of urge_notice_id (UrgeNoticeId),
    }
    notes { audit_entry, outbox, idempotency_result, urge_rule_run, session, signing_key, used_handle }
}

impl Write {
    /// How somebody comes in who is locked.
    pub fn way_in(user_id: Uuid, at: DateTime<Utc>) -> entity::user_credential::Model {
        entity::user_credential::Model {
            user_id,
            password_hash: None,
            changed_at: None,
            must_change: false,
            failures: 0,
            locked_until: Some(now() + TimeDelta::hours(1)),
            totp_ciphertext: None,
            totp_confirmed_at: None,
            totp_last_step: None,
            last_sign_in_at: Some(at),
            last_sign_in_address: Some("192.0.2.1".to_owned()),
            version: 1,
            created_at: at,
            updated_at: at,
        }
    }

    /// A session that lives for an hour.
    pub fn opened(id: Uuid, user_id: Uuid, at: DateTime<Utc>, purpose: String) -> Self {
        Self::session(entity::session::Model {
            id,
            user_id,
            created_at: at,
            expires_at: now() + TimeDelta::hours(1),
            revoked_at: None,
            purpose,
            last_used_at: None,
            idle_ends_at: None,
            address: None,
            user_agent: None,
            scopes: None,
            service_secret_id: None,
            external_identity_id: None,
            second_factor_elsewhere: false,
            previous_sign_in_at: None,
            previous_sign_in_address: None,
        })
    }
}
