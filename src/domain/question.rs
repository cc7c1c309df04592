//! The kinds of questions that the reader of a list asks a person.

use serde::Serialize;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $zh:literal, $en:literal;)+) => {
        /// What kind of question it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum QuestionKind {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl QuestionKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in the interfaces.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The kind behind a code; a code of another version of the program is a [`QuestionKind::Review`].
            pub fn of_code(code: &str) -> Self {
                Self::ALL.iter().copied().find(|kind| kind.code() == code).unwrap_or(Self::Review)
            }

            /// The question in Chinese and English.
            pub const fn texts(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($zh, $en)),+ }
            }
        }
    };
}

kinds! {
    /// No table of the file looks like a list.
    NoList = "NO_LIST", "没有找到任务清单表格。", "No table of this file looks like a task list.";
    /// Another table looks like a list too.
    OtherTable = "OTHER_TABLE", "文件中还有一张表也像任务清单，未读入。", "Another table looks like a list too and was not read.";
    /// The columns were told by their content alone.
    NoHeader = "NO_HEADER", "表格没有可识别的表头，各列按内容判断。", "The table has no headings that are known; the columns were told by their content.";
    /// A column is not what its heading says, or nothing says what it is.
    Column = "COLUMN", "这一列的含义不明确。", "It is not clear what this column holds.";
    /// The year is not in the title.
    Year = "YEAR", "标题中没有年份，按内容推断。", "The title has no year; it was told by the content.";
    /// The issuer was put together from the title.
    Issuer = "ISSUER", "发文单位是按标题推断的。", "The issuer was put together from the title.";
    /// Two sections have the same label.
    SectionTwice = "SECTION_TWICE", "两个大项用了相同的序号。", "Two sections have the same label.";
    /// A row could be a section, a note or a task.
    Row = "ROW", "这一行不像任务，未作为任务读入。", "This row does not look like a task and was not read as one.";
    /// Two tasks have the same number.
    NumberTwice = "NUMBER_TWICE", "序号重复，已加上区别。", "The number is used twice; the draft tells them apart.";
    /// The numbers start again in each section.
    NumbersRestart = "NUMBERS_RESTART", "序号在每个大项内重新开始，已在前面加上大项序号。", "The numbers start again in each section; the label of the section was put before them.";
    /// The tasks have no numbers.
    NoNumbers = "NO_NUMBERS", "任务没有序号。", "The tasks have no numbers.";
    /// A number stands for several.
    NumberRange = "NUMBER_RANGE", "一行对应多个序号。", "One row stands for several numbers.";
    /// A number is missing in the row of numbers.
    NumberGap = "NUMBER_GAP", "序号不连续。", "The numbers are not consecutive.";
    /// Several tasks stand in one cell.
    SeveralTasks = "SEVERAL_TASKS", "一个单元格内有多项任务，已拆开。", "One cell holds several tasks; they were taken apart.";
    /// One task stands in several rows.
    OneTask = "ONE_TASK", "多行属于同一序号，已合并为一项任务。", "Several rows share a number; they were read as one task.";
    /// Nobody is named.
    NoUnit = "NO_UNIT", "没有写明责任单位。", "No unit is named.";
    /// The unit cell is blank; the text above was taken.
    Inherited = "INHERITED", "责任单位为空，沿用了上一行。", "The unit cell is blank; the cell above was taken.";
    /// A name that looks like no unit.
    Name = "NAME", "这几个字不像单位名称。", "These words do not look like a unit.";
    /// A name that the registry does not know.
    UnknownName = "UNKNOWN_NAME", "单位库中没有这个名称。", "The registry does not know this name.";
    /// A name that stands for several units.
    AmbiguousName = "AMBIGUOUS_NAME", "这个名称对应多个单位。", "This name stands for several units.";
    /// A bracket that could name or scope.
    Bracket = "BRACKET", "括号内容是名称的一部分，还是职责范围？", "Does the bracket belong to the name, or does it say the scope?";
    /// It is not clear how far a lead reaches.
    LeadReach = "LEAD_REACH", "逗号前的单位是否也是牵头单位？", "Do the units before the comma share the lead?";
    /// The first unit of each cell is the lead, the table says.
    FirstLeads = "FIRST_LEADS", "表中说明排在首位的是牵头单位，是否按此设定？", "The table says that the first unit is the lead. Shall it be read so?";
    /// A role word without names.
    RoleAlone = "ROLE_ALONE", "写了角色，但没有单位名称。", "A role is written, but no unit.";
    /// A deadline that was not, or not fully, understood.
    Deadline = "DEADLINE", "完成时限没有完全读懂。", "The deadline was not fully understood.";
    /// 6月前: before it begins, or before it ends?
    BeforeMonth = "BEFORE_MONTH", "“某月前”是指月初之前还是月底之前？", "Does it mean before the month begins, or before it ends?";
    /// A deadline without the event it counts from.
    NoEvent = "NO_EVENT", "没有写明从何时起算。", "It is not written from when the days count.";
    /// 定期: how often?
    HowOften = "HOW_OFTEN", "没有写明频次。", "It is not written how often.";
    /// The deadline cell is blank while others are not.
    NoDeadline = "NO_DEADLINE", "没有写明完成时限。", "No deadline is written.";
    /// One task repeats another.
    Overlap = "OVERLAP", "两项任务的内容重复。", "Two tasks say the same.";
    /// The text fell out of its columns and was put together again.
    BrokenText = "BROKEN_TEXT", "文本没有列边界，各单元格按内容重新拼接。", "The text has no column borders; the cells were put together again by their content.";
    /// The list is no table.
    Prose = "PROSE", "文件中没有表格，按编号段落读入。", "The file has no table; its numbered paragraphs were read.";
    /// The document itself marks the task for a person.
    Review = "REVIEW", "原文有歧义，请核对任务内容和责任单位。", "The document marks this task for a person to look at.";
    /// A unit that is out of use.
    InactiveUnit = "INACTIVE_UNIT", "单位已停用，请指定现用单位。", "The unit is out of use; name the one that took over.";
    /// A unit stands in a task twice, with different duties.
    UnitTwice = "UNIT_TWICE", "同一单位出现多次且职责范围不同。", "A unit stands in this task twice, with different duties.";
    /// Formulas stand there without their values.
    NoValue = "NO_VALUE", "这些单元格是公式，文件中没有保存结果，按空白读入；请在 Excel 中打开并保存后重新导入。", "These cells are formulas whose results the file does not hold; they were read as blank. Open and save the file in Excel and import it again.";
    /// Bytes that are no text.
    BadBytes = "BAD_BYTES", "文件中有无法识别的字节，已用替代符代替，请核对文字。", "Some bytes of the file are no text and were replaced; check the words.";
    /// A text was too long and was cut.
    Cut = "CUT", "内容超出长度限制，已截短。", "The text is too long and was cut.";
}
