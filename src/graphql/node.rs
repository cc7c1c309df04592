//! `node` and `nodes`: any object by its identifier, under the same scope as everywhere.

use async_graphql::{Context, ID, Interface, Object};
use entity::{
    amendment, amendment_change, assignment, assignment_response, audit_entry, deadline, evidence, export_job,
    extension_request, external_identity, file, import_question, look_back, look_back_evidence, look_back_item,
    notification, period_freeze, period_reopening, period_schedule, progress_report, progress_report_revision,
    publication, publication_finding, publication_release, publication_step, rectification, rectification_step,
    report_obligation, report_part, report_review, report_signature, reporting_period, role_grant, role_grant_request,
    section, service_secret, session, task, task_lineage, task_list, unit, unit_change, unit_group, urge_notice,
    urge_rule, user_account,
};

use super::context::{self, RequestContext};
use super::types::amendment::{Amendment, AmendmentChange};
use super::types::assignment::{Assignment, Deadline};
use super::types::assignment_response::AssignmentResponse;
use super::types::audit::AuditEntry;
use super::types::directory::{Unit, UnitGroup};
use super::types::evidence::Evidence;
use super::types::export::ExportJob;
use super::types::extension::ExtensionRequest;
use super::types::external_identity::ExternalIdentity;
use super::types::file::File;
use super::types::import_question::ImportQuestion;
use super::types::lineage::TaskLineage;
use super::types::look_back::{LookBack, LookBackItem};
use super::types::look_back_evidence::LookBackEvidence;
use super::types::notification::Notification;
use super::types::obligation::ReportObligation;
use super::types::publication::Publication;
use super::types::publication_parts::{PublicationFinding, PublicationStep};
use super::types::publication_release::PublicationRelease;
use super::types::rectification::{Rectification, RectificationStep};
use super::types::reopening::{PeriodFreeze, PeriodReopening};
use super::types::report::ProgressReport;
use super::types::report_history::{ProgressReportRevision, ReportReview, ReportSignature};
use super::types::report_part::ReportPart;
use super::types::reporting::ReportingPeriod;
use super::types::role_grant::RoleGrant;
use super::types::role_grant_request::RoleGrantRequest;
use super::types::schedule::PeriodSchedule;
use super::types::section::Section;
use super::types::service_secret::ServiceAccountSecret;
use super::types::session::Session;
use super::types::task::Task;
use super::types::task_list::TaskList;
use super::types::unit_change::UnitChange;
use super::types::urge_notice::UrgeNotice;
use super::types::urge_rule::UrgeRule;
use super::types::user::User;
use super::user_error::bad_request;
use crate::id::{GlobalId, Kind};

/// 可按标识取得的对象。
/// An object that can be fetched by its identifier.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "标识。\nThe identifier."))]
pub enum Node {
    /// A unit.
    Unit(Unit),
    /// A group.
    UnitGroup(UnitGroup),
    /// A user.
    User(User),
    /// A session.
    Session(Session),
    /// A secret of a service account.
    ServiceAccountSecret(ServiceAccountSecret),
    /// Who somebody is at another sign-in service.
    ExternalIdentity(ExternalIdentity),
    /// A list.
    TaskList(TaskList),
    /// A section.
    Section(Section),
    /// A task.
    Task(Task),
    /// A deadline.
    Deadline(Deadline),
    /// A question of an import.
    ImportQuestion(ImportQuestion),
    /// An export.
    ExportJob(ExportJob),
    /// An assignment.
    Assignment(Assignment),
    /// A period.
    ReportingPeriod(ReportingPeriod),
    /// An obligation.
    ReportObligation(ReportObligation),
    /// A report.
    ProgressReport(ProgressReport),
    /// A revision.
    ProgressReportRevision(ProgressReportRevision),
    /// A review.
    ReportReview(ReportReview),
    /// A file.
    File(File),
    /// A schedule.
    PeriodSchedule(PeriodSchedule),
    /// A reopening.
    PeriodReopening(PeriodReopening),
    /// Frozen sums.
    PeriodFreeze(PeriodFreeze),
    /// A request for more time.
    ExtensionRequest(ExtensionRequest),
    /// A signature.
    ReportSignature(ReportSignature),
    /// A piece of evidence.
    Evidence(Evidence),
    /// A part of a merged report.
    ReportPart(ReportPart),
    /// Something a person is told.
    Notification(Notification),
    /// A notice by which a unit is urged.
    UrgeNotice(UrgeNotice),
    /// A rule by which units are urged.
    UrgeRule(UrgeRule),
    /// A unit's answer to an assignment.
    AssignmentResponse(AssignmentResponse),
    /// An amendment.
    Amendment(Amendment),
    /// A change of an amendment.
    AmendmentChange(AmendmentChange),
    /// A line of a unit's history.
    UnitChange(UnitChange),
    /// A round of looking back.
    LookBack(LookBack),
    /// A part of a task that is looked back at.
    LookBackItem(LookBackItem),
    /// Evidence of a finding or of what was put right.
    LookBackEvidence(LookBackEvidence),
    /// A problem that is to be put right.
    Rectification(Rectification),
    /// A step in the life of a rectification.
    RectificationStep(RectificationStep),
    /// Where a task comes from.
    TaskLineage(TaskLineage),
    /// A publication.
    Publication(Publication),
    /// What was done to a publication.
    PublicationStep(PublicationStep),
    /// Something found in a publication.
    PublicationFinding(PublicationFinding),
    /// Something a secrecy review let through.
    PublicationRelease(PublicationRelease),
    /// A row of the audit trail.
    AuditEntry(AuditEntry),
    /// A right.
    RoleGrant(RoleGrant),
    /// A request for a right.
    RoleGrantRequest(RoleGrantRequest),
}

