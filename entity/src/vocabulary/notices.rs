//! What people are told.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Of what somebody is told.
    NotificationKind {
        /// A list with tasks of the unit was issued.
        ListIssued = "LIST_ISSUED",
        /// A reporting period was opened.
        PeriodOpened = "PERIOD_OPENED",
        /// A unit handed reports in.
        ReportsSubmitted = "REPORTS_SUBMITTED",
        /// A report was returned.
        ReportReturned = "REPORT_RETURNED",
        /// Reports were accepted.
        ReportsAccepted = "REPORTS_ACCEPTED",
        /// The unit was urged.
        Urged = "URGED",
    }
}

impl NotificationKind {
    /// Whether the people of a unit are told, not those of the office.
    pub const fn is_of_unit(self) -> bool {
        match self {
            Self::ListIssued | Self::PeriodOpened | Self::ReportReturned | Self::ReportsAccepted | Self::Urged => true,
            Self::ReportsSubmitted => false,
        }
    }

    /// Whether somebody is told of it once a day, however often it happens.
    pub const fn is_daily(self) -> bool {
        match self {
            Self::ReportsSubmitted | Self::ReportsAccepted => true,
            Self::ListIssued | Self::PeriodOpened | Self::ReportReturned | Self::Urged => false,
        }
    }
}

vocabulary! {
    /// How urgent a notice is.
    UrgeGrade {
        /// 蓝色: a reminder.
        Blue = "BLUE",
        /// 黄色: urging.
        Yellow = "YELLOW",
        /// 红色: the last warning.
        Red = "RED",
    }
}
