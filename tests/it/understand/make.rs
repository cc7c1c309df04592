//! Tables for tests, made without the readers of files: a page's table with spans, and lines of text.

use taizhang::documents::table::{Cell, Pages, Table};

/// A web page with tables; only what the lists at hand need.
pub fn from_html(html: &str) -> Pages {
    let mut pages = Pages::default();
    let body = html.split_once("<body>").map_or(html, |(_, b)| b);
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("<table") {
        let (table, behind) = after.split_once("</table>").unwrap_or((after, ""));
        let mut made = table_of(table, pages.tables.len() + 1);
        made.before = paragraphs(before);
        pages.tables.push(made);
        rest = behind;
    }
    pages.tail = paragraphs(rest);
    pages
}

fn paragraphs(html: &str) -> Vec<String> {
    let mut marked = html.to_owned();
    for end in ["</p>", "</div>", "</h1>", "</h2>", "<br>"] {
        marked = marked.replace(end, "\n");
    }
    text(&marked).lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

fn text(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.replace("<br/>", "\n").replace("<br>", "\n").chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&").replace("&nbsp;", " ")
}

fn attribute(tag: &str, name: &str) -> usize {
    tag.split_once(&format!("{name}=\""))
        .and_then(|(_, rest)| rest.split('"').next())
        .and_then(|n| n.parse().ok())
        .unwrap_or(1)
}

fn table_of(html: &str, number: usize) -> Table {
    let mut table = Table { place: format!("表 {number}"), ..Table::default() };
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (row, tr) in html.split("<tr").skip(1).enumerate() {
        let mut column = 0;
        let cells = tr.replace("<th>", "<td>").replace("<th ", "<td ");
        for td in cells.split("<td").skip(1) {
            let (tag, inner) = td.split_once('>').unwrap_or(("", td));
            let inner = inner.split("</td>").next().unwrap_or_default();
            let inner = inner.split("</th>").next().unwrap_or_default();
            while taken.contains(&(row, column)) {
                column += 1;
            }
            let (row_span, column_span) = (attribute(tag, "rowspan"), attribute(tag, "colspan"));
            for r in row..row + row_span {
                for c in column..column + column_span {
                    taken.push((r, c));
                }
            }
            table.cells.push(Cell {
                row,
                column,
                row_span,
                column_span,
                text: text(inner),
                date: None,
                place: format!("表 {number} 第 {} 行第 {} 列", row + 1, column + 1),
            });
            column += column_span;
            table.columns = table.columns.max(column);
        }
        table.rows = row + 1;
    }
    table
}

/// Text with tabs or upright strokes is a table, any other stays lines.
pub fn from_text(text: &str) -> Pages {
    let lines: Vec<&str> = text.lines().collect();
    for sign in ['\t', '|'] {
        let is_row = |l: &&str| l.trim_end_matches(['\n', ' ']).contains(sign);
        if lines.iter().filter(|l| is_row(l)).count() < 2 {
            continue;
        }
        let first = lines.iter().position(|l| is_row(&l)).unwrap();
        let last = lines.iter().rposition(|l| is_row(&l)).unwrap();
        let mut table = Table { place: "表 1".into(), ..Table::default() };
        table.before = lines[..first].iter().map(|l| (*l).to_owned()).collect();
        for (n, line) in lines[first..=last].iter().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            for (column, piece) in line.split(sign).enumerate() {
                table.columns = table.columns.max(column + 1);
                table.cells.push(Cell {
                    row: table.rows,
                    column,
                    row_span: 1,
                    column_span: 1,
                    text: piece.trim().to_owned(),
                    date: None,
                    place: format!("第 {} 行", first + n + 1),
                });
            }
            table.rows += 1;
        }
        return Pages {
            tables: vec![table],
            tail: lines[last + 1..].iter().map(|l| (*l).to_owned()).collect(),
            ..Pages::default()
        };
    }
    Pages { tail: lines.iter().map(|l| (*l).to_owned()).collect(), ..Pages::default() }
}
