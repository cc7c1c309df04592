//! Urging.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::urge_notice;

use super::{VersionInput, payload};
use crate::error::{self, Message, PeriodMessage, UserErrorCode};
use crate::graphql::context::{self, id, key, keys};
use crate::graphql::enums::UrgeGrade;
use crate::graphql::scalar::Date;
use crate::graphql::types::urge_notice::UrgeNotice;
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::urging::{Urged, Urging};

/// 催办。
/// Whom to urge, and how.
#[derive(InputObject)]
pub struct UrgeNoticeSendInput {
    /// 报告期，须开放。
    /// The period; it must be open.
    period: ID,
    /// 被催办单位，1 至 100 个；每个单位一份通知。
    /// The units, 1 to 100; one notice for each.
    units: Vec<ID>,
    /// 等级。
    /// How urgent it is.
    grade: UrgeGrade,
    /// 补充说明，至多 2000 字。
    /// What is said besides, at most 2,000 characters.
    text: Option<String>,
    /// 要求在此日前回复；不填则不要求回复。
    /// The day by which a reply is wanted; none is wanted unless said.
    reply_due_on: Option<Date>,
}

/// 回复内容与依据。
/// The reply, and what it was written on.
#[derive(InputObject)]
pub struct UrgeNoticeReplyInput {
    /// 回复所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 回复，至多 2000 字。
    /// The reply, at most 2,000 characters.
    reply: String,
}

/// 一个单位的催办结果。
/// What came of urging one unit.
#[derive(SimpleObject)]
pub struct UrgeNoticeOutcome {
    /// 所给单位的标识。
    /// The identifier of the unit, as given.
    unit_id: ID,
    /// 发出的通知；未发出时为空。
    /// The notice; null when none was sent.
    urge_notice: Option<UrgeNotice>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

/// 催办的结果。
/// What came of urging.
#[derive(SimpleObject)]
pub struct UrgeNoticeSendPayload {
    /// 各单位的结果，次序与所给一致。
    /// What came of each unit, in the order given.
    outcomes: Vec<UrgeNoticeOutcome>,
    /// 需要用户处理的问题；为空表示成功。
    /// What the user has to mend; empty means done.
    user_errors: Vec<UserError>,
}

payload! {
    /// 催办通知变更的结果。
    /// What came of a change of a notice.
    UrgeNoticePayload {
        /// 通知的最新状态；不可见时为空。
        /// The notice as it is now; null when invisible.
        urge_notice: UrgeNotice, urge_notice
    }
}

/// What the office sends.
#[derive(Default)]
pub struct UrgingMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl UrgingMutation {
    /// 催办（政务公开办）：向尚有未报事项的单位各发一份编号通知，列明其全部未报事项。
    /// Urges units (the office): each that owes something gets one numbered notice about everything it owes.
    async fn urge_notice_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: UrgeNoticeSendInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UrgeNoticeSendPayload> {
        let request = context::of(ctx)?;
        let urging = Urging {
            period: key(Kind::ReportingPeriod, &input.period)?,
            units: keys(Kind::Unit, &input.units)?,
            grade: input.grade.into(),
            text: input.text,
            reply_due_on: input.reply_due_on.map(|day| day.0),
        };
        let answer = request.service.urge_notice_send(&request.caller, idempotency_key, urging).await;
        let (sent, errors) = match answer.map_err(top_level)? {
            Ok(sent) => (sent, Vec::new()),
            Err(errors) => (Vec::new(), errors),
        };
        let ids: Vec<_> = sent
            .iter()
            .filter_map(|(_, urged)| match urged {
                Urged::Sent(notice) => Some(*notice),
                Urged::OwesNothing | Urged::NotFound => None,
            })
            .collect();
        let rows = request.reader.by_keys::<urge_notice::Entity>(&ids).await.map_err(|e| top_level(e.into()))?;
        let outcomes = sent.iter().enumerate().map(|(nth, (unit, urged))| {
            let path = format!("input.units.{nth}");
            let (notice, error) = match urged {
                Urged::Sent(notice) => (rows.get(notice).cloned().map(UrgeNotice::from), None),
                Urged::OwesNothing => {
                    (None, Some((UserErrorCode::InvalidState, Message::Period(PeriodMessage::OwesNothing))))
                }
                Urged::NotFound => (None, Some((UserErrorCode::NotFound, Message::NotFound))),
            };
            let error = error.map(|(code, message)| error::UserError::at(code, message, &path));
            UrgeNoticeOutcome {
                unit_id: id(Kind::Unit, *unit),
                urge_notice: notice,
                user_errors: error.iter().map(|error| UserError::localised(error, request.lang)).collect(),
            }
        });
        Ok(UrgeNoticeSendPayload {
            outcomes: outcomes.collect(),
            user_errors: errors.iter().map(|error| UserError::localised(error, request.lang)).collect(),
        })
    }
}

/// What the unit answers.
#[derive(Default)]
pub struct UrgedMutation;

#[Object(guard = "crate::graphql::guard::REPORTING")]
impl UrgedMutation {
    /// 回复催办（被催办单位）；只能回复一次。
    /// Replies to a notice (the unit that was urged); once.
    async fn urge_notice_reply(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "催办通知。\nThe notice.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: UrgeNoticeReplyInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UrgeNoticePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::UrgeNotice, &id)?;
        let answer = request
            .service
            .urge_notice_reply(&request.caller, idempotency_key, id, input.expected_version, input.reply)
            .await;
        UrgeNoticePayload::new(request, answer, Some(id)).await
    }

    /// 标明本单位已读催办通知（被催办单位）。
    /// Says that the unit has read a notice (the unit that was urged).
    async fn urge_notice_mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "催办通知。\nThe notice.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is based on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<UrgeNoticePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::UrgeNotice, &id)?;
        let answer =
            request.service.urge_notice_mark_read(&request.caller, idempotency_key, id, input.expected_version).await;
        UrgeNoticePayload::new(request, answer, Some(id)).await
    }
}
