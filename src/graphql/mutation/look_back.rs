//! Rounds of looking back, and their findings.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::{look_back, look_back_item};
use uuid::Uuid;

use super::{VersionInput, delete_payload, payload};
use crate::domain::lang::Lang;
use crate::graphql::context::{self, key, optional_key};
use crate::graphql::enums::{EvidenceKind, LookBackFinding};
use crate::graphql::scalar::Date;
use crate::graphql::types::look_back::{LookBack, LookBackItem};
use crate::graphql::user_error::{UserError, top_level};
use crate::id::Kind;
use crate::service::look_back::{EvidenceItem, Found, NewLookBack};

/// 新的回头看。
/// A new round.
#[derive(InputObject)]
pub struct LookBackCreateInput {
    /// 已印发的清单（含已办结、已归档的）。
    /// The list; issued, closed and archived ones can be looked back at.
    task_list: ID,
    /// 名称，至多 200 字。
    /// What it is called, at most 200 characters.
    title: String,
    /// 核查完成期限，不早于今天。
    /// The day by which the findings are to be written, not before today.
    due_on: Date,
    /// 只核查时限不晚于此日的任务；不填即全部。
    /// Only what was due by this day; everything when missing.
    deadlines_by: Option<Date>,
}

/// 一件佐证材料：链接、文号、文件三者择一，与种类相符。
/// A piece of evidence: a link, a document number or a file, as its kind says.
#[derive(InputObject)]
pub struct LookBackEvidenceInput {
    /// 种类。
    /// What it is.
    kind: EvidenceKind,
    /// 名称，至多 200 字。
    /// What it is called, at most 200 characters.
    title: Option<String>,
    /// 网址，仅用于链接。
    /// The address, for links only.
    url: Option<String>,
    /// 文号，至多 200 字，仅用于文号类。
    /// The number of the document, at most 200 characters, for document numbers only.
    document_number: Option<String>,
    /// 本人上传的文件，仅用于文件类。
    /// A file of the caller's, for files only.
    file: Option<ID>,
}

impl LookBackEvidenceInput {
    pub(super) fn items(all: Vec<Self>) -> async_graphql::Result<Vec<EvidenceItem>> {
        let item = |input: Self| -> async_graphql::Result<EvidenceItem> {
            Ok(EvidenceItem {
                kind: input.kind.into(),
                title: input.title,
                url: input.url,
                document_number: input.document_number,
                file: optional_key(Kind::File, input.file.as_ref())?,
            })
        };
        all.into_iter().map(item).collect()
    }
}

/// 核查结论。
/// What was found.
#[derive(InputObject)]
pub struct LookBackItemRecordInput {
    /// 填写所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 结论。
    /// What was found.
    finding: LookBackFinding,
    /// 核查情况，至多 5000 字；结论不是已完成时必填。
    /// In words, at most 5,000 characters; needed unless it is done.
    text: Option<String>,
    /// 佐证材料，至多 20 件，替换原有的；不填则不变。
    /// What shows it, at most 20 pieces, in the place of what is there; that stays when missing.
    evidence: Option<Vec<LookBackEvidenceInput>>,
}

impl LookBackItemRecordInput {
    fn found(self, id: Uuid) -> async_graphql::Result<Found> {
        let evidence = self.evidence.map(LookBackEvidenceInput::items).transpose()?;
        let (finding, text) = (self.finding.into(), self.text);
        Ok(Found { id, expected_version: self.expected_version, finding, text, evidence })
    }
}

/// 其中一项的结论。
/// One of many findings.
#[derive(InputObject)]
pub struct LookBackItemRecordItem {
    /// 事项。
    /// The item.
    id: ID,
    /// 填写所依据的版本。
    /// The version that was read.
    expected_version: i32,
    /// 结论。
    /// What was found.
    finding: LookBackFinding,
    /// 核查情况，至多 5000 字；结论不是已完成时必填。
    /// In words, at most 5,000 characters; needed unless it is done.
    text: Option<String>,
    /// 佐证材料，至多 20 件，替换原有的；不填则不变。
    /// What shows it, at most 20 pieces, in the place of what is there; that stays when missing.
    evidence: Option<Vec<LookBackEvidenceInput>>,
}

/// 多项结论。
/// Many findings.
#[derive(InputObject)]
pub struct LookBackItemRecordManyInput {
    /// 各项，至多 100 项。
    /// The items, at most 100.
    items: Vec<LookBackItemRecordItem>,
}

payload! {
    /// 回头看变更的结果。
    /// What came of a change of a round.
    LookBackPayload {
        /// 回头看的最新状态；不可见时为空。
        /// The round as it is now; null when invisible.
        look_back: LookBack, look_back
    }
}

payload! {
    /// 填写结论的结果。
    /// What came of writing a finding.
    LookBackItemPayload {
        /// 事项的最新状态；不可见时为空。
        /// The item as it is now; null when invisible.
        look_back_item: LookBackItem, look_back_item
    }
}

delete_payload! {
    /// 删除回头看的结果。
    /// What came of removing a round.
    LookBackDeletePayload {
        /// 未删除时的回头看；不可见时为空。
        /// The round when it was not removed; null when invisible.
        look_back: LookBack, look_back, LookBack
    }
}

