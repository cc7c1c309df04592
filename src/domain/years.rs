//! The years in which a day or a moment that somebody names may lie.

use std::ops::RangeInclusive;

use chrono::Datelike;

/// The years; what lies outside is a mistake, and the engines don't agree about days before our era.
pub const YEARS: RangeInclusive<i32> = 1900..=2200;

/// Whether a day or a moment lies in these years.
pub fn is_in_years(day: &impl Datelike) -> bool {
    YEARS.contains(&day.year())
}
