//! What is wrong with a document, where, in both languages.

use crate::domain::lang::Lang;

/// One mistake in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentProblem {
    /// Where: `tasks[12].assignments[0].role`; the document itself is `$`.
    pub path: String,
    /// What.
    pub kind: ProblemKind,
}

impl DocumentProblem {
    /// Place and text on one line.
    pub fn line(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("{}：{}", self.path, self.kind.text(lang)),
            Lang::En => format!("{}: {}", self.path, self.kind.text(lang)),
        }
    }
}

/// The kinds of mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The bytes are no JSON.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// The format tag is another one.
    WrongFormat {
        /// The tag that is read here.
        expected: &'static str,
    },
    /// A value of another JSON type.
    WrongType {
        /// What should stand there.
        expected: JsonType,
    },
    /// Nothing stands there.
    Required,
    /// The text is too long.
    TooLong {
        /// Characters at most.
        max: usize,
    },
    /// The list is too long.
    TooMany {
        /// Items at most.
        max: usize,
    },
    /// Control characters or invisible direction marks.
    ControlCharacter,
    /// A word outside a closed list.
    UnknownWord {
        /// The words that are known.
        allowed: Vec<&'static str>,
    },
    /// No date of the form 2026-03-31.
    InvalidDate,
    /// The number is too small or too large.
    OutOfRange {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// The same thing stands there twice.
    Duplicate {
        /// Where it stood first.
        first: String,
    },
    /// The section above is missing or comes later.
    MissingParent,
    /// There is no such section.
    UnknownSection,
    /// Neither title nor requirement.
    NothingSaid,
    /// This kind of deadline needs a date.
    DateMissing,
    /// The date is not the last day of a month.
    NotMonthEnd,
    /// The window ends before it begins.
    WindowReversed,
    /// The rule cannot be read.
    InvalidRule,
    /// The identifier names nothing in this document.
    UnknownReference,
    /// There are more problems than are listed.
    More,
}

/// The JSON types, to say what should stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// true or false.
    Boolean,
}

impl JsonType {
    const fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Object => lang.pick("对象", "an object"),
            Self::Array => lang.pick("数组", "an array"),
            Self::Text => lang.pick("文本", "a text"),
            Self::Integer => lang.pick("整数", "a whole number"),
            Self::Boolean => lang.pick("true 或 false", "true or false"),
        }
    }
}

impl ProblemKind {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "NOT_JSON",
            Self::WrongFormat { .. } => "WRONG_FORMAT",
            Self::WrongType { .. } => "WRONG_TYPE",
            Self::Required => "REQUIRED",
            Self::TooLong { .. } => "TOO_LONG",
            Self::TooMany { .. } => "TOO_MANY",
            Self::ControlCharacter => "CONTROL_CHARACTER",
            Self::UnknownWord { .. } => "UNKNOWN_WORD",
            Self::InvalidDate => "INVALID_DATE",
            Self::OutOfRange { .. } => "OUT_OF_RANGE",
            Self::Duplicate { .. } => "DUPLICATE",
            Self::MissingParent => "MISSING_PARENT",
            Self::UnknownSection => "UNKNOWN_SECTION",
            Self::NothingSaid => "NOTHING_SAID",
            Self::DateMissing => "DATE_MISSING",
            Self::NotMonthEnd => "NOT_MONTH_END",
            Self::WindowReversed => "WINDOW_REVERSED",
            Self::InvalidRule => "INVALID_RULE",
            Self::UnknownReference => "UNKNOWN_REFERENCE",
            Self::More => "MORE",
        }
    }

    /// The text for a person.
    pub fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::NotJson { line, column } if zh => format!("不是合法的 JSON（第 {line} 行第 {column} 列）"),
            Self::NotJson { line, column } => format!("not valid JSON (line {line}, column {column})"),
            Self::WrongFormat { expected } if zh => format!("格式标记应为 {expected}"),
            Self::WrongFormat { expected } => format!("the format must be {expected}"),
            Self::WrongType { expected } if zh => format!("此处应为{}", expected.word(lang)),
            Self::WrongType { expected } => format!("{} is expected here", expected.word(lang)),
            Self::TooLong { max } if zh => format!("文本过长，最多 {max} 个字符"),
            Self::TooLong { max } => format!("the text is too long, at most {max} characters"),
            Self::TooMany { max } if zh => format!("条目过多，最多 {max} 条"),
            Self::TooMany { max } => format!("too many items, at most {max}"),
            Self::UnknownWord { allowed } if zh => format!("不认识的取值，可用：{}", allowed.join("、")),
            Self::UnknownWord { allowed } => format!("unknown word, use one of {}", allowed.join(", ")),
            Self::OutOfRange { min, max } if zh => format!("数值应在 {min} 与 {max} 之间"),
            Self::OutOfRange { min, max } => format!("the number must lie between {min} and {max}"),
            Self::Duplicate { first } if zh => format!("与 {first} 重复"),
            Self::Duplicate { first } => format!("the same as {first}"),
            Self::Required => lang.pick("不能为空", "must not be empty").into(),
            Self::ControlCharacter => lang.pick("含有控制字符", "contains control characters").into(),
            Self::InvalidDate => lang.pick("日期应写作 2026-03-31", "a date is written 2026-03-31").into(),
            Self::MissingParent => {
                lang.pick("上级任务不存在或排在后面", "the section above is missing or comes later").into()
            }
            Self::UnknownSection => lang.pick("没有这一工作任务", "there is no such section").into(),
            Self::NothingSaid => {
                lang.pick("任务名称和具体要求至少填一项", "either a title or a requirement is needed").into()
            }
            Self::DateMissing => lang.pick("这种时限必须有日期", "this kind of deadline needs a date").into(),
            Self::NotMonthEnd => {
                lang.pick("月底时限的日期必须是当月最后一天", "the date must be the last day of its month").into()
            }
            Self::WindowReversed => lang.pick("时段的结束早于开始", "the window ends before it begins").into(),
            Self::InvalidRule => lang.pick("时限规则无法识别", "the rule of the deadline cannot be read").into(),
            Self::UnknownReference => {
                lang.pick("文件中没有这个标识", "nothing in this document has this identifier").into()
            }
            Self::More => lang.pick("问题太多，其余未列出", "there are more problems than are listed").into(),
        }
    }
}
