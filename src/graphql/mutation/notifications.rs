//! What the caller was told.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::notification;

use crate::error::{Message, UserErrorCode};
use crate::graphql::context::{self, keys};
use crate::graphql::types::notification::Notification;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::store::PageArgs;
use crate::store::query::notices;

/// 要标为已读的通知。
/// Which notices were read.
#[derive(InputObject)]
pub struct NotificationMarkReadInput {
    /// 通知，至多 100 条。
    /// The notices, at most 100.
    notifications: Vec<ID>,
}

/// 一条通知的结果。
/// What came of one notice.
#[derive(SimpleObject)]
pub struct NotificationOutcome {
    /// 通知的最新状态；不存在或不可见时为空。
    /// The notice as it is now; null when absent or invisible.
    notification: Option<Notification>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

/// 标为已读的结果。
/// What came of marking notices as read.
#[derive(SimpleObject)]
pub struct NotificationMarkReadPayload {
    /// 各条通知的结果，次序与所给一致。
    /// What came of each, in the order given.
    outcomes: Vec<NotificationOutcome>,
    /// 尚有几条未读。
    /// How many are unread now.
    unread_count: i32,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

/// Reading notices.
#[derive(Default)]
pub struct NotificationMutation;

#[Object(guard = "crate::graphql::guard::READING")]
impl NotificationMutation {
    /// 将本人的通知标为已读。
    /// Marks notices of the caller as read.
    async fn notification_mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: NotificationMarkReadInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<NotificationMarkReadPayload> {
        let request = context::of(ctx)?;
        let ids = keys(Kind::Notification, &input.notifications)?;
        let answer = request.service.notification_mark_read(&request.caller, idempotency_key, ids).await;
        let (marked, errors) = match answer.map_err(top_level)? {
            Ok(marked) => (marked, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let found: Vec<_> = marked.iter().filter(|one| one.found).map(|one| one.notification).collect();
        let rows = request.reader.by_keys::<notification::Entity>(&found).await.map_err(|e| top_level(e.into()))?;
        let outcomes = marked.iter().enumerate().map(|(nth, one)| {
            let error = crate::error::UserError::at(
                UserErrorCode::NotFound,
                Message::NotFound,
                &format!("input.notifications.{nth}"),
            );
            let lost = (!one.found).then(|| UserError::localised(&error, request.lang));
            NotificationOutcome {
                notification: rows.get(&one.notification).cloned().map(Notification::from),
                user_errors: lost.into_iter().collect(),
            }
        });
        let unread = notices::notifications(true, PageArgs { total: true, ..PageArgs::default() });
        let unread = request.page::<notification::Entity>(unread).await?.total.unwrap_or_default();
        Ok(NotificationMarkReadPayload {
            outcomes: outcomes.collect(),
            unread_count: i32::try_from(unread).unwrap_or(i32::MAX),
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}
