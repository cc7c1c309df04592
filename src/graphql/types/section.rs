//! Sections.

use async_graphql::{Context, ID, Object};
use entity::{section, task, task_list};

use super::object_of_row;
use super::task::{TaskConnection, TaskFilter, TaskOrder};
use super::task_list::TaskList;
use crate::graphql::context::{self, id};
use crate::graphql::filter::{IdFilter, StringFilter, filter_input, filter_or_default, order_input};
use crate::graphql::page::{Asked, connection};
use crate::graphql::scalar::DateTime;
use crate::id::Kind;
use crate::store::query::lists;

object_of_row! {
    /// A section.
    Section, section::Model
}

connection! {
    /// 章节的分页列表。
    /// A page of sections.
    SectionConnection,
    /// 章节及其游标。
    /// A section with its cursor.
    SectionEdge, Section, section::Model
}

filter_input! {
    /// 章节筛选。
    /// Which sections.
    SectionFilter => lists::SectionLeaf {
        /// 标题。
        /// The title.
        title: StringFilter => |v| v.into(),
        /// 序号，如“一”“（一）”。
        /// The label as printed.
        label: StringFilter => |v| v.into(),
        /// 上级章节；isNull 为 true 即顶层。
        /// The section above; `isNull: true` gives the top level.
        parent: IdFilter => |v| v.keys(Kind::Section)?,
    }
}

order_input! {
    /// 章节排序。
    /// In which order sections come.
    SectionOrder,
    /// 章节排序依据。
    /// By what sections are ordered.
    SectionOrderField => lists::SectionOrder, default Position {
        /// 印发顺序。
        /// As printed.
        Position,
        /// 标题。
        /// By title.
        Title,
    }
}

/// 章节（工作任务大项），可多级。
/// A section of a list; sections form a tree.
#[Object]
impl Section {
    /// 标识。
    /// The identifier.
    pub async fn id(&self) -> ID {
        id(Kind::Section, self.0.id)
    }

    /// 序号，如“一”“（一）”。
    /// The label as printed.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// 标题。
    /// The title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 在清单中的次序。
    /// The place in the list.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// 所在清单。
    /// The list it belongs to.
    async fn task_list(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TaskList>> {
        Ok(context::of(ctx)?.row::<task_list::Entity>(self.0.task_list_id).await?.map(TaskList::from))
    }

    /// 上级章节。
    /// The section above.
    async fn parent(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Section>> {
        match self.0.parent_id {
            Some(key) => Ok(context::of(ctx)?.row::<section::Entity>(key).await?.map(Section::from)),
            None => Ok(None),
        }
    }

    /// 下级章节。
    /// The sections directly below.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<SectionFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<SectionOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<SectionConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let query = lists::subsections(&filter_or_default(filter)?, SectionOrder::or_default(order_by), page);
        Ok(request.nested::<section::Entity>(self.0.id, query).await?.into())
    }

    /// 直属任务。
    /// The tasks that stand directly under it.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "筛选。\nWhich ones.")] filter: Option<TaskFilter>,
        #[graphql(desc = "排序。\nIn which order.")] order_by: Option<TaskOrder>,
        #[graphql(desc = "从头取几条，1 至 200，默认 20。\nSo many from the start, 1 to 200; 20 unless said.")]
        first: Option<i32>,
        #[graphql(desc = "在此游标之后。\nBehind this cursor.")] after: Option<String>,
        #[graphql(desc = "从尾取几条，1 至 200。\nSo many from the end, 1 to 200.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前。\nBefore this cursor.")] before: Option<String>,
        #[graphql(desc = "跳过几条，用于按页码翻页。\nPassing over so many, for paging by number.")] offset: Option<
            i32,
        >,
    ) -> async_graphql::Result<TaskConnection> {
        let request = context::of(ctx)?;
        let page = Asked { first, after, last, before, offset }.page(ctx, request)?;
        let (filter, order) = (filter_or_default(filter)?, TaskOrder::or_default(order_by));
        let query = lists::tasks(request.actor(), request.today, &filter, order, page, lists::TasksOf::Section);
        Ok(request.nested::<task::Entity>(self.0.id, query).await?.into())
    }

    /// 版本，修改时须带回。
    /// The version to send back with a change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 创建时间。
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// 最近修改时间。
    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
