//! Filters as oracles: what is asked of a connection, and which of the visible rows meet it.

use entity::vocabulary::*;
use taizhang::id::{GlobalId, Kind};
use uuid::Uuid;

use super::Policy;
use crate::support::lcg::Lcg;

/// Whether an object meets the filter, for a principal.
pub type Meets = Box<dyn Fn(&Policy<'_>, Uuid) -> bool>;

/// A filter in the words of the API, and what it means.
pub struct Asked {
    pub text: String,
    pub meets: Meets,
}

fn asked(text: String, meets: impl Fn(&Policy<'_>, Uuid) -> bool + 'static) -> Asked {
    Asked { text, meets: Box::new(meets) }
}

/// The kind of identifier of a GraphQL type.
pub fn kind_of(of: &str) -> Kind {
    match of {
        "Unit" => Kind::Unit,
        "UnitGroup" => Kind::UnitGroup,
        "User" => Kind::User,
        "Session" => Kind::Session,
        "ServiceAccount" => Kind::User,
        "ServiceAccountSecret" => Kind::ServiceAccountSecret,
        "ExternalIdentity" => Kind::ExternalIdentity,
        "TaskList" => Kind::TaskList,
        "Section" => Kind::Section,
        "Task" => Kind::Task,
        "Deadline" => Kind::Deadline,
        "ImportQuestion" => Kind::ImportQuestion,
        "ExportJob" => Kind::ExportJob,
        "Assignment" => Kind::Assignment,
        "ReportingPeriod" => Kind::ReportingPeriod,
        "ReportObligation" => Kind::ReportObligation,
        "ProgressReport" => Kind::ProgressReport,
        "ProgressReportRevision" => Kind::ProgressReportRevision,
        "ReportReview" => Kind::ReportReview,
        "File" => Kind::File,
        "PeriodSchedule" => Kind::PeriodSchedule,
        "PeriodReopening" => Kind::PeriodReopening,
        "PeriodFreeze" => Kind::PeriodFreeze,
        "ExtensionRequest" => Kind::ExtensionRequest,
        "ReportSignature" => Kind::ReportSignature,
        "Evidence" => Kind::Evidence,
        "ReportPart" => Kind::ReportPart,
        "UrgeNotice" => Kind::UrgeNotice,
        "UrgeRule" => Kind::UrgeRule,
        "Notification" => Kind::Notification,
        "AssignmentResponse" => Kind::AssignmentResponse,
        "Amendment" => Kind::Amendment,
        "AmendmentChange" => Kind::AmendmentChange,
        "UnitChange" => Kind::UnitChange,
        "LookBack" => Kind::LookBack,
        "LookBackItem" => Kind::LookBackItem,
        "LookBackEvidence" => Kind::LookBackEvidence,
        "Rectification" => Kind::Rectification,
        "RectificationStep" => Kind::RectificationStep,
        "TaskLineage" => Kind::TaskLineage,
        "LineageCoverage" => Kind::TaskList,
        "Publication" => Kind::Publication,
        "PublicationStep" => Kind::PublicationStep,
        "PublicationFinding" => Kind::PublicationFinding,
        "PublicationRelease" => Kind::PublicationRelease,
        "AuditEntry" => Kind::AuditEntry,
        "RoleGrant" => Kind::RoleGrant,
        "RoleGrantRequest" => Kind::RoleGrantRequest,
        other => panic!("no kind of {other}"),
    }
}

impl Policy<'_> {
    fn any(&self, of: &str, random: &mut Lcg) -> (Uuid, String) {
        let key = *random.pick(&self.all(of));
        (key, GlobalId::new(kind_of(of), key).to_string())
    }

    fn released(&self, obligation: Uuid) -> bool {
        self.rows.report_obligation.iter().any(|o| o.id == obligation && o.released_at.is_some())
    }

    /// The office has received it, as far as the principal sees.
    fn received(&self, obligation: Uuid) -> bool {
        let handed_in = |r: &entity::progress_report::Model| {
            r.report_obligation_id == obligation
                && (matches!(r.status, ReportStatus::Submitted | ReportStatus::Accepted)
                    || r.accepted_revision.is_some())
                && self.sees("ProgressReport", r.id)
        };
        self.rows.progress_report.iter().any(handed_in)
    }

    /// It is owed, or was handed in although it is owed no more.
    pub fn counted(&self, obligation: Uuid) -> bool {
        !self.released(obligation) || self.received(obligation)
    }

    pub(super) fn missing(&self, obligation: Uuid) -> bool {
        self.sees("ReportObligation", obligation) && !self.released(obligation) && !self.received(obligation)
    }

    /// It counts, and nothing visible is accepted for it.
    pub fn outstanding(&self, obligation: Uuid) -> bool {
        let accepted = |r: &entity::progress_report::Model| {
            r.report_obligation_id == obligation
                && (r.status == ReportStatus::Accepted || r.accepted_revision.is_some())
                && self.sees("ProgressReport", r.id)
        };
        self.counted(obligation) && !self.rows.progress_report.iter().any(accepted)
    }

    /// A filter for a connection of `of`, about things seen and unseen; `None` where there are none.
    pub fn filter(&self, of: &str, random: &mut Lcg) -> Option<Asked> {
        let plain = self.plain_filter(of, random)?;
        Some(match random.below(4) {
            0 => {
                let meets = plain.meets;
                asked(format!("{{ not: {{ {} }} }}", plain.text), move |p, id| !meets(p, id))
            }
            1 => {
                let other = self.plain_filter(of, random)?;
                let (one, two) = (plain.meets, other.meets);
                let text = format!("{{ or: [{{ {} }}, {{ {} }}] }}", plain.text, other.text);
                asked(text, move |p, id| one(p, id) || two(p, id))
            }
            _ => asked(format!("{{ {} }}", plain.text), plain.meets),
        })
    }

    fn plain_filter(&self, of: &str, random: &mut Lcg) -> Option<Asked> {
        macro_rules! row {
            ($p:ident, $table:ident, $id:ident) => {
                $p.rows.$table.iter().find(|row| row.id == $id).unwrap()
            };
        }
        Some(match of {
            "Task" => self.task_filter(random),
            "Unit" => match random.below(4) {
                0 => {
                    let (top, id) = self.any("Unit", random);
                    asked(format!("within: \"{id}\""), move |p, unit| p.below(top, unit))
                }
                1 => {
                    let (parent, id) = self.any("Unit", random);
                    asked(format!("parent: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, unit, id).parent_id == Some(parent)
                    })
                }
                2 => asked("search: \"别名lead\"".into(), |p, id| {
                    p.rows.unit_alias.iter().any(|a| a.unit_id == id && a.alias.contains("别名lead"))
                }),
                _ => asked("active: true".into(), |p, id| row!(p, unit, id).active),
            },
            "UnitGroup" => {
                let (unit, id) = self.any("Unit", random);
                asked(format!("member: \"{id}\""), move |p, group| {
                    p.rows.unit_group_member.iter().any(|m| m.unit_group_id == group && m.unit_id == unit)
                })
            }
            "TaskList" => match random.below(3) {
                0 => asked("status: { eq: DRAFT }".into(), |p, id| {
                    row!(p, task_list, id).status == TaskListStatus::Draft
                }),
                1 => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("issuer: {{ in: [\"{id}\"] }}"), move |p, id| {
                        row!(p, task_list, id).issuer_unit_id == unit
                    })
                }
                _ => asked("title: { contains: \"清单c\" }".into(), |p, id| {
                    row!(p, task_list, id).title.contains("清单c")
                }),
            },
            "Section" => {
                let (parent, id) = self.any("Section", random);
                asked(format!("parent: {{ eq: \"{id}\" }}"), move |p, id| {
                    row!(p, section, id).parent_id == Some(parent)
                })
            }
            "ImportQuestion" => match random.below(2) {
                0 => asked("status: { eq: OPEN }".into(), |p, id| {
                    row!(p, import_question, id).status == ImportQuestionStatus::Open
                }),
                _ => {
                    let (task, id) = self.any("Task", random);
                    asked(format!("task: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, import_question, id).task_id == Some(task)
                    })
                }
            },
            "Assignment" => match random.below(2) {
                0 => asked("role: { ne: LEAD }".into(), |p, id| row!(p, assignment, id).role != AssignmentRole::Lead),
                _ => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, assignment, id).unit_id == Some(unit)
                    })
                }
            },
            "ReportingPeriod" => {
                asked("status: { eq: OPEN }".into(), |p, id| row!(p, reporting_period, id).status == PeriodStatus::Open)
            }
            "ReportObligation" => match random.below(7) {
                6 => asked("released: true".into(), |p, id| p.released(id)),
                5 => asked("outstanding: true".into(), |p, id| p.outstanding(id)),
                0 => asked("missingReport: true".into(), |p, id| p.missing(id)),
                3 => asked("overdue: true".into(), |p, id| p.missing(id) && p.too_late(id)),
                4 => asked("dueOn: { lte: \"2026-07-01\" }".into(), |p, id| p.too_late(id)),
                1 => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, report_obligation, id).unit_id == unit
                    })
                }
                _ => {
                    let (task, id) = self.any("Task", random);
                    asked(format!("task: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, report_obligation, id).task_id == task
                    })
                }
            },
            "ProgressReport" => match random.below(4) {
                0 => {
                    let status = *random.pick(ReportStatus::ALL);
                    asked(format!("status: {{ eq: {} }}", status.as_str()), move |p, id| {
                        row!(p, progress_report, id).status == status
                    })
                }
                1 => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, progress_report, id).unit_id == unit
                    })
                }
                2 => asked("submittedAt: { isNull: true }".into(), |p, id| {
                    row!(p, progress_report, id).submitted_at.is_none()
                }),
                _ => {
                    let (list, id) = self.any("TaskList", random);
                    asked(format!("taskList: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, progress_report, id).task_list_id == list
                    })
                }
            },
            "UrgeNotice" => match random.below(4) {
                0 => asked("read: true".into(), |p, id| row!(p, urge_notice, id).read_at.is_some()),
                1 => asked("replyOpen: true".into(), |p, id| {
                    let row = row!(p, urge_notice, id);
                    row.reply_due_on.is_some() && row.replied_at.is_none()
                }),
                2 => asked("replyOverdue: false".into(), |p, id| {
                    let row = row!(p, urge_notice, id);
                    row.replied_at.is_some() || row.reply_due_on.is_none_or(|day| day >= p.today)
                }),
                _ => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| row!(p, urge_notice, id).unit_id == unit)
                }
            },
            "LookBack" => match random.below(2) {
                0 => asked("status: { eq: FINISHED }".into(), |p, id| {
                    row!(p, look_back, id).status == LookBackStatus::Finished
                }),
                _ => {
                    let (list, id) = self.any("TaskList", random);
                    asked(format!("taskList: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, look_back, id).task_list_id == list
                    })
                }
            },
            "LookBackItem" => match random.below(3) {
                0 => asked("found: false".into(), |p, id| row!(p, look_back_item, id).finding.is_none()),
                1 => asked("finding: { in: [NOT_DONE, DONE_ON_PAPER_ONLY] }".into(), |p, id| {
                    let found = row!(p, look_back_item, id).finding;
                    matches!(found, Some(LookBackFinding::NotDone | LookBackFinding::DoneOnPaperOnly))
                }),
                _ => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| row!(p, look_back_item, id).unit_id == unit)
                }
            },
            "Rectification" => match random.below(3) {
                0 => asked("overdue: true".into(), |p, id| {
                    let row = row!(p, rectification, id);
                    let over = matches!(row.status, RectificationStatus::Closed | RectificationStatus::Cancelled);
                    !over && row.due_on < p.today
                }),
                1 => asked("status: { ne: OPENED }".into(), |p, id| {
                    row!(p, rectification, id).status != RectificationStatus::Opened
                }),
                _ => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| row!(p, rectification, id).unit_id == unit)
                }
            },
            "RoleGrant" => match random.below(3) {
                0 => asked("inForce: false".into(), |p, id| {
                    let row = row!(p, role_grant, id);
                    row.ended_at.is_some() || row.valid_until.is_some_and(|last| last < p.today)
                }),
                1 => asked("role: { eq: OFFICE }".into(), |p, id| row!(p, role_grant, id).role == Role::Office),
                _ => {
                    let (user, id) = self.any("User", random);
                    asked(format!("user: {{ eq: \"{id}\" }}"), move |p, id| row!(p, role_grant, id).user_id == user)
                }
            },
            "RoleGrantRequest" => match random.below(2) {
                0 => asked("status: [LAPSED, REFUSED]".into(), |p, id| {
                    let row = row!(p, role_grant_request, id);
                    let late = row.lapses_at <= crate::support::world::now();
                    row.status == RoleGrantRequestStatus::Refused
                        || (row.status == RoleGrantRequestStatus::Pending && late)
                }),
                _ => {
                    let (unit, id) = self.any("Unit", random);
                    asked(format!("unit: {{ eq: \"{id}\" }}"), move |p, id| {
                        row!(p, role_grant_request, id).unit_id == unit
                    })
                }
            },
            _ => return None,
        })
    }

    fn task_filter(&self, random: &mut Lcg) -> Asked {
        let assigned = |p: &Policy<'_>, task: Uuid, unit: Option<Uuid>, role: Option<AssignmentRole>| {
            p.rows.assignment.iter().any(|a| {
                a.task_id == task
                    && a.status == AssignmentStatus::Active
                    && unit.is_none_or(|unit| a.unit_id == Some(unit))
                    && role.is_none_or(|role| a.role == role)
            })
        };
        let due = |p: &Policy<'_>, task: Uuid| {
            p.rows.deadline.iter().find(|d| d.task_id == task && d.position == 0).and_then(|d| d.due_on)
        };
        match random.below(10) {
            8 => asked("unitOutOfUse: true".into(), |p, task| p.has_ended_unit(task)),
            0 => {
                let (unit, id) = self.any("Unit", random);
                asked(format!("unit: \"{id}\""), move |p, task| assigned(p, task, Some(unit), None))
            }
            1 => {
                let (unit, id) = self.any("Unit", random);
                asked(format!("unit: \"{id}\", role: LEAD"), move |p, task| {
                    assigned(p, task, Some(unit), Some(AssignmentRole::Lead))
                })
            }
            2 => asked("role: SUPPORT".into(), move |p, task| assigned(p, task, None, Some(AssignmentRole::Support))),
            3 => asked("mine: true".into(), |p, task| p.mine(task)),
            4 => {
                let (period, id) = self.any("ReportingPeriod", random);
                asked(format!("missingReportIn: \"{id}\""), move |p, task| {
                    let of =
                        |o: &&entity::report_obligation::Model| o.task_id == task && o.reporting_period_id == period;
                    p.rows.report_obligation.iter().filter(of).any(|o| p.missing(o.id))
                })
            }
            5 => {
                let (top, id) = self.any("Section", random);
                asked(format!("withinSection: \"{id}\""), move |p, task| {
                    let task = p.rows.task.iter().find(|t| t.id == task).unwrap();
                    task.section_id.is_some_and(|section| p.section_below(top, section))
                })
            }
            6 => asked("overdue: true".into(), move |p, task| {
                let row = p.rows.task.iter().find(|t| t.id == task).unwrap();
                let list = p.rows.task_list.iter().find(|l| l.id == row.task_list_id).unwrap();
                list.status == TaskListStatus::Issued && due(p, task).is_some_and(|due| due < p.today)
            }),
            7 => asked("dueWithinDays: 30".into(), move |p, task| {
                let until = p.today + chrono::Days::new(30);
                due(p, task).is_some_and(|due| p.today <= due && due <= until)
            }),
            _ => asked("text: \"任务t1\"".into(), |p, task| {
                let row = p.rows.task.iter().find(|t| t.id == task).unwrap();
                row.title.as_deref().unwrap_or_default().contains("任务t1")
            }),
        }
    }
}
