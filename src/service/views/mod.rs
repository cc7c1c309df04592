//! What exported files and pictures show: whole lists and whole periods, read under the scope of whoever asks, so that
//! every count and sum is over exactly the rows that he sees.

mod ledger;
mod period;

pub(super) use ledger::{in_printed_order, ledger, paths};
pub(super) use period::PeriodView;
