//! `.html`: tables with their spans as a browser lays them out, Word's saved pages among them; what is hidden stays so.

use super::html_tree::{self, Id, Kind, Node, Tree};
use super::{Budget, Note, ReadError, limits, numerals};
use crate::documents::table::{Cell, Pages, Table};

/// Reads the page.
pub(super) fn read(text: &str, budget: &mut Budget) -> Result<Pages, ReadError> {
    let tree = html_tree::parse(text)?;
    let mut page =
        Page { layout: layouts(&tree), tree: &tree, budget, pages: Pages::default(), around: Flow::default() };
    page.walk(0)?;
    let Page { mut pages, around, .. } = page;
    pages.tail = around.paragraphs();
    Ok(pages)
}

/// Text as it flows: white space joined, blocks on lines of their own.
#[derive(Default)]
struct Flow {
    text: String,
    /// White space was seen since the last sign, and whether a line end was in it.
    gap: Option<bool>,
}

impl Flow {
    fn write(&mut self, text: &str) {
        for sign in text.chars() {
            if matches!(sign, ' ' | '\n' | '\t' | '\r' | '\u{c}') {
                self.gap = Some(self.gap.unwrap_or_default() || sign == '\n');
                continue;
            }
            if let Some(with_line_end) = self.gap.take()
                && let Some(last) = self.text.chars().next_back().filter(|c| *c != '\n' && *c != '\t')
                // A line end between two Chinese signs is only where the file was wrapped.
                && !(with_line_end && is_wide(last) && is_wide(sign))
            {
                self.text.push(' ');
            }
            // A space that must not break is a space all the same.
            self.text.push(if sign == '\u{a0}' { ' ' } else { sign });
        }
    }

    fn line_end(&mut self) {
        self.gap = None;
        self.text.push('\n');
    }

    fn block(&mut self) {
        self.gap = None;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn paragraphs(&self) -> Vec<String> {
        self.text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }
}

fn is_wide(sign: char) -> bool {
    matches!(u32::from(sign), 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
        || matches!(sign, '“' | '”' | '‘' | '’' | '…' | '—')
}

struct Page<'t, 'b> {
    tree: &'t Tree,
    /// Tables that only lay the page out.
    layout: Vec<bool>,
    budget: &'b mut Budget,
    pages: Pages,
    around: Flow,
}

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tr",
    "ul",
    "caption",
    "html",
];
const SILENT: &[&str] = &[
    "head", "script", "style", "template", "noscript", "title", "svg", "math", "iframe", "object", "select",
    "textarea", "button", "audio", "video", "canvas",
];

impl Page<'_, '_> {
    /// Text outside of tables, and the tables in it. The depth of a tree is limited, so this may call itself.
    fn walk(&mut self, id: Id) -> Result<(), ReadError> {
        let tree = self.tree;
        let node = &tree.0[id];
        if is_silent(node) {
            return Ok(());
        }
        if node.name() == "table" && !self.layout[id] {
            return self.table(id);
        }
        let mut around = std::mem::take(&mut self.around);
        let block = open(tree, id, &mut around, self.budget)?;
        self.around = around;
        // In a layout every cell is a block.
        let block = block || matches!(node.name(), "td" | "th");
        if block {
            self.around.block();
        }
        for child in &node.children {
            self.walk(*child)?;
        }
        if block {
            self.around.block();
        }
        Ok(())
    }

