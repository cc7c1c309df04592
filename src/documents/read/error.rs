//! Why a file is not read, and what is said about one that is, in both languages.

use serde::{Deserialize, Serialize};

use super::{FileType, limits};
use crate::domain::lang::Lang;

/// Why a file is not read. Every kind is one plain sentence; none is the server's fault but [`ReadError::Unavailable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.text(Lang::En))]
pub enum ReadError {
    /// No bytes at all.
    Empty,
    /// More bytes than are taken.
    TooBig,
    /// Locked with a password.
    Encrypted,
    /// The name promises one type, the content is another that is not read in its place.
    NotWhatItsName {
        /// What the name promises.
        named: FileType,
        /// What it is.
        is: FileType,
    },
    /// A type that is not read.
    Unsupported {
        /// What it is.
        is: FileType,
    },
    /// The type is right, the content is broken.
    Damaged,
    /// Unpacked it is larger than is taken.
    Bomb,
    /// Too many files in the package.
    TooManyEntries,
    /// Too many cells, or a grid too large.
    TooManyCells,
    /// One cell stands so far off that the sheet becomes too large.
    FarCell {
        /// Which: "Sheet1!XFD1048576".
        place: String,
    },
    /// Too much text.
    TooMuchText,
    /// Elements within elements without end.
    TooDeep,
    /// It defines entities, which no office program does.
    Entities,
    /// It took too long.
    TimedOut,
    /// It asked for too much memory.
    OutOfMemory,
    /// The reader could not be started; the file is not to blame.
    Unavailable,
}

impl ReadError {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::TooBig => "TOO_BIG",
            Self::Encrypted => "ENCRYPTED",
            Self::NotWhatItsName { .. } => "NOT_WHAT_ITS_NAME",
            Self::Unsupported { .. } => "UNSUPPORTED",
            Self::Damaged => "DAMAGED",
            Self::Bomb => "BOMB",
            Self::TooManyEntries => "TOO_MANY_ENTRIES",
            Self::TooManyCells => "TOO_MANY_CELLS",
            Self::FarCell { .. } => "FAR_CELL",
            Self::TooMuchText => "TOO_MUCH_TEXT",
            Self::TooDeep => "TOO_DEEP",
            Self::Entities => "ENTITIES",
            Self::TimedOut => "TIMED_OUT",
            Self::OutOfMemory => "OUT_OF_MEMORY",
            Self::Unavailable => "UNAVAILABLE",
        }
    }

    /// The sentence for a person.
    pub fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Self::TooBig => {
                let max = limits::MAX_BYTES / (1024 * 1024);
                if zh {
                    format!("文件过大，未另行设置时最多 {max} MiB")
                } else {
                    format!("the file is too big, at most {max} MiB unless set otherwise")
                }
            }
            Self::NotWhatItsName { named, is } if zh => {
                format!("文件名表示{}，内容却是{}，请另存为正确的格式后重试", named.label(lang), is.label(lang))
            }
            Self::NotWhatItsName { named, is } => format!(
                "the name says {}, the content is {}; save it in the right format and try again",
                named.label(lang),
                is.label(lang)
            ),
            Self::Unsupported { is } if zh => {
                format!("不支持{}，请另存为 .docx、.xlsx 或网页后重试", is.label(lang))
            }
            Self::Unsupported { is } => {
                format!("{} cannot be read; save it as .docx, .xlsx or a web page and try again", is.label(lang))
            }
            Self::Bomb => {
                let max = limits::MAX_UNPACKED / (1024 * 1024);
                if zh {
                    format!("文件解压后过大，未另行设置时最多 {max} MiB")
                } else {
                    format!("unpacked the file is too big, at most {max} MiB unless set otherwise")
                }
            }
            Self::TooManyEntries if zh => format!("文件包内的条目过多，未另行设置时最多 {} 个", limits::MAX_ENTRIES),
            Self::TooManyEntries => {
                format!("too many parts in the file, at most {} unless set otherwise", limits::MAX_ENTRIES)
            }
            Self::TooManyCells if zh => format!("单元格过多，未另行设置时最多 {} 个", limits::MAX_CELLS),
            Self::TooManyCells => format!("too many cells, at most {} unless set otherwise", limits::MAX_CELLS),
            Self::FarCell { place } if zh => format!("单元格 {place} 离表格太远，可能是误填，请删除后重试"),
            Self::FarCell { place } => {
                format!("the cell {place} stands too far from the table, perhaps by mistake; delete it and try again")
            }
            other => {
                let (zh, en) = other.plain();
                lang.pick(zh, en).to_owned()
            }
        }
    }

    const fn plain(&self) -> (&'static str, &'static str) {
        match self {
            Self::Empty => ("文件是空的", "the file is empty"),
            Self::Encrypted => (
                "文件有密码保护，请取消密码后重试",
                "the file is protected by a password; take the password off and try again",
            ),
            Self::TooMuchText => ("文件中的文字过多", "there is too much text in the file"),
            Self::TooDeep => ("文件的嵌套层次过深", "the file is nested too deeply"),
            Self::Entities => (
                "文件中含有实体定义，办公软件不会生成这样的文件",
                "the file defines entities, which no office program does",
            ),
            Self::TimedOut => ("读取文件超时", "reading the file took too long"),
            Self::OutOfMemory => ("读取文件占用内存过多", "reading the file takes too much memory"),
            Self::Unavailable => {
                ("文件读取程序暂不可用，请稍后重试", "the reader of files is not available; try again later")
            }
            _ => (
                "文件已损坏，无法读取，请用办公软件打开后另存再试",
                "the file is damaged; open it in an office program, save it anew and try again",
            ),
        }
    }
}

/// What a person should know about a file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// The name promises another type; the content was followed.
    OtherType {
        /// What the name promises.
        named: FileType,
        /// What it is.
        is: FileType,
    },
    /// The file carries macros; nothing of them was run or read.
    Macros,
    /// A formula stands there without a saved value; its cell is read as empty.
    NoValue {
        /// Which cell.
        place: String,
    },
    /// Text that is struck through; it was read like all other text.
    Struck {
        /// In which cell.
        place: String,
        /// The text.
        text: String,
    },
    /// Bytes that are no text in the file's encoding were replaced.
    BadBytes,
    /// Rows of a table that a page does not show were left out.
    HiddenRows {
        /// Of which table.
        place: String,
        /// How many.
        rows: usize,
        /// What stands in them, in parts.
        text: String,
    },
}