/// 其中一项的结果；各项互不影响。
/// What came of one of them; each stands for itself.
#[derive(SimpleObject)]
pub struct LookBackItemOutcome {
    /// 事项的最新状态；不可见时为空。
    /// The item as it is now; null when invisible.
    look_back_item: Option<LookBackItem>,
    /// 需要用户处理的问题，位置从这一项算起；为空表示成功。
    /// What the user has to mend, with places inside this item; empty means done.
    user_errors: Vec<UserError>,
}

/// 批量填写结论的结果。
/// What came of many findings.
#[derive(SimpleObject)]
pub struct LookBackItemManyPayload {
    /// 逐项的结果，次序与所给一致；整批未处理时为空。
    /// One outcome for each, in the order given; empty when none was looked at.
    outcomes: Vec<LookBackItemOutcome>,
    /// 整批的问题，如项数过多；为空表示已逐项处理。
    /// What is wrong with the call as a whole, such as too many items; empty means that each was looked at.
    user_errors: Vec<UserError>,
}

/// What the office does with rounds.
#[derive(Default)]
pub struct LookBackMutation;

#[Object(guard = "crate::graphql::guard::OFFICE")]
impl LookBackMutation {
    /// 对一份已印发的清单发起回头看：固定应报单位承担的、有明确日期（具体日期、月底、时段末日、可推算的相对期限）的任务（发文单位的政务公开办）。
    /// Begins a round over an issued list: it freezes the parts of the units that owe reports on it, of tasks that have a day (a fixed day, the end of a month or a window, a length of time that comes to a day); the office of the issuer.
    async fn look_back_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe round.")] input: LookBackCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<LookBackPayload> {
        let request = context::of(ctx)?;
        let new = NewLookBack {
            list: key(Kind::TaskList, &input.task_list)?,
            title: input.title,
            due_on: input.due_on.0,
            deadlines_by: input.deadlines_by.map(|day| day.0),
        };
        let answer = request.service.look_back_create(&request.caller, idempotency_key, new).await;
        LookBackPayload::new(request, answer, None).await
    }

    /// 结束回头看：每项都须有结论；此后各单位可见对本单位的结论（发文单位的政务公开办）。
    /// Finishes a round, in which every item needs a finding; from then on units see what was found about them (the office of the issuer).
    async fn look_back_finish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "回头看。\nThe round.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<LookBackPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::LookBack, &id)?;
        let version = input.expected_version;
        let answer = request.service.look_back_finish(&request.caller, idempotency_key, id, version).await;
        LookBackPayload::new(request, answer, Some(id)).await
    }

    /// 删除尚未结束的回头看及其结论（发文单位的政务公开办）。
    /// Removes a round that is not finished, with its findings (the office of the issuer).
    async fn look_back_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "回头看。\nThe round.")] id: ID,
        #[graphql(desc = "依据。\nWhat it is decided on.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<LookBackDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::LookBack, &id)?;
        let version = input.expected_version;
        let answer = request.service.look_back_delete(&request.caller, idempotency_key, id, version).await;
        LookBackDeletePayload::new(request, answer, Some(id)).await
    }

    /// 填写一项的核查结论（发文单位的政务公开办）。
    /// Writes the finding of one item (the office of the issuer).
    async fn look_back_item_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "事项。\nThe item.")] id: ID,
        #[graphql(desc = "结论。\nThe finding.")] input: LookBackItemRecordInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<LookBackItemPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::LookBackItem, &id)?;
        let found = input.found(id)?;
        let answer = request.service.look_back_item_record(&request.caller, idempotency_key, found).await;
        LookBackItemPayload::new(request, answer, Some(id)).await
    }

    /// 一次填写多项结论，逐项给出结果（发文单位的政务公开办）。
    /// Writes many findings at once, with an outcome for each (the office of the issuer).
    async fn look_back_item_record_many(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "结论。\nThe findings.")] input: LookBackItemRecordManyInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<LookBackItemManyPayload> {
        let request = context::of(ctx)?;
        let found = |item: LookBackItemRecordItem| {
            let id = key(Kind::LookBackItem, &item.id)?;
            let LookBackItemRecordItem { expected_version, finding, text, evidence, .. } = item;
            LookBackItemRecordInput { expected_version, finding, text, evidence }.found(id)
        };
        let items = input.items.into_iter().map(found).collect::<Result<Vec<_>, _>>()?;
        let answer = request.service.look_back_item_record_many(&request.caller, idempotency_key, items).await;
        let outcomes = match answer.map_err(top_level)? {
            Ok(outcomes) => outcomes,
            Err(errors) => {
                let user_errors = errors.iter().map(|error| UserError::localised(error, request.lang)).collect();
                return Ok(LookBackItemManyPayload { outcomes: Vec::new(), user_errors });
            }
        };
        let keys: Vec<Uuid> = outcomes.iter().map(|outcome| outcome.item).collect();
        let seen = request.reader.by_keys::<look_back_item::Entity>(&keys).await;
        let seen = seen.map_err(|error| top_level(error.into()))?;
        let said = outcomes.into_iter().map(|outcome| LookBackItemOutcome {
            look_back_item: seen.get(&outcome.item).cloned().map(LookBackItem::from),
            user_errors: outcome
                .errors
                .into_iter()
                .map(|error| {
                    let text = if request.lang == Lang::Zh { error.zh } else { error.en };
                    UserError::said(error.code, text, error.field)
                })
                .collect(),
        });
        Ok(LookBackItemManyPayload { outcomes: said.collect(), user_errors: Vec::new() })
    }
}
