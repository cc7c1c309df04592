//! The states that an action can meet, one thing after the other.

use entity::vocabulary::{
    ExtensionStatus, LookBackStatus, PeriodStatus, PublicationStatus, RectificationStatus, ReportStatus,
    RoleGrantRequestStatus, TaskListStatus,
};

use crate::authz::{Action, State};

/// One thing whose state matters.
pub(super) struct Dim {
    pub zh: &'static str,
    pub en: &'static str,
    pub values: Vec<Value>,
}

/// A state of it.
pub(super) struct Value {
    pub zh: &'static str,
    pub en: &'static str,
    set: Box<dyn Fn(&mut State)>,
}

fn dim(
    zh: &'static str,
    en: &'static str,
    values: impl IntoIterator<Item = (&'static str, &'static str, Box<dyn Fn(&mut State)>)>,
) -> Dim {
    Dim { zh, en, values: values.into_iter().map(|(zh, en, set)| Value { zh, en, set }).collect() }
}

macro_rules! words {
    ($zh:literal, $en:literal, $field:ident, $words:ident { $($word:ident = $name:literal),+ $(,)? }) => {{
        // A word that is added has to be named here.
        let name = |word: $words| match word { $($words::$word => $name),+ };
        dim($zh, $en, $words::ALL.iter().map(|word| {
            let word = *word;
            let set: Box<dyn Fn(&mut State)> = Box::new(move |state| state.$field = Some(word));
            (name(word), word.as_str(), set)
        }))
    }};
}

macro_rules! yes_no {
    ($zh:literal, $en:literal, $field:ident) => {
        dim(
            $zh,
            $en,
            [
                ("否", "no", Box::new(|state: &mut State| state.$field = false) as Box<dyn Fn(&mut State)>),
                ("是", "yes", Box::new(|state: &mut State| state.$field = true)),
            ],
        )
    };
}

fn list() -> Dim {
    words!("清单", "list", list, TaskListStatus {
        Draft = "草稿", Issued = "执行中", Closed = "已办结", Archived = "已归档",
    })
}

fn period() -> Dim {
    words!("报告期", "period", period, PeriodStatus { Open = "开启", Closed = "已关闭" })
}

fn report() -> Dim {
    let mut dim = words!("报告", "report", report, ReportStatus {
        Draft = "填写中", Signing = "待签发", Submitted = "待审核", Returned = "已退回", Accepted = "已通过",
    });
    let none = Value { zh: "未填", en: "none", set: Box::new(|state| state.report = None) };
    dim.values.insert(0, none);
    dim
}

fn publication() -> Dim {
    words!("公开稿", "publication", publication, PublicationStatus {
        Draft = "编制中", ContentReviewed = "已内容审核", SecrecyReviewed = "已保密审查", Approved = "已签发",
        Published = "已发布", Withdrawn = "已撤回",
    })
}

fn rectification() -> Dim {
    words!("整改", "rectification", rectification, RectificationStatus {
        Opened = "已交办", Planned = "已定措施", Reported = "已报完成", Returned = "已退回", Closed = "已销号",
        Cancelled = "已取消",
    })
}

fn released() -> Dim {
    yes_no!("已调整为不再承担", "released by an amendment", released)
}

fn request() -> Dim {
    words!("申请", "request", grant_request, RoleGrantRequestStatus {
        Pending = "待审批", Granted = "已批准", Refused = "未批准", Withdrawn = "已撤回",
    })
}

fn lapsed() -> Dim {
    yes_no!("申请已逾期", "lapsed", lapsed)
}

fn last() -> Dim {
    yes_no!("为本地最后一名系统或安全管理员", "the last system or security administrator of the place", last_of_place)
}

/// What an action reads; a test holds that it reads nothing else.
pub(super) fn dims_of(action: Action) -> Vec<Dim> {
    use Action as A;
    match action {
        A::DirectoryEdit | A::FileUpload | A::Machine(_) => Vec::new(),
        A::User(_) => vec![request(), lapsed(), last()],
        A::Grant(_) => vec![request(), lapsed(), yes_no!("授权已终止", "ended", grant_ended), last()],
        A::ListCreate
        | A::ListEdit
        | A::ListDelete
        | A::ListIssue
        | A::ListClose
        | A::ListArchive
        | A::ListAmend
        | A::ReportingLeadName
        | A::AssignmentRespond
        | A::ObjectionDecide => vec![list()],
        A::PeriodOpen
        | A::PeriodClose
        | A::PeriodUpdate
        | A::PeriodReopen
        | A::ScheduleEdit
        | A::UrgeRuleEdit
        | A::ExtensionCreate
        | A::ExtensionWithdraw
        | A::ExtensionDecide
        | A::UrgeSend
        | A::UrgeReply
        | A::UrgeRead => vec![
            list(),
            period(),
            released(),
            words!("延期申请", "extension", extension, ExtensionStatus {
                Pending = "待审批", Granted = "已批准", Refused = "未批准", Withdrawn = "已撤回",
            }),
            yes_no!("通知已回复", "notice replied to", replied),
        ],
        A::ReportSave
        | A::ReportSubmit
        | A::ReportWithdraw
        | A::ReportAccept
        | A::ReportReturn
        | A::ReportSign
        | A::ReportSendBack
        | A::ReportCorrect
        | A::ReportCorrectionCancel
        | A::ReportMerge
        | A::SigningSwitch
        | A::PhoneReveal => {
            vec![list(), period(), released(), yes_no!("更正中", "under correction", correcting), report()]
        }
        A::LookBack(_) => vec![
            list(),
            words!("回头看", "round", look_back, LookBackStatus { Open = "进行中", Finished = "已结束" }),
            rectification(),
        ],
        A::PublicationPrepare
        | A::PublicationRedact
        | A::PublicationReview
        | A::PublicationPublish
        | A::PublicationWithdraw => vec![list(), period(), publication()],
    }
}

/// Every state there can be, with the place of each value.
pub(super) fn product(dims: &[Dim]) -> Vec<(State, Vec<usize>)> {
    let mut all = vec![(State::default(), Vec::new())];
    for dim in dims {
        let mut next = Vec::new();
        for (state, at) in &all {
            for (nth, value) in dim.values.iter().enumerate() {
                let mut state = *state;
                (value.set)(&mut state);
                let at = at.iter().copied().chain([nth]).collect();
                next.push((state, at));
            }
        }
        all = next;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::people::PEOPLE;
    use super::*;
    use crate::authz::decide;

    /// Where an action read something that is not named here, the paper would be silent about it.
    #[test]
    fn an_action_reads_nothing_that_is_not_named() {
        for action in Action::ALL {
            let full = State {
                list: Some(TaskListStatus::Issued),
                period: Some(PeriodStatus::Open),
                report: Some(ReportStatus::Submitted),
                correcting: true,
                released: true,
                extension: Some(ExtensionStatus::Pending),
                replied: true,
                look_back: Some(LookBackStatus::Finished),
                rectification: Some(RectificationStatus::Reported),
                publication: Some(PublicationStatus::Approved),
                grant_request: Some(RoleGrantRequestStatus::Pending),
                lapsed: true,
                grant_ended: true,
                last_of_place: true,
            };
            let dims = dims_of(*action);
            for (plain, at) in product(&dims) {
                let mut other = full;
                for (dim, nth) in dims.iter().zip(&at) {
                    (dim.values[*nth].set)(&mut other);
                }
                for person in PEOPLE {
                    let (one, two) = (decide(*action, person.subject, plain), decide(*action, person.subject, other));
                    assert_eq!(one, two, "{action:?} {}", person.en);
                }
            }
        }
    }
}
