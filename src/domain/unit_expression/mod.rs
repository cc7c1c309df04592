//! The unit expression: "市甲局牵头；各乡镇人民政府、街道办事处按职责分别落实" as a small grammar.
//!
//! ```text
//! expression = block { ("；" | "。") block }
//! block      = segment { "，" segment }
//! segment    = [ heading "：" ] member { separator member } [ role ] [ tail ]
//! member     = name [ "（" scope "）" ] [ "（" role "）" ] | "等" [ name ]
//! heading    = ("牵头" | "责任" | "配合" | …) ["单位" | "部门" | …]
//! role       = "牵头" | "配合" | "主办" | "协办" | …          a role word ends its segment
//! separator  = "、" | "及" | "和" | white space behind a unit | …
//! tail       = "按" duties verbs | "执行" | "落实" | "负责" | …
//! ```
//!
//! A role word is about its segment. 配合 behind a lead also takes the segments before it that have no role word yet.
//! Names before a comma that could share the lead are a [`Doubt`]. Nothing is dropped: the tokens cover the text.

mod ast;
mod lexer;
mod parser;
mod words;

pub use ast::{Assigned, Block, Doubt, Expression, Member, OPEN_NAME, Segment};
pub use lexer::{Token, TokenKind, tokens};
pub use parser::parse;
pub(crate) use words::WORD_ENDS;
pub use words::{looks_like_a_unit, target_by_words};
