//! LEDGER: the list as its office prints it, in its own columns or in the usual ones.

mod outline;
mod profile;
mod rows;
mod sections;
mod units;

use super::model::{Book, Column, Sheet};
use crate::documents::list_json::ListDocument;
use crate::documents::understand::echo;
use rows::Body;
pub use sections::section_line;

/// In which columns a list is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// In the columns it came with; in the usual ones when it has none.
    #[default]
    Own,
    /// 序号, 工作任务, 具体要求, 牵头单位, 责任单位, 完成时限.
    Standard,
}

/// How a list is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// In which columns.
    pub profile: Profile,
    /// Whether the file has cells over several rows; a text file has none.
    pub merged_cells: bool,
}

/// Lays a list out.
pub fn ledger(list: &ListDocument, layout: Layout) -> Book {
    let profile = profile::columns(list, layout.profile);
    let columns: Vec<Column> = profile.iter().map(profile::column).collect();
    let rows = Body::new(list, &profile, layout.merged_cells).rows();
    let mut lines = Vec::new();
    lines.extend(list.issuer.iter().map(|issuer| vec![format!("印发单位：{issuer}")]));
    // What the title says need not be said again.
    if list.title.as_deref().and_then(echo::year_in) != Some(list.year) {
        lines.push(vec![format!("年度：{}年", list.year)]);
    }
    Sheet { name: "任务清单".into(), title: list.title.clone(), lines, columns, rows, ..Sheet::default() }.into()
}