    fn table(&mut self, id: Id) -> Result<(), ReadError> {
        let tree = self.tree;
        let mut table = Table::default();
        let (mut rows, mut hidden) = (Vec::new(), Vec::new());
        for group in &tree.0[id].children {
            match tree.0[*group].name() {
                "tr" if is_silent(&tree.0[*group]) => hidden.push(*group),
                "tr" => rows.push(*group),
                "thead" | "tbody" | "tfoot" => {
                    let gone = is_silent(&tree.0[*group]);
                    let inner = tree.0[*group].children.iter().copied().filter(|row| tree.0[*row].name() == "tr");
                    let (silent, shown): (Vec<Id>, Vec<Id>) = inner.partition(|row| gone || is_silent(&tree.0[*row]));
                    rows.extend(shown);
                    hidden.extend(silent);
                }
                _ if is_silent(&tree.0[*group]) => {}
                "caption" => {
                    self.around.block();
                    self.walk(*group)?;
                    self.around.block();
                }
                _ => {}
            }
        }
        // For each column, the row from which it is free again.
        let mut taken: Vec<usize> = Vec::new();
        for row_id in &rows {
            let row = table.rows;
            let cells = tree.0[*row_id]
                .children
                .iter()
                .filter(|cell| matches!(tree.0[**cell].name(), "td" | "th") && !is_silent(&tree.0[**cell]));
            let mut column = 0;
            for cell in cells {
                self.budget.cell()?;
                while taken.get(column).is_some_and(|until| *until > row) {
                    column += 1;
                }
                let node = &tree.0[*cell];
                let column_span = span(node, "colspan").clamp(1, limits::MAX_SPAN);
                let row_span = match span(node, "rowspan") {
                    0 => rows.len() - row,
                    rows_said => rows_said.min(rows.len() - row),
                };
                let end = column + column_span;
                table.columns = table.columns.max(end);
                if rows.len().saturating_mul(table.columns) > limits::MAX_PLACES {
                    return Err(ReadError::TooManyCells);
                }
                if taken.len() < end {
                    taken.resize(end, 0);
                }
                taken[column..end].iter_mut().for_each(|until| *until = (*until).max(row + row_span));
                let mut flow = Flow::default();
                cell_text(tree, *cell, &mut flow, self.budget)?;
                let text = flow.text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned();
                table.cells.push(Cell { row, column, row_span, column_span, text, ..Cell::default() });
                column = end;
            }
            table.rows += 1;
        }
        if table.cells.is_empty() {
            return Ok(());
        }
        table.place = format!("表 {}", self.pages.tables.len() + 1);
        for cell in &mut table.cells {
            cell.place = format!("{} 第 {} 行第 {} 列", table.place, cell.row + 1, cell.column + 1);
        }
        table.before = std::mem::take(&mut self.around).paragraphs();
        let said: Vec<String> =
            hidden.into_iter().map(|row| words_of(tree, row)).filter(|text| !text.is_empty()).collect();
        if !said.is_empty() {
            let text = said.join(" ").chars().take(limits::HIDDEN_CHARS).collect();
            self.pages.notes.push(Note::HiddenRows { place: table.place.clone(), rows: said.len(), text });
        }
        self.pages.tables.push(table);
        Ok(())
    }
}

/// What stands in a row that is not shown, without what it hides itself; enough of it to know it again.
fn words_of(tree: &Tree, row: Id) -> String {
    let mut words = String::new();
    let mut todo: Vec<Id> = vec![row];
    while let Some(id) = todo.pop() {
        if words.len() > limits::HIDDEN_CHARS {
            break;
        }
        if let Kind::Text(text) = &tree.0[id].kind {
            for word in text.split_whitespace() {
                words.push_str(word);
                words.push(' ');
            }
        }
        let inner = tree.0[id].children.iter().rev().filter(|child| !SILENT.contains(&tree.0[**child].name()));
        todo.extend(inner);
    }
    words.trim().to_owned()
}

/// Writes the text of a node itself; tells whether it is a block.
fn open(tree: &Tree, id: Id, flow: &mut Flow, budget: &mut Budget) -> Result<bool, ReadError> {
    let node = &tree.0[id];
    match &node.kind {
        Kind::Text(text) => {
            budget.text(text.len())?;
            flow.write(text);
        }
        Kind::Element(..) if node.name() == "br" => flow.line_end(),
        _ => {}
    }
    Ok(BLOCKS.contains(&node.name()))
}

fn cell_text(tree: &Tree, id: Id, flow: &mut Flow, budget: &mut Budget) -> Result<(), ReadError> {
    let node = &tree.0[id];
    if is_silent(node) {
        return Ok(());
    }
    let block = open(tree, id, flow, budget)?;
    if block {
        flow.block();
    }
    let mut count = span(node, "start").max(1);
    let numbered = node.name() == "ol";
    for child in &node.children {
        let item = &tree.0[*child];
        if numbered && item.name() == "li" && !is_silent(item) {
            if item.attribute("value").is_some() {
                count = span(item, "value");
            }
            let format = match node.attribute("type") {
                Some("a") => "lowerLetter",
                Some("A") => "upperLetter",
                Some("i") => "lowerRoman",
                Some("I") => "upperRoman",
                _ => "decimal",
            };
            let number = i64::try_from(count).unwrap_or(i64::MAX);
            flow.block();
            flow.write(&numerals::write(format, number).unwrap_or_default());
            flow.write(". ");
            count += 1;
            // The item is no block of its own: its number stands on the same line.
            for inner in &item.children {
                cell_text(tree, *inner, flow, budget)?;
            }
            flow.block();
            continue;
        }
        cell_text(tree, *child, flow, budget)?;
        if matches!(item.name(), "td" | "th") {
            flow.gap = None;
            flow.text.push('\t');
        }
    }
    if block {
        flow.block();
    }
    Ok(())
}

/// A whole number in an attribute; 1 when there is none, as browsers have it.
fn span(node: &Node, name: &str) -> usize {
    let digits: String =
        node.attribute(name).unwrap_or("1").trim().chars().take_while(char::is_ascii_digit).take(9).collect();
    digits.parse().unwrap_or(1)
}

/// Not shown to a reader.
fn is_silent(node: &Node) -> bool {
    if SILENT.contains(&node.name()) || node.attribute("hidden").is_some() {
        return true;
    }
    let Some(style) = node.attribute("style").filter(|style| style.len() < 10_000) else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    style
        .split(';')
        .any(|rule| matches!(rule, "display:none" | "display:none!important" | "visibility:hidden" | "mso-hide:all"))
}

/// Tables that hold another one with more cells than they have themselves.
fn layouts(tree: &Tree) -> Vec<bool> {
    let mut layout = vec![false; tree.0.len()];
    let mut cells = vec![0_usize; tree.0.len()];
    // From the document down: the open tables around each node.
    let mut todo: Vec<(Id, Option<Id>)> = vec![(0, None)];
    let mut around: Vec<(Id, Id)> = Vec::new();
    while let Some((id, table)) = todo.pop() {
        let node = &tree.0[id];
        let inner = match node.name() {
            "table" => {
                around.extend(table.map(|outer| (outer, id)));
                Some(id)
            }
            "td" | "th" => {
                if let Some(table) = table {
                    cells[table] += 1;
                }
                table
            }
            _ => table,
        };
        todo.extend(node.children.iter().map(|child| (*child, inner)));
    }
    // Inner tables come after their outer ones, so the innermost decide first.
    for (outer, inner) in around.into_iter().rev() {
        if layout[inner] || (cells[inner] >= 4 && cells[inner] > cells[outer]) {
            layout[outer] = true;
        }
    }
    layout
}
