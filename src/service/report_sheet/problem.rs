//! What a person must look at in a filled form, beside the rows that are passed over.

use serde::{Deserialize, Serialize};

use crate::documents::write::{FormProblem, FormProblemKind};
use crate::domain::lang::Lang;

/// Something in a form that is not taken over, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetProblem {
    /// What it is.
    pub kind: SheetProblemKind,
    /// Where, as a person would say it; empty when it is about the whole file.
    pub place: String,
    /// What was printed there.
    pub printed: String,
}

/// What is wrong with a form or a row of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SheetProblemKind {
    /// A filled row has no key, and its number does not tell which it is.
    NoKey,
    /// Two rows have the same key.
    KeyTwice,
    /// No obligation of the unit in this period has the key.
    UnknownKey,
    /// Two rows are about the same obligation.
    RowTwice,
    /// No word of 完成情况.
    Completion,
    /// Evidence is not taken over.
    Evidence,
    /// 填报单位 is blank.
    NoUnit,
    /// The reporter's name can't be kept.
    Reporter,
    /// No telephone number.
    Phone,
    /// No day.
    Date,
}

impl SheetProblemKind {
    /// One plain sentence.
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::NoKey => FormProblemKind::NoKey.text(lang),
            Self::KeyTwice => FormProblemKind::KeyTwice.text(lang),
            Self::UnknownKey => lang.pick(
                "编号不属于本单位本期的应报事项，此行未读取。",
                "The key is none of what the unit owes for this period; the row is passed over.",
            ),
            Self::RowTwice => lang.pick(
                "此行与前面一行是同一事项，未读取。",
                "An earlier row is about the same task; this one is passed over.",
            ),
            Self::Completion => FormProblemKind::Completion.text(lang),
            Self::Evidence => lang.pick(
                "佐证材料不随表导入，请在报告中另行添加（evidenceAdd）。",
                "Evidence is not taken over; add it to the report (`evidenceAdd`).",
            ),
            Self::NoUnit => FormProblemKind::NoUnit.text(lang),
            Self::Reporter => lang.pick(
                "填报人姓名过长或含有不可见字符，未读取。",
                "The name of the reporter is too long or has invisible characters; it is not taken over.",
            ),
            Self::Phone => FormProblemKind::Phone.text(lang),
            Self::Date => FormProblemKind::Date.text(lang),
        }
    }

    /// What the reader of the form found; a file without a form does not come this far.
    const fn of(kind: FormProblemKind) -> Option<Self> {
        Some(match kind {
            FormProblemKind::NoForm => return None,
            FormProblemKind::NoKey => Self::NoKey,
            FormProblemKind::KeyTwice => Self::KeyTwice,
            FormProblemKind::Completion => Self::Completion,
            FormProblemKind::Date => Self::Date,
            FormProblemKind::Phone => Self::Phone,
            FormProblemKind::NoUnit => Self::NoUnit,
        })
    }
}

impl SheetProblem {
    /// At most this much of what was printed is repeated.
    const PRINTED: usize = 200;

    /// A problem of a place.
    pub(super) fn new(kind: SheetProblemKind, place: &str, printed: &str) -> Self {
        Self { kind, place: place.to_owned(), printed: printed.chars().take(Self::PRINTED).collect() }
    }

    /// A problem of the reader of forms.
    pub(super) fn of(problem: &FormProblem) -> Option<Self> {
        Some(Self::new(SheetProblemKind::of(problem.kind)?, &problem.place, &problem.printed))
    }
}
