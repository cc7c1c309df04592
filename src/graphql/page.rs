//! Relay connections: arguments, page information, and the pair of types per node.

use async_graphql::{Context, SimpleObject};

use super::context::RequestContext;
use super::user_error::bad_request;
use crate::store::{Cursor, PageArgs};

/// 分页信息。
/// Where a page stands among all.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    /// 之后是否还有。
    /// Whether more follow.
    pub has_next_page: bool,
    /// 之前是否还有。
    /// Whether some precede.
    pub has_previous_page: bool,
    /// 本页第一条的游标。
    /// The cursor of the first item of the page.
    pub start_cursor: Option<String>,
    /// 本页最后一条的游标。
    /// The cursor of the last item of the page.
    pub end_cursor: Option<String>,
}

/// The paging arguments as given.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// So many from the start.
    pub first: Option<i32>,
    /// Behind this cursor.
    pub after: Option<String>,
    /// So many from the end.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
    /// Passing over so many first.
    pub offset: Option<i32>,
}

impl Asked {
    /// Checks the arguments against the limits, and looks ahead whether rows and total are wanted at all.
    pub fn page(self, ctx: &Context<'_>, request: &RequestContext) -> async_graphql::Result<PageArgs> {
        let limits = request.service.limits();
        let backward = self.last.is_some();
        if backward && (self.first.is_some() || self.after.is_some()) {
            return Err(bad_request("use first with after, or last with before, not both"));
        }
        if !backward && self.before.is_some() {
            return Err(bad_request("before goes with last"));
        }
        let size = match self.first.or(self.last) {
            None => limits.page_default,
            Some(asked) => u64::try_from(asked)
                .ok()
                .filter(|size| (1..=limits.page_max).contains(size))
                .ok_or_else(|| bad_request(format!("a page has 1 to {} items, not {asked}", limits.page_max)))?,
        };
        let offset = match self.offset {
            None => 0,
            Some(asked) => u64::try_from(asked).map_err(|_| bad_request("offset must not be negative"))?,
        };
        let cursor = self
            .after
            .or(self.before)
            .map(|text| Cursor::decode(&text).ok_or_else(|| bad_request("this cursor is none of ours")))
            .transpose()?;
        let ahead = ctx.look_ahead();
        let total = ahead.field("totalCount").exists();
        let rows = ["edges", "nodes", "pageInfo"].iter().any(|name| ahead.field(name).exists());
        Ok(PageArgs { size, backward, cursor, offset, total, rows })
    }
}

/// A page of things that are counted and put in order by the server, each known by a key.
#[derive(Clone, Debug)]
pub struct Slice<T> {
    /// The things of the page with their cursors.
    pub items: Vec<(String, T)>,
    /// Whether more follow.
    pub has_next: bool,
    /// Whether some precede.
    pub has_previous: bool,
    /// How many there are in all.
    pub total: usize,
}

impl<T> Slice<T> {
    /// The page of `all` that is asked for.
    pub fn of(all: Vec<T>, key: impl Fn(&T) -> uuid::Uuid, page: &PageArgs) -> async_graphql::Result<Self> {
        let total = all.len();
        let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let at = match &page.cursor {
            None => None,
            Some(cursor) => {
                let found = all.iter().position(|item| key(item) == cursor.key());
                Some(found.ok_or_else(|| bad_request("this cursor belongs to another question"))?)
            }
        };
        let (size, offset) = (count(page.size), count(page.offset));
        let (from, to) = if page.backward {
            let to = at.unwrap_or(total).saturating_sub(offset);
            (to.saturating_sub(size), to)
        } else {
            let from = at.map_or(0, |at| at + 1).saturating_add(offset).min(total);
            (from, from.saturating_add(size).min(total))
        };
        let items = all.into_iter().take(to).skip(from);
        let items = items.map(|item| (Cursor::of_key(key(&item)).encode(), item)).collect();
        Ok(Self { items, has_next: to < total, has_previous: from > 0, total })
    }

    /// Where the page stands.
    pub fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.items.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.items.last().map(|(cursor, _)| cursor.clone()),
        }
    }
}

/// Declares the connection and the edge of a node type that wraps a `Visible` row.
macro_rules! connection {
    ($(#[$doc:meta])* $connection:ident, $(#[$edge_doc:meta])* $edge:ident, $node:ident, $row:ty) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// 本页各项及其游标。
            /// The items of the page with their cursors.
            edges: Vec<$edge>,
            /// 本页各项。
            /// The items of the page.
            nodes: Vec<$node>,
            /// 分页信息。
            /// Where the page stands.
            page_info: $crate::graphql::page::PageInfo,
            /// 符合条件且可见的总数。
            /// How many there are in all, as far as the caller sees them.
            total_count: i32,
        }

        $(#[$edge_doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// 游标。
            /// The cursor.
            cursor: String,
            /// 该项。
            /// The item.
            node: $node,
        }

        impl From<$crate::store::Page<$row>> for $connection {
            fn from(page: $crate::store::Page<$row>) -> Self {
                let page_info = $crate::graphql::page::PageInfo {
                    has_next_page: page.has_next,
                    has_previous_page: page.has_previous,
                    start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
                    end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
                };
                let nodes = page.rows.iter().map(|(_, row)| $node::from(row.clone())).collect();
                let edges =
                    page.rows.into_iter().map(|(cursor, row)| $edge { cursor, node: row.into() }).collect();
                Self { edges, nodes, page_info, total_count: i32::try_from(page.total.unwrap_or_default()).unwrap_or(i32::MAX) }
            }
        }
    };
}
pub(crate) use connection;
