//! What a message about a publication says.

use entity::publication;
use entity::vocabulary::NotificationKind as Kind;

use super::notification::Notification;
use crate::authz::{Action, State, decide};
use crate::domain::publication::ReviewStep;
use crate::graphql::context::RequestContext;
use crate::graphql::loader::StepsOfPublication;
use crate::service::publishing::subject_of;

/// The sentence; nothing when the publication is not seen any more.
pub(super) async fn sentence(told: &Notification, request: &RequestContext) -> async_graphql::Result<Option<String>> {
    let Some(row) = told.publication_row(request).await? else { return Ok(None) };
    let title = &row.title;
    let (zh, en) = match told.0.kind {
        Kind::PublicationReviewWanted => match step_of(request, &row).await? {
            Some(step) => {
                let (zh, en) = name(step);
                (format!("公开稿“{title}”待{zh}，请办理。"), format!("“{title}” waits for {en}; please decide."))
            }
            None => (
                format!("公开稿“{title}”曾送审查，现无须本人办理。"),
                format!("“{title}” was in review; there is nothing for you to decide about it now."),
            ),
        },
        Kind::PublicationReturned => (
            format!("公开稿“{title}”在审查中被退回，请修改后再送审查。"),
            format!("“{title}” was returned by a reviewer; mend it and have it reviewed again."),
        ),
        Kind::PublicationApproved => {
            (format!("公开稿“{title}”已签发，可以发布。"), format!("“{title}” was approved and can be published."))
        }
        Kind::PublicationPublished => {
            (format!("公开稿“{title}”已发布。"), format!("“{title}” was put before the public."))
        }
        _ => (format!("公开稿“{title}”已撤回。"), format!("“{title}” was taken back.")),
    };
    Ok(Some(request.lang.pick(&zh, &en).to_owned()))
}

/// The step that waits, if the reader may take it.
async fn step_of(request: &RequestContext, row: &publication::Model) -> async_graphql::Result<Option<ReviewStep>> {
    let Some(step) = ReviewStep::next(row.status) else { return Ok(None) };
    let steps = request.load(StepsOfPublication(row.id)).await?.unwrap_or_default();
    let subject = request.subject_over(row.issuer_unit_id).await?;
    let subject = subject_of(subject, steps.iter().map(|step| &**step), row.round, request.actor().user_id);
    let state = State { publication: Some(row.status), ..State::default() };
    Ok(decide(Action::PublicationReview, subject, state).is_ok().then_some(step))
}

const fn name(step: ReviewStep) -> (&'static str, &'static str) {
    match step {
        ReviewStep::Content => ("内容审核", "the review of its content"),
        ReviewStep::Secrecy => ("保密审查", "the secrecy review"),
        ReviewStep::Approval => ("签发", "approval"),
    }
}
