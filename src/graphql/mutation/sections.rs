//! Sections of a draft.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use entity::section;

use super::{VersionInput, delete_payload, payload};
use crate::graphql::context::{self, key, optional_key};
use crate::graphql::patch;
use crate::graphql::types::section::Section;
use crate::id::Kind;
use crate::service::sections::{NewSection, SectionChange};

/// 新章节。
/// A new section.
#[derive(InputObject)]
pub struct SectionCreateInput {
    /// 所在清单（草稿）。
    /// The list, a draft.
    task_list: ID,
    /// 上级章节；不填为顶层。
    /// The section above; a top one when none is given.
    parent: Option<ID>,
    /// 序号，如“一”“（一）”，同级之间不重复，至多 50 字。
    /// The label as printed, unique among its siblings, at most 50 characters.
    label: String,
    /// 标题，至多 500 字。
    /// The title, at most 500 characters.
    title: String,
    /// 在清单中的次序，从 0 起，其后的依次后移；不填排在最后。
    /// The place in the list, from 0, moving the later ones on; at the end when none is given.
    position: Option<i32>,
}

/// 对章节的修改；未给出的项不变。
/// Changes of a section; what is not given stays.
#[derive(InputObject)]
pub struct SectionUpdateInput {
    /// 操作所依据的版本。
    /// The version the change was made on.
    expected_version: i32,
    /// 上级章节；null 表示移到顶层。
    /// The section above; null makes it a top one.
    parent: MaybeUndefined<ID>,
    /// 序号。
    /// The label as printed.
    label: Option<String>,
    /// 标题。
    /// The title.
    title: Option<String>,
    /// 在清单中的次序。
    /// The place in the list.
    position: Option<i32>,
}

payload! {
    /// 章节变更的结果。
    /// What came of a change of a section.
    SectionPayload {
        /// 章节的最新状态；不可见时为空。
        /// The section as it is now; null when invisible.
        section: Section, section
    }
}

delete_payload! {
    /// 删除章节的结果。
    /// What came of the removal of a section.
    SectionDeletePayload {
        /// 未能删除时章节的最新状态。
        /// The section as it is now, when it was not removed.
        section: Section, section, Section
    }
}

/// The verbs on sections.
#[derive(Default)]
pub struct SectionMutation;

#[Object]
impl SectionMutation {
    /// 在草稿中新增章节（发文单位的政务公开办）。
    /// Adds a section to a draft (the office at or above the issuer).
    async fn section_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "内容。\nThe input.")] input: SectionCreateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<SectionPayload> {
        let request = context::of(ctx)?;
        let new = NewSection {
            task_list: key(Kind::TaskList, &input.task_list)?,
            parent: optional_key(Kind::Section, input.parent.as_ref())?,
            label: input.label,
            title: input.title,
            position: input.position,
        };
        let answer = request.service.section_create(&request.caller, idempotency_key, new).await;
        SectionPayload::new(request, answer, None).await
    }

    /// 修改或移动草稿中的章节（发文单位的政务公开办）。
    /// Changes or moves a section of a draft (the office at or above the issuer).
    async fn section_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "章节。\nThe section.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: SectionUpdateInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<SectionPayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Section, &id)?;
        let parent = patch(input.parent).map(|parent| optional_key(Kind::Section, parent.as_ref())).transpose()?;
        let change = SectionChange {
            expected_version: input.expected_version,
            parent,
            label: input.label,
            title: input.title,
            position: input.position,
        };
        let answer = request.service.section_update(&request.caller, idempotency_key, id, change).await;
        SectionPayload::new(request, answer, Some(id)).await
    }

    /// 删除草稿中的空章节（发文单位的政务公开办）；仍有任务或下级章节时拒绝。
    /// Removes an empty section of a draft (the office at or above the issuer); refused while tasks or sections stand under it.
    async fn section_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "章节。\nThe section.")] id: ID,
        #[graphql(desc = "内容。\nThe input.")] input: VersionInput,
        #[graphql(
            desc = "幂等键，重复提交时用同一个，1 至 128 字。\nRepeating the call with the same key does it once; 1 to 128 characters."
        )]
        idempotency_key: Option<String>,
    ) -> async_graphql::Result<SectionDeletePayload> {
        let request = context::of(ctx)?;
        let id = key(Kind::Section, &id)?;
        let version = input.expected_version;
        let answer = request.service.section_delete(&request.caller, idempotency_key, id, version).await;
        SectionDeletePayload::new(request, answer, Some(id)).await
    }
}
