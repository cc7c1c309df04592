//! The closed word lists of the domain, each written once: the database CHECKs, the rules and the GraphQL enums all follow these.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $text)] #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as stored and as shown in the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

mod administration;
mod after_issue;
mod look_back;
mod notices;
mod publishing;
mod reporting;

pub use self::administration::*;
pub use self::after_issue::*;
pub use self::look_back::*;
pub use self::notices::*;
pub use self::publishing::*;
pub use self::reporting::*;

vocabulary! {
    /// Who a user is: a person or a machine.
    UserKind {
        /// A person.
        Person = "PERSON",
        /// A service account of another system.
        Service = "SERVICE",
    }
}

vocabulary! {
    /// What a one-time code is for.
    CodeKind {
        /// The first password of somebody who is new.
        Invitation = "INVITATION",
        /// A new password in place of one that is forgotten or no longer trusted.
        Reset = "RESET",
    }
}

vocabulary! {
    /// What a grant allows, always together with a unit (DESIGN §3).
    Role {
        /// 政府办: sees and steers everything issued at or below its unit.
        Office = "OFFICE",
        /// Writes the reports of its unit.
        Reporter = "REPORTER",
        /// Signs the reports of its unit.
        Approver = "APPROVER",
        /// 督查: reads a subtree or named lists, writes nothing.
        Inspector = "INSPECTOR",
        /// Keeps units, users and keys; sees no business data.
        SystemAdmin = "SYSTEM_ADMIN",
        /// Keeps grants and policies; sees no business data.
        SecurityAdmin = "SECURITY_ADMIN",
        /// Reads the audit trail; sees no business data.
        AuditAdmin = "AUDIT_ADMIN",
        /// A service account: scopes, and the reach of its unit.
        Integration = "INTEGRATION",
    }
}

vocabulary! {
    /// How a group becomes units when a list is issued.
    GroupExpansion {
        /// All members.
        Members = "MEMBERS",
        /// Members without the task's leads (其他股室).
        ExceptLeads = "EXCEPT_LEADS",
    }
}

vocabulary! {
    /// The life of a task list.
    TaskListStatus {
        /// Being written; only the office sees it.
        Draft = "DRAFT",
        /// In force; units see their tasks.
        Issued = "ISSUED",
        /// The year is over; nothing is reported any more.
        Closed = "CLOSED",
        /// Put away.
        Archived = "ARCHIVED",
    }
}

vocabulary! {
    /// What a unit is to a task.
    AssignmentRole {
        /// 牵头.
        Lead = "LEAD",
        /// 责任.
        Responsible = "RESPONSIBLE",
        /// 配合.
        Support = "SUPPORT",
    }
}

vocabulary! {
    /// What an assignment names.
    AssignmentTarget {
        /// One unit.
        Unit = "UNIT",
        /// A named set of units.
        Group = "GROUP",
        /// 等相关部门: nobody in particular.
        Open = "OPEN",
    }
}

vocabulary! {
    /// Whether an assignment is in force.
    AssignmentStatus {
        /// In force.
        Active = "ACTIVE",
        /// Taken back after the list was issued.
        Withdrawn = "WITHDRAWN",
    }
}

vocabulary! {
    /// The kinds of 时限.
    DeadlineKind {
        /// A day.
        FixedDate = "FIXED_DATE",
        /// The last day of a month.
        MonthEnd = "MONTH_END",
        /// 全年.
        AllYear = "ALL_YEAR",
        /// 持续推进.
        Ongoing = "ONGOING",
        /// So many days after an event.
        Relative = "RELATIVE",
        /// At least n times per span.
        Recurring = "RECURRING",
        /// Between two days.
        Window = "WINDOW",
        /// Nothing printed.
        None = "NONE",
    }
}

vocabulary! {
    /// Where a deadline was printed.
    DeadlineSource {
        /// In the deadline column.
        Column = "COLUMN",
        /// In the text of the requirement.
        Text = "TEXT",
    }
}

vocabulary! {
    /// Where a question of an import stands.
    ImportQuestionStatus {
        /// 待确认.
        Open = "OPEN",
        /// 已确认.
        Answered = "ANSWERED",
    }
}

vocabulary! {
    /// What a file is kept for.
    FilePurpose {
        /// Brought in by a person, to be imported or to be attached.
        Upload = "UPLOAD",
        /// Made by taizhang, to be fetched.
        Export = "EXPORT",
    }
}

vocabulary! {
    /// The media types of the files that are kept; whatever has none of these is not kept.
    MediaType {
        /// Word, since 2007.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// Excel, since 2007.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// Excel in its binary form.
        Xlsb = "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        /// Excel 97 to 2003.
        Xls = "application/vnd.ms-excel",
        /// Word 97 to 2003.
        Doc = "application/msword",
        /// A presentation, since 2007.
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        /// A presentation, 97 to 2003.
        Ppt = "application/vnd.ms-powerpoint",
        /// A text of LibreOffice.
        Odt = "application/vnd.oasis.opendocument.text",
        /// A table of LibreOffice.
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
        /// Rich text.
        Rtf = "application/rtf",
        /// PDF.
        Pdf = "application/pdf",
        /// A web page.
        Html = "text/html",
        /// A web page with its pictures in one file.
        Mhtml = "multipart/related",
        /// XML of whatever kind.
        Xml = "application/xml",
        /// Separated values.
        Csv = "text/csv",
        /// JSON.
        Json = "application/json",
        /// Plain text.
        Text = "text/plain",
        /// A picture without loss.
        Png = "image/png",
        /// A photograph.
        Jpeg = "image/jpeg",
        /// A drawing; made here and never brought in, because it can hold a program.
        Svg = "image/svg+xml",
    }
}

vocabulary! {
    /// What an exported file shows.
    ExportView {
        /// 清单本身.
        Ledger = "LEDGER",
        /// 落实情况表 of one unit.
        ReportSheet = "REPORT_SHEET",
        /// The same, blank, to be filled in and brought back.
        ReportForm = "REPORT_FORM",
        /// 汇总表 per unit and section.
        Summary = "SUMMARY",
        /// 未报清单.
        Missing = "MISSING",
    }
}

vocabulary! {
    /// The form of an exported file.
    ExportFormat {
        /// Word.
        Docx = "DOCX",
        /// Excel.
        Xlsx = "XLSX",
        /// Separated values.
        Csv = "CSV",
        /// `taizhang-list/1`.
        Json = "JSON",
        /// A drawing.
        Svg = "SVG",
        /// A picture.
        Png = "PNG",
    }
}

vocabulary! {
    /// How far an export is.
    ExportStatus {
        /// 排队中.
        Queued = "QUEUED",
        /// 进行中.
        Running = "RUNNING",
        /// 已完成.
        Succeeded = "SUCCEEDED",
        /// 失败.
        Failed = "FAILED",
    }
}
