//! The part of the policy that is about reports.

use entity::vocabulary::ReportStatus;

use super::action::Action as A;
use super::policy::{Denied, State, Subject, forbidden, in_reporting, owed, state};
use super::reason::Reason;

pub(super) fn decide(action: A, subject: Subject, at: State) -> Result<(), Denied> {
    match action {
        A::SigningSwitch if subject.approver || subject.office || subject.system_admin => Ok(()),
        A::SigningSwitch => forbidden(Reason::SigningSwitchOnly),
        A::PhoneReveal if subject.office || subject.reporter => Ok(()),
        A::PhoneReveal => forbidden(Reason::OfficeOnly),
        A::ReportAccept | A::ReportReturn => review(subject, at),
        A::ReportSign | A::ReportSendBack => sign(action, subject, at),
        _ if !subject.reporter => forbidden(Reason::ReportingUnitOnly),
        A::ReportMerge if !subject.reporting_lead => forbidden(Reason::ReportingLeadOnly),
        A::ReportSave | A::ReportMerge => {
            owed(at)?;
            match at.report {
                None => Ok(()),
                Some(_) => report_in(at, &[ReportStatus::Draft, ReportStatus::Returned], Reason::ReportNotEditable),
            }
        }
        A::ReportSubmit => {
            owed(at)?;
            match at.report {
                None => state(Reason::ReportMissing),
                Some(_) => report_in(at, &[ReportStatus::Draft, ReportStatus::Returned], Reason::ReportNotEditable),
            }
        }
        A::ReportWithdraw => {
            in_reporting(at)?;
            report_in(at, &[ReportStatus::Signing, ReportStatus::Submitted], Reason::ReportNotHandedIn)
        }
        A::ReportCorrect => {
            owed(at)?;
            report_in(at, &[ReportStatus::Accepted], Reason::ReportNotAccepted)
        }
        // Giving up a correction.
        _ => {
            in_reporting(at)?;
            if !at.correcting {
                return state(Reason::ReportNotCorrecting);
            }
            report_in(at, &[ReportStatus::Draft, ReportStatus::Returned], Reason::ReportNotCorrecting)
        }
    }
}

fn review(subject: Subject, at: State) -> Result<(), Denied> {
    if !subject.office {
        return forbidden(Reason::OfficeOnly);
    }
    if subject.submitted_it || subject.signed_it {
        return forbidden(Reason::OwnReport);
    }
    in_reporting(at)?;
    report_in(at, &[ReportStatus::Submitted], Reason::ReportNotSubmitted)
}

fn sign(action: A, subject: Subject, at: State) -> Result<(), Denied> {
    if !subject.approver {
        return forbidden(Reason::ApproverOnly);
    }
    if subject.submitted_it {
        return forbidden(Reason::OwnSignature);
    }
    // What is owed no more goes to nobody, but back to who wrote it.
    if action == A::ReportSign {
        owed(at)?
    } else {
        in_reporting(at)?
    }
    report_in(at, &[ReportStatus::Signing], Reason::ReportNotSigning)
}

fn report_in(at: State, wanted: &[ReportStatus], reason: Reason) -> Result<(), Denied> {
    match at.report {
        Some(status) if wanted.contains(&status) => Ok(()),
        _ => state(reason),
    }
}
