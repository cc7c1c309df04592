//! The verbs, through HTTP.

mod lists;
mod lists_groups;
mod lists_import;
mod lists_issue;
mod lists_scene;
