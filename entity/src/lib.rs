//! Row types of taizhang's tables, one file per table, and the closed word lists they use.

#![expect(
    clippy::disallowed_methods,
    reason = "the derive calls find; nobody here has a connection to send it through"
)]

pub mod amendment;
pub mod amendment_audience;
pub mod amendment_change;
pub mod assignment;
pub mod assignment_response;
pub mod audit_anchor;
pub mod audit_entry;
pub mod audit_head;
pub mod data_key;
pub mod deadline;
pub mod evidence;
pub mod export_job;
pub mod extension_request;
pub mod file;
pub mod file_chunk;
pub mod idempotency_result;
pub mod import_question;
pub mod look_back;
pub mod look_back_evidence;
pub mod look_back_item;
pub mod notification;
pub mod obligation_due_change;
pub mod one_time_code;
pub mod outbox;
pub mod password_history;
pub mod period_due_change;
pub mod period_freeze;
pub mod period_reopening;
pub mod period_schedule;
pub mod progress_report;
pub mod progress_report_revision;
pub mod publication;
pub mod publication_finding;
pub mod publication_public;
pub mod publication_release;
pub mod publication_snapshot;
pub mod publication_step;
pub mod rectification;
pub mod rectification_step;
pub mod refresh_token;
pub mod report_obligation;
pub mod report_part;
pub mod report_review;
pub mod report_signature;
pub mod reporting_period;
pub mod role_grant;
pub mod role_grant_list;
pub mod section;
pub mod section_closure;
pub mod session;
pub mod signing_key;
pub mod task;
pub mod task_lineage;
pub mod task_list;
pub mod task_reporting_lead;
pub mod unit;
pub mod unit_alias;
pub mod unit_change;
pub mod unit_closure;
pub mod unit_group;
pub mod unit_group_alias;
pub mod unit_group_member;
pub mod urge_notice;
pub mod urge_notice_item;
pub mod urge_rule;
pub mod urge_rule_run;
pub mod user_account;
pub mod user_credential;
pub mod vocabulary;
