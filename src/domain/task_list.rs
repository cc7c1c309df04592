//! The life of a task list as a table.

use entity::vocabulary::TaskListStatus;

use super::lang::Lang;

/// What is done to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListVerb {
    /// Its text, sections, tasks or assignments are changed.
    Edit,
    /// It is issued to its units.
    Issue,
    /// A reporting period is opened for it.
    OpenPeriod,
    /// The year is over.
    Close,
    /// It is put away.
    Archive,
}

impl ListVerb {
    /// Every verb.
    pub const ALL: &'static [Self] = &[Self::Edit, Self::Issue, Self::OpenPeriod, Self::Close, Self::Archive];
}

/// The verb does not fit the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRefused {
    /// The state it is in.
    pub status: TaskListStatus,
    /// What was asked.
    pub verb: ListVerb,
}

impl ListRefused {
    /// The text for a person.
    pub fn text(&self, lang: Lang) -> String {
        let status = match self.status {
            TaskListStatus::Draft => lang.pick("处于草稿状态", "a draft"),
            TaskListStatus::Issued => lang.pick("已下发", "issued"),
            TaskListStatus::Closed => lang.pick("已办结", "closed"),
            TaskListStatus::Archived => lang.pick("已归档", "archived"),
        };
        match lang {
            Lang::Zh => {
                let verb = match self.verb {
                    ListVerb::Edit => "修改",
                    ListVerb::Issue => "下发",
                    ListVerb::OpenPeriod => "开启填报周期",
                    ListVerb::Close => "办结",
                    ListVerb::Archive => "归档",
                };
                format!("清单{status}，不能{verb}")
            }
            Lang::En => {
                let verb = match self.verb {
                    ListVerb::Edit => "be changed",
                    ListVerb::Issue => "be issued",
                    ListVerb::OpenPeriod => "get a reporting period",
                    ListVerb::Close => "be closed",
                    ListVerb::Archive => "be archived",
                };
                format!("the list is {status} and cannot {verb}")
            }
        }
    }
}

/// The state after a verb.
pub const fn transition(status: TaskListStatus, verb: ListVerb) -> Result<TaskListStatus, ListRefused> {
    use TaskListStatus::{Archived, Closed, Draft, Issued};
    match (status, verb) {
        (Draft, ListVerb::Edit) => Ok(Draft),
        (Draft, ListVerb::Issue) => Ok(Issued),
        (Issued, ListVerb::OpenPeriod) => Ok(Issued),
        (Issued, ListVerb::Close) => Ok(Closed),
        (Closed, ListVerb::Archive) => Ok(Archived),
        (Draft, ListVerb::OpenPeriod | ListVerb::Close | ListVerb::Archive)
        | (Issued, ListVerb::Edit | ListVerb::Issue | ListVerb::Archive)
        | (Closed, ListVerb::Edit | ListVerb::Issue | ListVerb::OpenPeriod | ListVerb::Close)
        | (Archived, _) => Err(ListRefused { status, verb }),
    }
}
