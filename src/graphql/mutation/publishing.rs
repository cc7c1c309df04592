//! Publishing: prepare, redact, review, publish, withdraw.

use async_graphql::{Context, ID, InputObject, Object};
use entity::publication;

use super::{VersionInput, payload};
use crate::graphql::context::{self, key, optional_key};
use crate::graphql::enums::{PublicationDecision, PublicationKind, PublicationReviewStep};
use crate::graphql::types::publication::Publication;
use crate::id::Kind;
use crate::service::publishing::{NewPublication, Redaction, Release, Verdict};

/// 新的公开稿。
/// Something to be published.
#[derive(InputObject)]
pub struct PublicationPrepareInput {
    /// 类别。
    /// What is published.
    kind: PublicationKind,
    /// 清单，须已印发；公开清单时填。
    /// The list, which must have been issued; for a list.
    task_list: Option<ID>,
    /// 报告期，须已关闭；公开落实情况或年度报告时填。
    /// The period, which must be closed; for progress and annual reports.
    period: Option<ID>,
    /// 标题，至多 200 字。
    /// The title, at most 200 characters.
    title: String,
    /// 发布后所替换的公开稿，须为同一清单、同一类别且曾经发布。
    /// The publication whose place it takes when it is published: of the same list and kind, and published once.
    replaces: Option<ID>,
}

/// 对公开稿文字的修改。
/// Text of a publication that is replaced.
#[derive(InputObject)]
pub struct PublicationRedactInput {
    /// 修改所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 是否将全部疑似个人信息改为遮盖形式，默认否。
    /// Whether everything the detectors find is masked; not unless said.
    mask_findings: Option<bool>,
    /// 要替换的文字，至多 100 处。
    /// Texts to replace, at most 100.
    texts: Option<Vec<PublicationTextInput>>,
}

/// 公开稿中的一处文字。
/// A text of a publication.
#[derive(InputObject)]
pub struct PublicationTextInput {
    /// 其 JSON 指针，如 /content/tasks/0/title。
    /// Its JSON pointer, such as /content/tasks/0/title.
    pointer: String,
    /// 改为，1 至 10000 字，标题至多 200 字。
    /// What stands there from now on, 1 to 10,000 characters; a title has at most 200.
    text: String,
}

/// 对公开稿的审查。
/// What a reviewer decides about a publication.
#[derive(InputObject)]
pub struct PublicationReviewInput {
    /// 审查所依据的版本。
    /// The version the decision was made on.
    expected_version: i32,
    /// 环节，须为待办的环节。
    /// The step; the one it waits for.
    step: PublicationReviewStep,
    /// 结论。
    /// The decision.
    decision: PublicationDecision,
    /// 理由，至多 2000 字；退回时必填。
    /// Why, at most 2,000 characters; needed for a return.
    reason: Option<String>,
    /// 放行的疑似个人信息，至多 100 项；仅保密审查通过时可填。
    /// Findings that are let through, at most 100; only with a secrecy review that passes.
    releases: Option<Vec<PublicationReleaseInput>>,
    /// 其余疑似个人信息一并放行的理由，至多 2000 字；仅保密审查通过时可填。
    /// Why all the other findings are let through, at most 2,000 characters; only with a secrecy review that passes.
    release_others: Option<String>,
}

/// 放行的疑似个人信息。
/// A finding that is let through.
#[derive(InputObject)]
pub struct PublicationReleaseInput {
    /// 疑似个人信息。
    /// The finding.
    finding: ID,
    /// 理由，至多 2000 字，如“单位公开的咨询电话”。
    /// Why, at most 2,000 characters.
    reason: String,
}

/// 撤回公开稿。
/// Why a publication is taken back.
#[derive(InputObject)]
pub struct PublicationWithdrawInput {
    /// 撤回所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 理由，至多 2000 字；公众看不到。
    /// Why, at most 2,000 characters; the public does not see it.
    reason: String,
}

payload! {
    /// 公开稿变更的结果。
    /// What came of a change of a publication.
    PublicationPayload {
        /// 公开稿的最新状态；不可见时为空。
        /// The publication as it is now; null when invisible.
        publication: Publication, publication
    }
}

