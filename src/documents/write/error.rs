//! Why a file cannot be written, in both languages.

use crate::domain::lang::Lang;

/// Why a file cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum WriteError {
    /// A cell has more characters than the format takes.
    CellTooLong {
        /// Which, as a person would say it.
        place: String,
        /// Characters at most.
        max: usize,
    },
    /// More rows, columns or sheets than the format takes.
    TooLarge,
    /// The form cannot hold what is to be written.
    NoSuchForm,
    /// The container could not be closed; nothing in the data explains it.
    Internal(String),
}

impl WriteError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::CellTooLong { .. } => "CELL_TOO_LONG",
            Self::TooLarge => "TOO_LARGE",
            Self::NoSuchForm => "NO_SUCH_FORM",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// One plain sentence; the cause of an internal fault is for the log only.
    pub fn text(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::CellTooLong { place, max }, Lang::Zh) => format!("{place}的文字超过 {max} 个字符，此格式放不下。"),
            (Self::CellTooLong { place, max }, Lang::En) => {
                format!("The text at {place} has more than {max} characters, which this format cannot hold.")
            }
            (Self::TooLarge, _) => lang
                .pick("行、列或工作表过多，此格式放不下。", "More rows, columns or sheets than this format can hold.")
                .into(),
            (Self::NoSuchForm, _) => {
                lang.pick("此内容不能导出为这种格式。", "This view cannot be written in this form.").into()
            }
            (Self::Internal(_), _) => lang.pick("文件未能生成。", "The file could not be made.").into(),
        }
    }
}
