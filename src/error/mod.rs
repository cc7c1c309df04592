//! Expected outcomes (`UserError`) and faults (`Fault`): one vocabulary for both, texts in both languages.

mod after_issue;
mod denied;
mod done_count;
mod fill;
mod grants;
mod look_back;
mod message;
mod period;
mod publishing;
mod sign_in;

pub use after_issue::AfterIssue;
pub use fill::FillMessage;
pub use grants::GrantMessage;
pub use look_back::LookBackMessage;
pub use message::Message;
pub use period::PeriodMessage;
pub use publishing::PublishingMessage;
pub use sign_in::SignInMessage;

use crate::store::StoreError;

/// The closed list of codes of expected outcomes; front ends branch on these, never on texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserErrorCode {
    /// Absent or invisible; the two are the same.
    NotFound,
    /// Visible, but not for this person to do.
    Forbidden,
    /// The state of the thing forbids it to everybody.
    InvalidState,
    /// Somebody else changed it meanwhile.
    Stale,
    /// Something necessary is missing.
    Required,
    /// Longer than allowed.
    TooLong,
    /// Not of the form needed.
    InvalidFormat,
    /// Outside the values allowed.
    OutOfRange,
    /// Exists already.
    Duplicate,
    /// Nobody owns the task.
    Unassigned,
    /// More than a limit allows.
    Limit,
    /// The idempotency key was used with another input, or two things exclude each other.
    Conflict,
}

/// An expected outcome that is no success: what is wrong, and where in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// The code.
    pub code: UserErrorCode,
    /// The sentence.
    pub message: Message,
    /// The path in the input (`["input", "title"]`); empty when it concerns the whole.
    pub field: Vec<String>,
}

impl UserError {
    /// About the whole input.
    pub const fn new(code: UserErrorCode, message: Message) -> Self {
        Self { code, message, field: Vec::new() }
    }

    /// About one field, as a path with dots.
    pub fn at(code: UserErrorCode, message: Message, path: &str) -> Self {
        Self { code, message, field: path.split('.').map(str::to_owned).collect() }
    }

    /// Absent or invisible.
    pub const fn not_found() -> Self {
        Self::new(UserErrorCode::NotFound, Message::NotFound)
    }

    /// Absent or invisible, named by a field.
    pub fn not_found_at(path: &str) -> Self {
        Self::at(UserErrorCode::NotFound, Message::NotFound, path)
    }
}

impl From<crate::authz::Denied> for UserError {
    fn from(denied: crate::authz::Denied) -> Self {
        let code = if denied.forbidden { UserErrorCode::Forbidden } else { UserErrorCode::InvalidState };
        Self::new(code, Message::Denied(denied.reason))
    }
}

/// Why a request ends without an answer; the only error type that reaches the GraphQL layer.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The client asked something impossible; the text is for its developer.
    #[error("{0}")]
    BadRequest(String),
    /// The operation is not for this role.
    #[error("this operation is not open to your role")]
    Forbidden,
    /// The database can't be reached or is overloaded.
    #[error("the service is not available at the moment")]
    Unavailable(#[source] StoreError),
    /// It can't be done here before the operator has done something; the cause goes to the log.
    #[error("the service is not available at the moment")]
    NotReady(String),
    /// A mistake of ours; the cause goes to the log.
    #[error("internal error")]
    Internal(String),
}

impl Fault {
    /// Whether the same may succeed later.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::NotReady(_))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::BadCursor => Self::BadRequest(error.to_string()),
            StoreError::Misuse(what) => Self::Internal(what.to_owned()),
            StoreError::Unavailable(_) => Self::Unavailable(error),
            StoreError::Refused(cause) => Self::Internal(cause.to_string()),
            StoreError::Unique | StoreError::Referred => Self::Internal(error.to_string()),
        }
    }
}
