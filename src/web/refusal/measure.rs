//! What is measured before a document is executed.

use crate::web::info::Lang;

/// What is measured before a document is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Characters of the document.
    Characters,
    /// Lexical tokens of the document.
    Tokens,
    /// Nesting of brackets in the document, fragments expanded.
    BracketDepth,
    /// Nesting of the JSON of the request.
    JsonDepth,
    /// Nesting of selections.
    SelectionDepth,
    /// Fields after expanding fragments.
    ExpandedFields,
    /// Aliases of the document.
    Aliases,
    /// Fields at the root of the operation.
    RootFields,
    /// Directives of the document.
    Directives,
    /// Fragments of the document.
    Fragments,
    /// Fields of a mutation.
    MutationFields,
    /// Cost of the operation.
    Cost,
}

impl Measure {
    pub(super) const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Characters => lang.pick("查询字符数", "characters of the document"),
            Self::Tokens => lang.pick("查询词元数", "tokens of the document"),
            Self::BracketDepth => lang.pick("括号嵌套层数", "nesting of brackets"),
            Self::JsonDepth => lang.pick("JSON 嵌套层数", "nesting of the JSON"),
            Self::SelectionDepth => lang.pick("选择嵌套层数", "nesting of selections"),
            Self::ExpandedFields => lang.pick("展开后的字段数", "fields with fragments expanded"),
            Self::Aliases => lang.pick("别名数", "aliases"),
            Self::RootFields => lang.pick("根字段数", "root fields"),
            Self::Directives => lang.pick("指令数", "directives"),
            Self::Fragments => lang.pick("片段数", "fragments"),
            Self::MutationFields => lang.pick("一次变更操作中的字段数", "fields of one mutation"),
            Self::Cost => lang.pick("查询成本", "cost of the query"),
        }
    }
}