async fn fetch(request: &RequestContext, id: &ID) -> async_graphql::Result<Option<Node>> {
    let global: GlobalId =
        id.parse().map_err(|_| bad_request("this is no identifier: identifiers look like task_01h…"))?;
    let key = global.uuid;
    Ok(match global.kind {
        Kind::Unit => request.row::<unit::Entity>(key).await?.map(|row| Unit::from(row).into()),
        Kind::UnitGroup => request.row::<unit_group::Entity>(key).await?.map(|row| UnitGroup::from(row).into()),
        Kind::Session => request.row::<session::Entity>(key).await?.map(|row| Session::from(row).into()),
        Kind::ServiceAccountSecret => {
            request.row::<service_secret::Entity>(key).await?.map(|row| ServiceAccountSecret::from(row).into())
        }
        Kind::ExternalIdentity => {
            request.row::<external_identity::Entity>(key).await?.map(|row| ExternalIdentity::from(row).into())
        }
        Kind::User => request.row::<user_account::Entity>(key).await?.map(|row| User::from(row).into()),
        Kind::TaskList => request.row::<task_list::Entity>(key).await?.map(|row| TaskList::from(row).into()),
        Kind::Section => request.row::<section::Entity>(key).await?.map(|row| Section::from(row).into()),
        Kind::Task => request.row::<task::Entity>(key).await?.map(|row| Task::from(row).into()),
        Kind::Deadline => request.row::<deadline::Entity>(key).await?.map(|row| Deadline::from(row).into()),
        Kind::ImportQuestion => {
            request.row::<import_question::Entity>(key).await?.map(|row| ImportQuestion::from(row).into())
        }
        Kind::ExportJob => request.row::<export_job::Entity>(key).await?.map(|row| ExportJob::from(row).into()),
        Kind::Assignment => request.row::<assignment::Entity>(key).await?.map(|row| Assignment::from(row).into()),
        Kind::ReportingPeriod => {
            request.row::<reporting_period::Entity>(key).await?.map(|row| ReportingPeriod::from(row).into())
        }
        Kind::ReportObligation => {
            request.row::<report_obligation::Entity>(key).await?.map(|row| ReportObligation::from(row).into())
        }
        Kind::ProgressReport => {
            request.row::<progress_report::Entity>(key).await?.map(|row| ProgressReport::from(row).into())
        }
        Kind::ProgressReportRevision => request
            .row::<progress_report_revision::Entity>(key)
            .await?
            .map(|row| ProgressReportRevision::from(row).into()),
        Kind::ReportReview => {
            request.row::<report_review::Entity>(key).await?.map(|row| ReportReview::from(row).into())
        }
        Kind::File => request.row::<file::Entity>(key).await?.map(|row| File::from(row).into()),
        Kind::PeriodSchedule => {
            request.row::<period_schedule::Entity>(key).await?.map(|row| PeriodSchedule::from(row).into())
        }
        Kind::PeriodReopening => {
            request.row::<period_reopening::Entity>(key).await?.map(|row| PeriodReopening::from(row).into())
        }
        Kind::PeriodFreeze => {
            request.row::<period_freeze::Entity>(key).await?.map(|row| PeriodFreeze::from(row).into())
        }
        Kind::ExtensionRequest => {
            request.row::<extension_request::Entity>(key).await?.map(|row| ExtensionRequest::from(row).into())
        }
        Kind::ReportSignature => {
            request.row::<report_signature::Entity>(key).await?.map(|row| ReportSignature::from(row).into())
        }
        Kind::Evidence => request.row::<evidence::Entity>(key).await?.map(|row| Evidence::from(row).into()),
        Kind::ReportPart => request.row::<report_part::Entity>(key).await?.map(|row| ReportPart::from(row).into()),
        Kind::Notification => request.row::<notification::Entity>(key).await?.map(|row| Notification::from(row).into()),
        Kind::UrgeNotice => request.row::<urge_notice::Entity>(key).await?.map(|row| UrgeNotice::from(row).into()),
        Kind::UrgeRule => request.row::<urge_rule::Entity>(key).await?.map(|row| UrgeRule::from(row).into()),
        Kind::AssignmentResponse => {
            request.row::<assignment_response::Entity>(key).await?.map(|row| AssignmentResponse::from(row).into())
        }
        Kind::Amendment => request.row::<amendment::Entity>(key).await?.map(|row| Amendment::from(row).into()),
        Kind::AmendmentChange => {
            request.row::<amendment_change::Entity>(key).await?.map(|row| AmendmentChange::from(row).into())
        }
        Kind::UnitChange => request.row::<unit_change::Entity>(key).await?.map(|row| UnitChange::from(row).into()),
        Kind::LookBack => request.row::<look_back::Entity>(key).await?.map(|row| LookBack::from(row).into()),
        Kind::LookBackItem => {
            request.row::<look_back_item::Entity>(key).await?.map(|row| LookBackItem::from(row).into())
        }
        Kind::LookBackEvidence => {
            request.row::<look_back_evidence::Entity>(key).await?.map(|row| LookBackEvidence::from(row).into())
        }
        Kind::Rectification => {
            request.row::<rectification::Entity>(key).await?.map(|row| Rectification::from(row).into())
        }
        Kind::RectificationStep => {
            request.row::<rectification_step::Entity>(key).await?.map(|row| RectificationStep::from(row).into())
        }
        Kind::TaskLineage => request.row::<task_lineage::Entity>(key).await?.map(|row| TaskLineage::from(row).into()),
        Kind::Publication => request.row::<publication::Entity>(key).await?.map(|row| Publication::from(row).into()),
        Kind::PublicationStep => {
            request.row::<publication_step::Entity>(key).await?.map(|row| PublicationStep::from(row).into())
        }
        Kind::PublicationFinding => {
            request.row::<publication_finding::Entity>(key).await?.map(|row| PublicationFinding::from(row).into())
        }
        Kind::PublicationRelease => {
            request.row::<publication_release::Entity>(key).await?.map(|row| PublicationRelease::from(row).into())
        }
        Kind::RoleGrant => request.row::<role_grant::Entity>(key).await?.map(|row| RoleGrant::from(row).into()),
        Kind::RoleGrantRequest => {
            request.row::<role_grant_request::Entity>(key).await?.map(|row| RoleGrantRequest::from(row).into())
        }
        Kind::AuditEntry => request.row::<audit_entry::Entity>(key).await?.map(|row| AuditEntry::from(row).into()),
    })
}

/// Fetching by identifier.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// 按标识取一个对象；不存在或不可见时为空。
    /// One object by its identifier; null when absent or invisible.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifier.")] id: ID,
    ) -> async_graphql::Result<Option<Node>> {
        fetch(context::of(ctx)?, &id).await
    }

    /// 按标识取多个对象，次序与所给一致，至多 100 个。
    /// Several objects in the order of the identifiers, at most 100; null for those absent or invisible.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标识。\nThe identifiers.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        let request = context::of(ctx)?;
        let most = request.service.limits().bulk_items;
        if ids.len() > most {
            return Err(bad_request(format!("at most {most} identifiers at once")));
        }
        futures_util::future::try_join_all(ids.iter().map(|id| fetch(request, id))).await
    }
}
