//! The demo place and its lists, built in; the place is invented.

/// Units and groups of 云汀市（虚构） as `taizhang-units/1`.
pub const UNITS: &str = include_str!("../../demo/units.json");

/// Its list of 2026 as `taizhang-list/1`.
pub const LIST_2026: &str = include_str!("../../demo/list-2026.json");

/// Its report form of 2025 as `taizhang-list/1`.
pub const LIST_2025: &str = include_str!("../../demo/list-2025-table.json");
