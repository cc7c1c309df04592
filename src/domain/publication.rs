//! The life of a publication (先审后发): content review, secrecy review, approval, publishing, withdrawal. Who may take
//! which step stands in `authz::policy`.

use entity::vocabulary::{PublicationAct, PublicationDecision, PublicationStatus};
use serde::Serialize;

/// A step that somebody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ReviewStep {
    /// 内容审核.
    Content,
    /// 保密审查.
    Secrecy,
    /// 签发.
    Approval,
}

impl ReviewStep {
    /// The steps in their order.
    pub const ALL: &'static [Self] = &[Self::Content, Self::Secrecy, Self::Approval];

    /// The word under which it is recorded.
    pub const fn act(self) -> PublicationAct {
        match self {
            Self::Content => PublicationAct::ContentReview,
            Self::Secrecy => PublicationAct::SecrecyReview,
            Self::Approval => PublicationAct::Approval,
        }
    }

    /// The step that comes next; none where nothing waits for a decision.
    pub const fn next(status: PublicationStatus) -> Option<Self> {
        match status {
            PublicationStatus::Draft => Some(Self::Content),
            PublicationStatus::ContentReviewed => Some(Self::Secrecy),
            PublicationStatus::SecrecyReviewed => Some(Self::Approval),
            PublicationStatus::Approved | PublicationStatus::Published | PublicationStatus::Withdrawn => None,
        }
    }
}

/// Whether somebody decides by it.
pub const fn decides(act: PublicationAct) -> bool {
    matches!(act, PublicationAct::ContentReview | PublicationAct::SecrecyReview | PublicationAct::Approval)
}

/// Whether it makes the text, so that whoever does it decides nothing about it.
pub const fn writes(act: PublicationAct) -> bool {
    matches!(act, PublicationAct::Preparation | PublicationAct::Redaction)
}

/// A step in the life of a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Text is replaced.
    Redact,
    /// Somebody decides.
    Review(ReviewStep, PublicationDecision),
    /// It is put before the public.
    Publish,
    /// It is taken back, whether or not it was ever published.
    Withdraw,
}

/// Where a publication stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// The state.
    pub status: PublicationStatus,
    /// Counts the rounds of review, from 1; a return begins the next.
    pub round: i32,
}

impl Course {
    /// What the step makes of it; nothing when it can't be taken here.
    #[must_use]
    pub fn after(self, step: Step) -> Option<Self> {
        use PublicationStatus as S;
        let to = |status| Some(Self { status, ..self });
        match (step, self.status) {
            (Step::Redact, S::Draft) => Some(self),
            (Step::Review(review, decision), status) if ReviewStep::next(status) == Some(review) => match decision {
                PublicationDecision::Returned => Some(Self { status: S::Draft, round: self.round + 1 }),
                PublicationDecision::Passed => to(match review {
                    ReviewStep::Content => S::ContentReviewed,
                    ReviewStep::Secrecy => S::SecrecyReviewed,
                    ReviewStep::Approval => S::Approved,
                }),
            },
            (Step::Publish, S::Approved) => to(S::Published),
            (Step::Withdraw, status) if status != S::Withdrawn => to(S::Withdrawn),
            _ => None,
        }
    }
}
