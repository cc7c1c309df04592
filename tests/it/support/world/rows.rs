//! The rows of a world, table by table, in memory and in the database.

use taizhang::store::Tx;

macro_rules! tables {
    ($($table:ident),+ $(,)?) => {
        /// Every row the world was made of, in the order in which tables refer to each other.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Rows {
            $(pub $table: Vec<entity::$table::Model>),+
        }

        impl Rows {
            /// Puts them all into an empty database.
            pub async fn write(&self, tx: &Tx) {
                $(tx.insert_all::<entity::$table::Entity>(self.$table.clone())
                    .await
                    .unwrap_or_else(|e| panic!(concat!(stringify!($table), ": {}"), e));)+
            }

            /// How many rows there are in all.
            pub fn len(&self) -> usize {
                [$(self.$table.len()),+].iter().sum()
            }
        }
    };
}

tables! {
    unit, unit_closure, unit_alias, unit_group, unit_group_alias, unit_group_member, user_account, service_secret, external_identity, totp_removal,
    user_credential,
    role_grant_request, role_grant, task_list, role_grant_list, role_grant_request_list, section, section_closure, task, deadline, import_question, assignment, reporting_period,
    report_obligation, progress_report, progress_report_revision, report_review, file, export_job, period_schedule,
    period_reopening, period_freeze, extension_request, report_signature, evidence, report_part, task_reporting_lead,
    urge_notice, urge_notice_item, notification, urge_rule,
    assignment_response, amendment, amendment_change, amendment_audience, unit_change,
    look_back, look_back_item, rectification, rectification_step, look_back_evidence, task_lineage,
    publication, publication_snapshot, publication_step, publication_finding, publication_release,
    publication_public,
    // Nothing of these at first.
    period_due_change, obligation_due_change, audit_entry, outbox, idempotency_result, urge_rule_run, session,
    signing_key, used_handle,
}