/// What the office does to publish.
#[derive(Default)]
pub struct PublishingMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl PublishingMutation {
    /// 编制公开稿：从已印发的清单或已关闭的报告期截取快照，并查找疑似个人信息（政务公开办）。
    /// Takes a snapshot of an issued list or a closed period to be published, and looks for personal data in it (the office).
    async fn publication_prepare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nWhat is published.")] input: PublicationPrepareInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PublicationPayload> {
        let request = context::of(ctx)?;
        let new = NewPublication {
            kind: input.kind.into(),
            task_list: optional_key(Kind::TaskList, input.task_list.as_ref())?,
            period: optional_key(Kind::ReportingPeriod, input.period.as_ref())?,
            title: input.title,
            replaces: optional_key(Kind::Publication, input.replaces.as_ref())?,
        };
        let answer = request.service.publication_prepare(&request.caller, idempotency_key, new).await;
        PublicationPayload::new(request, answer, None).await
    }

    /// 在审查之前修改公开稿的文字，修改人即为编制人（政务公开办）。
    /// Replaces text of a publication before anybody has decided about it; whoever does so counts as who prepared it (the office).
    async fn publication_redact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "公开稿。\nThe publication.")] id: ID,
        #[graphql(desc = "修改。\nThe change.")] input: PublicationRedactInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PublicationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Publication, &id)?;
        let redaction = Redaction {
            expected_version: input.expected_version,
            mask_findings: input.mask_findings == Some(true),
            texts: input.texts.unwrap_or_default().into_iter().map(|one| (one.pointer, one.text)).collect(),
        };
        let answer = request.service.publication_redact(&request.caller, idempotency_key, id, redaction).await;
        PublicationPayload::new(request, answer, Some(id)).await
    }

    /// 审查公开稿的待办环节：内容审核、保密审查、签发，均由未编制也未办理其他环节的人办理（政务公开办）。
    /// Decides about a publication at the step it waits for: content review, secrecy review, approval; each by somebody who neither prepared it nor decided at another step (the office).
    async fn publication_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "公开稿。\nThe publication.")] id: ID,
        #[graphql(desc = "审查。\nThe decision.")] input: PublicationReviewInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PublicationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Publication, &id)?;
        let mut releases = Vec::new();
        for one in input.releases.unwrap_or_default() {
            releases.push(Release { finding: key(Kind::PublicationFinding, &one.finding)?, reason: one.reason });
        }
        let verdict = Verdict {
            expected_version: input.expected_version,
            step: input.step.into(),
            decision: input.decision.into(),
            reason: input.reason,
            releases,
            release_others: input.release_others,
        };
        let answer = request.service.publication_review(&request.caller, idempotency_key, id, verdict).await;
        PublicationPayload::new(request, answer, Some(id)).await
    }

    /// 发布已签发的公开稿；所替换的公开稿随之撤回（政务公开办）。
    /// Puts an approved publication before the public; what it replaces is withdrawn with it (the office).
    async fn publication_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "公开稿。\nThe publication.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PublicationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Publication, &id)?;
        let version = input.expected_version;
        let answer = request.service.publication_publish(&request.caller, idempotency_key, id, version).await;
        PublicationPayload::new(request, answer, Some(id)).await
    }

    /// 撤回公开稿：公众不再能读到内容，只看到曾有此标题的内容于某日撤回；未发布的即作废（政务公开办）。
    /// Takes a publication back: the public reads no more than that something of this title was withdrawn on that day; what was never published is given up (the office).
    async fn publication_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "公开稿。\nThe publication.")] id: ID,
        #[graphql(desc = "撤回。\nWhy.")] input: PublicationWithdrawInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<PublicationPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Publication, &id)?;
        let (version, reason) = (input.expected_version, input.reason);
        let answer = request.service.publication_withdraw(&request.caller, idempotency_key, id, version, reason).await;
        PublicationPayload::new(request, answer, Some(id)).await
    }
}
