//! Typed comparators as input objects, and how they become the store's.

use async_graphql::{ID, InputObject, InputType};

use super::context::{key, keys};
use super::enums::{
    AssignmentRole, AssignmentTarget, Completion, DeadlineKind, ImportQuestionStatus, LookBackFinding, LookBackStatus,
    PeriodStatus, PublicationKind, PublicationStatus, RectificationStatus, ReportStatus, Role, TaskListStatus,
};
use super::scalar::{Date, DateTime};
use crate::id::Kind;
use crate::store::filter::{DayRange, Filter, KeyMatch, NumberRange, TextMatch, TimeRange, WordMatch};

/// 文本比较。
/// Comparisons of a text.
#[derive(Clone, Debug, InputObject)]
pub struct StringFilter {
    /// 等于。
    /// Equal.
    pub eq: Option<String>,
    /// 不等于。
    /// Not equal.
    pub ne: Option<String>,
    /// 属于其一。
    /// One of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<String>>,
    /// 包含（逐字，不作通配）。
    /// Contains this, letter for letter.
    pub contains: Option<String>,
    /// 以此开头。
    /// Begins with this.
    pub starts_with: Option<String>,
}

impl From<StringFilter> for TextMatch {
    fn from(f: StringFilter) -> Self {
        Self { eq: f.eq, ne: f.ne, one_of: f.one_of, contains: f.contains, starts_with: f.starts_with }
    }
}

/// 标识比较。
/// Comparisons of an identifier.
#[derive(Clone, Debug, InputObject)]
pub struct IdFilter {
    /// 等于。
    /// Equal.
    pub eq: Option<ID>,
    /// 属于其一。
    /// One of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<ID>>,
    /// 是否为空。
    /// Whether there is none.
    pub is_null: Option<bool>,
}

impl IdFilter {
    /// The keys of `kind` behind it.
    pub fn keys(self, kind: Kind) -> async_graphql::Result<KeyMatch> {
        Ok(KeyMatch {
            eq: self.eq.map(|id| key(kind, &id)).transpose()?,
            one_of: self.one_of.map(|ids| keys(kind, &ids)).transpose()?,
            is_null: self.is_null,
        })
    }
}

macro_rules! range_filter {
    ($(#[$doc:meta])* $name:ident, $value:ty, $range:ty, |$v:ident| $convert:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// 等于。
            /// Equal.
            pub eq: Option<$value>,
            /// 小于（早于）。
            /// Less (earlier).
            pub lt: Option<$value>,
            /// 小于等于（不晚于）。
            /// Less or equal (not later).
            pub lte: Option<$value>,
            /// 大于（晚于）。
            /// Greater (later).
            pub gt: Option<$value>,
            /// 大于等于（不早于）。
            /// Greater or equal (not earlier).
            pub gte: Option<$value>,
            /// 是否为空。
            /// Whether there is none.
            pub is_null: Option<bool>,
        }

        impl From<$name> for $range {
            fn from(f: $name) -> Self {
                let of = |$v: $value| $convert;
                Self {
                    eq: f.eq.map(of),
                    lt: f.lt.map(of),
                    lte: f.lte.map(of),
                    gt: f.gt.map(of),
                    gte: f.gte.map(of),
                    is_null: f.is_null,
                }
            }
        }
    };
}

range_filter! {
    /// 整数比较。
    /// Comparisons of a whole number.
    IntFilter, i32, NumberRange, |v| v
}
range_filter! {
    /// 日期比较。
    /// Comparisons of a day.
    DateFilter, Date, DayRange, |v| v.0
}
range_filter! {
    /// 时刻比较。
    /// Comparisons of a moment.
    DateTimeFilter, DateTime, TimeRange, |v| v.0
}

macro_rules! word_filter {
    ($(#[$doc:meta])* $name:ident, $word:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// 等于。
            /// Equal.
            pub eq: Option<$word>,
            /// 不等于。
            /// Not equal.
            pub ne: Option<$word>,
            /// 属于其一。
            /// One of these.
            #[graphql(name = "in")]
            pub one_of: Option<Vec<$word>>,
        }

        impl From<$name> for WordMatch<entity::vocabulary::$word> {
            fn from(f: $name) -> Self {
                Self {
                    eq: f.eq.map(Into::into),
                    ne: f.ne.map(Into::into),
                    one_of: f.one_of.map(|words| words.into_iter().map(Into::into).collect()),
                }
            }
        }
    };
}

