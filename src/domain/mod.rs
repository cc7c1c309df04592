//! The rules of the domain: pure, without input or output; of ours they know the word lists of `entity::vocabulary` only.

pub mod amendment;
pub mod calendar;
pub mod deadline;
pub mod deadline_text;
pub mod due;
pub mod expansion;
pub mod lang;
pub mod link;
pub mod names;
pub mod numbering;
pub mod period;
pub mod question;
pub mod report;
pub mod report_life;
pub mod reporting_lead;
pub mod roll_up;
pub mod rule;
pub mod schedule;
pub mod standing;
pub mod text;
pub mod text_diff;
pub mod unit_expression;
pub mod urging;