word_filter! {
    /// 清单状态比较。
    /// Comparisons of the state of a list.
    TaskListStatusFilter, TaskListStatus
}
word_filter! {
    /// 导入问题状态比较。
    /// Comparisons of where a question of an import stands.
    ImportQuestionStatusFilter, ImportQuestionStatus
}
word_filter! {
    /// 单位角色比较。
    /// Comparisons of the role of an assignment.
    AssignmentRoleFilter, AssignmentRole
}
word_filter! {
    /// 指派对象类型比较。
    /// Comparisons of what an assignment names.
    AssignmentTargetFilter, AssignmentTarget
}
word_filter! {
    /// 时限类型比较。
    /// Comparisons of the kind of a deadline.
    DeadlineKindFilter, DeadlineKind
}
word_filter! {
    /// 报告期状态比较。
    /// Comparisons of the state of a period.
    PeriodStatusFilter, PeriodStatus
}
word_filter! {
    /// 报告状态比较。
    /// Comparisons of the state of a report.
    ReportStatusFilter, ReportStatus
}
word_filter! {
    /// 完成程度比较。
    /// Comparisons of the completion of a report.
    CompletionFilter, Completion
}
word_filter! {
    /// 回头看状态比较。
    /// Comparisons of the state of a round.
    LookBackStatusFilter, LookBackStatus
}
word_filter! {
    /// 核查结论比较。
    /// Comparisons of what was found.
    LookBackFindingFilter, LookBackFinding
}
word_filter! {
    /// 整改状态比较。
    /// Comparisons of the state of a rectification.
    RectificationStatusFilter, RectificationStatus
}
word_filter! {
    /// 授权角色比较。
    /// Comparisons of the role of a grant.
    RoleFilter, Role
}
word_filter! {
    /// 公开稿类别比较。
    /// Comparisons of the kind of a publication.
    PublicationKindFilter, PublicationKind
}
word_filter! {
    /// 公开稿状态比较。
    /// Comparisons of the state of a publication.
    PublicationStatusFilter, PublicationStatus
}

/// A filter input that can be nested with and, or, not.
pub trait FilterInput: InputType + Sized {
    /// The store's comparisons.
    type Leaf: Default;

    /// Takes the parts: and, or, not.
    fn parts(&mut self) -> (Vec<Self>, Vec<Self>, Option<Box<Self>>);

    /// The comparisons themselves.
    fn leaf(self) -> async_graphql::Result<Self::Leaf>;

    /// The store's filter.
    fn filter(mut self) -> async_graphql::Result<Filter<Self::Leaf>> {
        let (and, or, not) = self.parts();
        Ok(Filter {
            and: and.into_iter().map(Self::filter).collect::<Result<_, _>>()?,
            or: or.into_iter().map(Self::filter).collect::<Result<_, _>>()?,
            not: not.map(|part| part.filter().map(Box::new)).transpose()?,
            leaf: self.leaf()?,
        })
    }
}

/// The filter of an optional argument.
pub fn filter_or_default<F: FilterInput>(filter: Option<F>) -> async_graphql::Result<Filter<F::Leaf>> {
    match filter {
        Some(filter) => filter.filter(),
        None => Ok(Filter { and: Vec::new(), or: Vec::new(), not: None, leaf: F::Leaf::default() }),
    }
}

/// Declares a filter input: its and/or/not, and its comparisons.
macro_rules! filter_input {
    (
        $(#[$doc:meta])* $name:ident => $leaf:ty {
            $($(#[$fdoc:meta])* $field:ident: $type:ty => |$v:ident| $convert:expr),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, async_graphql::InputObject)]
        pub struct $name {
            /// 同时满足。
            /// All of these.
            pub and: Option<Vec<$name>>,
            /// 满足其一。
            /// At least one of these.
            pub or: Option<Vec<$name>>,
            /// 不满足。
            /// Not this.
            pub not: Option<Box<$name>>,
            $($(#[$fdoc])* pub $field: Option<$type>,)+
        }

        impl $crate::graphql::filter::FilterInput for $name {
            type Leaf = $leaf;

            fn parts(&mut self) -> (Vec<Self>, Vec<Self>, Option<Box<Self>>) {
                (self.and.take().unwrap_or_default(), self.or.take().unwrap_or_default(), self.not.take())
            }

            fn leaf(self) -> async_graphql::Result<$leaf> {
                let mut leaf = <$leaf>::default();
                $(if let Some($v) = self.$field {
                    leaf.$field = Some($convert);
                })+
                Ok(leaf)
            }
        }
    };
}
pub(crate) use filter_input;

/// Declares the order input of a type.
macro_rules! order_input {
    (
        $(#[$doc:meta])* $order:ident, $(#[$fdoc:meta])* $field:ident => $store:ty, default $default:ident {
            $($(#[$vdoc:meta])* $variant:ident),+ $(,)?
        }
    ) => {
        $(#[$fdoc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        pub enum $field { $($(#[$vdoc])* $variant),+ }

        $(#[$doc])*
        #[derive(Clone, Copy, Debug, async_graphql::InputObject)]
        pub struct $order {
            /// 排序依据。
            /// By what.
            pub field: $field,
            /// 方向，默认升序。
            /// The direction; ascending unless said otherwise.
            pub direction: Option<$crate::graphql::filter::OrderDirection>,
        }

        impl $order {
            /// The store's order.
            pub fn or_default(order: Option<Self>) -> $crate::store::query::OrderBy<$store> {
                let Some(order) = order else {
                    return $crate::store::query::OrderBy { field: <$store>::$default, descending: false };
                };
                let field = match order.field { $($field::$variant => <$store>::$variant),+ };
                let descending = order.direction == Some($crate::graphql::filter::OrderDirection::Desc);
                $crate::store::query::OrderBy { field, descending }
            }
        }
    };
}
pub(crate) use order_input;

/// 排序方向。
/// The direction of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
pub enum OrderDirection {
    /// 升序。
    /// Ascending.
    Asc,
    /// 降序。
    /// Descending.
    Desc,
}
