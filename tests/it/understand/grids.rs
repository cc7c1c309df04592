//! Invented lists of neighbouring kinds, written as grids with what a careful clerk reads in them, and read as web page,
//! Word file and workbook.
//!
//! A list begins with `===` and its name. `|` separates the cells of a row, `^` goes on from above, `<` from the left, `⏎`
//! breaks a line; `>` is a paragraph, `:` a line of plain text (`# only` names its format). Then the reading: `@title`,
//! `@year`, `@s path | title`, `@t number | path | title | requirement | lead | units | who | deadline | kind` with `-` for
//! nothing, and `@?` for each question.

use serde_json::Value;
use taizhang::documents::list_json;
use taizhang::documents::understand::Understood;

use super::layouts::read;
use crate::readers::make;

#[derive(Default)]
struct List {
    name: String,
    only: Option<String>,
    lines: Vec<String>,
    body: Vec<Line>,
    title: Option<String>,
    year: i64,
    sections: Vec<String>,
    tasks: Vec<String>,
    questions: Vec<String>,
}

enum Line {
    Paragraph(String),
    Row(Vec<String>),
}

/// A cell of a grid: row, column, rows and columns covered, text.
type Covered = (usize, usize, usize, usize, String);

fn lists(text: &str) -> Vec<List> {
    let mut out: Vec<List> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            out.push(List { name: name.to_owned(), ..List::default() });
            continue;
        }
        let Some(list) = out.last_mut() else { continue };
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.to_owned();
        match mark {
            "" => {}
            "#" => list.only = rest.strip_prefix("only ").map(str::to_owned),
            ":" => list.lines.push(rest),
            ">" => list.body.push(Line::Paragraph(rest)),
            "|" => list.body.push(Line::Row(rest.split('|').map(|c| c.trim().replace('⏎', "\n")).collect())),
            "@title" => list.title = Some(rest),
            "@year" => list.year = rest.parse().unwrap(),
            "@s" => list.sections.push(rest),
            "@t" => list.tasks.push(rest),
            "@?" => list.questions.push(rest),
            _ => panic!("{line}"),
        }
    }
    out
}

/// The paragraphs before a table, its cells and how many columns it has.
type Drawn<'a> = (Vec<&'a str>, Vec<Covered>, usize);

/// The tables, and the paragraphs behind the last.
fn tables(body: &[Line]) -> (Vec<Drawn<'_>>, Vec<&str>) {
    let (mut out, mut before, mut rows): (Vec<_>, Vec<&str>, Vec<&[String]>) = (Vec::new(), Vec::new(), Vec::new());
    for line in body {
        match line {
            Line::Row(cells) => rows.push(cells),
            Line::Paragraph(text) => {
                if !rows.is_empty() {
                    out.push((std::mem::take(&mut before), std::mem::take(&mut rows)));
                }
                before.push(text);
            }
        }
    }
    if !rows.is_empty() {
        out.push((std::mem::take(&mut before), rows));
    }
    let drawn = out.into_iter().map(|(before, rows)| {
        let columns = rows.iter().map(|r| r.len()).max().unwrap();
        (before, covered(&rows, columns), columns)
    });
    (drawn.collect(), before)
}

fn covered(rows: &[&[String]], columns: usize) -> Vec<Covered> {
    let at = |row: usize, column: usize| rows.get(row).map(|r| r.get(column).map_or("", String::as_str));
    let mut out = Vec::new();
    for row in 0..rows.len() {
        for column in 0..columns {
            let text = at(row, column).unwrap();
            if matches!(text, "^" | "<") {
                continue;
            }
            let wide = (column + 1..columns).take_while(|&c| at(row, c) == Some("<")).count() + 1;
            let high = (row + 1..rows.len()).take_while(|&r| at(r, column) == Some("^")).count() + 1;
            out.push((row, column, high, wide, text.to_owned()));
        }
    }
    out
}

fn html(list: &List) -> Vec<u8> {
    let (tables, tail) = tables(&list.body);
    let paragraphs = |lines: &[&str]| lines.iter().map(|l| format!("<p>{l}</p>")).collect::<String>();
    let mut out = String::from("<html><head><meta charset=\"utf-8\"></head><body>");
    for (before, cells, _) in &tables {
        out += &format!("{}<table>", paragraphs(before));
        let rows = cells.iter().map(|c| c.0 + c.2).max().unwrap();
        for row in 0..rows {
            out += "<tr>";
            for (_, _, high, wide, text) in cells.iter().filter(|c| c.0 == row) {
                let text = text.replace('\n', "<br>");
                out += &format!("<td rowspan=\"{high}\" colspan=\"{wide}\">{text}</td>");
            }
            out += "</tr>";
        }
        out += "</table>";
    }
    (out + &paragraphs(&tail)).into_bytes()
}

fn docx(list: &List) -> Vec<u8> {
    let (tables, tail) = tables(&list.body);
    let paragraph = |text: &str| make::p(&text.replace('\n', "</w:t><w:br/><w:t>"));
    let mut out = String::new();
    for (before, cells, columns) in &tables {
        out += &before.iter().map(|l| paragraph(l)).collect::<String>();
        let rows = cells.iter().map(|c| c.0 + c.2).max().unwrap();
        let drawn: Vec<Vec<String>> = (0..rows)
            .map(|row| {
                let mut column = 0;
                let mut drawn = Vec::new();
                while column < *columns {
                    let cell = cells.iter().find(|c| (c.0..c.0 + c.2).contains(&row) && c.1 == column).unwrap();
                    let merge = match (cell.2 > 1, cell.0 == row) {
                        (false, _) => "",
                        (true, true) => "<w:vMerge w:val=\"restart\"/>",
                        (true, false) => "<w:vMerge/>",
                    };
                    let text = if cell.0 == row { cell.4.replace('\n', "</w:t><w:br/><w:t>") } else { String::new() };
                    drawn.push(make::tc(&format!("<w:gridSpan w:val=\"{}\"/>{merge}", cell.3), &text));
                    column += cell.3;
                }
                drawn
            })
            .collect();
        out += &make::tbl(&drawn.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }
    make::docx(&(out + &tail.iter().map(|l| paragraph(l)).collect::<String>()))
}

/// Everything on one sheet, paragraphs merged over its width, as offices do it.
fn xlsx(list: &List) -> Vec<u8> {
    let (tables, tail) = tables(&list.body);
    let letter = |column: usize| char::from(b'A' + u8::try_from(column).unwrap());
    let (mut rows, mut merges, mut row) = (String::new(), String::new(), 0);
    let width = tables.iter().map(|t| t.2).max().unwrap();
    let line = |rows: &mut String, merges: &mut String, row: &mut usize, text: &str| {
        *row += 1;
        *rows += &format!("<row r=\"{row}\">{}</row>", make::inline(&format!("A{row}"), text));
        *merges += &format!("<mergeCell ref=\"A{row}:{}{row}\"/>", letter(width - 1));
    };
    for (before, cells, _) in &tables {
        before.iter().for_each(|text| line(&mut rows, &mut merges, &mut row, text));
        let last = cells.iter().map(|c| c.0 + c.2).max().unwrap();
        for r in 0..last {
            let cells = cells.iter().filter(|c| c.0 == r && !c.4.is_empty());
            let cells: String = cells.map(|c| make::inline(&format!("{}{}", letter(c.1), row + r + 1), &c.4)).collect();
            rows += &format!("<row r=\"{}\">{cells}</row>", row + r + 1);
        }
        for (r, c, high, wide, _) in cells.iter().filter(|c| c.2 * c.3 > 1) {
            let (from, to) = (row + r + 1, row + r + high);
            merges += &format!("<mergeCell ref=\"{}{from}:{}{to}\"/>", letter(*c), letter(c + wide - 1));
        }
        row += last;
    }
    tail.iter().for_each(|text| line(&mut rows, &mut merges, &mut row, text));
    make::xlsx(&[("清单", "visible", &format!("<sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells>"))])
}

fn squeezed(value: &Value) -> String {
    let text = value.as_str().unwrap_or("-");
    text.split_whitespace().collect::<String>()
}

fn path(value: &Value) -> String {
    let labels: Vec<String> = value.as_array().unwrap().iter().map(squeezed).collect();
    if labels.is_empty() { "-".into() } else { labels.join(">") }
}

/// A task as the fixtures write it.
fn task(task: &Value) -> Vec<String> {
    let who = |a: &Value| {
        let scope = a["scopeNote"].as_str().map(|s| format!("〔{s}〕")).unwrap_or_default();
        let letter = |v: &Value| v.as_str().unwrap()[..1].to_owned();
        format!("{}{scope}/{}{}", squeezed(&a["name"]), letter(&a["role"]), letter(&a["target"]))
    };
    let who: Vec<String> = task["assignments"].as_array().unwrap().iter().map(who).collect();
    let deadline = &task["deadline"];
    let kind = deadline["kind"].as_str().unwrap();
    let text = |name: &str| squeezed(&task[name]);
    let mut out = vec![text("number"), path(&task["sectionPath"]), text("title"), text("requirement")];
    out.extend([text("leadText"), text("unitText"), who.join("+"), text("deadlineText")]);
    out.push(match kind {
        "FIXED_DATE" | "MONTH_END" => format!("DATE{}", squeezed(&deadline["date"])),
        kind => kind.to_owned(),
    });
    out
}

fn check(list: &List, kind: &str, understood: &Understood) {
    let text = list_json::write(&understood.list);
    list_json::read(&text).unwrap_or_else(|problems| panic!("{}: {problems:?}", list.name));
    let actual: Value = serde_json::from_str(&text).unwrap();
    let name = format!("{} ({kind})", list.name);
    assert_eq!(actual["title"].as_str(), list.title.as_deref(), "{name}");
    assert_eq!(actual["year"].as_i64(), Some(list.year), "{name}");
    let sections: Vec<String> = actual["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| format!("{} | {}", path(&s["path"]), squeezed(&s["title"])))
        .collect();
    assert_eq!(sections, list.sections, "{name}");
    let tasks: Vec<Vec<String>> = actual["tasks"].as_array().unwrap().iter().map(task).collect();
    let expected: Vec<Vec<String>> =
        list.tasks.iter().map(|t| t.split(" | ").map(|c| c.split_whitespace().collect::<String>()).collect()).collect();
    assert_eq!(tasks.len(), expected.len(), "{name}: {tasks:#?}");
    for (actual, expected) in tasks.iter().zip(&expected) {
        let (rule, rest) = (expected.last().unwrap(), &expected[..expected.len() - 1]);
        assert_eq!(&actual[..actual.len() - 1], rest, "{name}");
        // What a rule says more than its kind is tested where rules are read.
        assert!(rule.starts_with(actual.last().unwrap()), "{name}: {actual:?}, {rule}");
    }
    let mut asked: Vec<String> = understood
        .questions
        .iter()
        .map(|q| format!("{} {}", q.kind.code(), q.task.as_deref().unwrap_or_default()).trim().to_owned())
        .collect();
    // On one sheet tables of something else stand under each other.
    if kind == "xlsx" {
        asked.retain(|q| q != "OTHER_TABLE" || list.questions.contains(q));
    }
    assert_eq!(asked, list.questions, "{name}");
    for question in &understood.questions {
        assert!(question.place.is_some() || question.task.is_none(), "{name}: {question:?}");
    }
}

/// All lists in the form they are most often sent in: their names, names of files, and bytes.
pub fn files() -> Vec<(String, &'static str, Vec<u8>)> {
    let file = |list: &List| match list.only.as_deref() {
        Some("csv") => ("list.csv", list.lines.join("\n").into_bytes()),
        Some(_) => ("list.txt", list.lines.join("\n").into_bytes()),
        None => ("list.html", html(list)),
    };
    let with = |list: List| {
        let (name, bytes) = file(&list);
        (list.name, name, bytes)
    };
    all().into_iter().map(with).collect()
}

fn all() -> Vec<List> {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/understand/neighbours");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| lists(&std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn neighbouring_kinds_of_lists_are_read_as_a_clerk_reads_them() {
    let mut read_lists = 0;
    for list in all() {
        read_lists += 1;
        let plain = || list.lines.join("\n");
        match list.only.as_deref() {
            Some("csv") => {
                let bytes = encoding_rs::GB18030.encode(&plain()).0.into_owned();
                check(&list, "csv", &read(&bytes, "list.csv"));
            }
            Some(kind) => check(&list, kind, &read(plain().as_bytes(), "list.txt")),
            None => {
                check(&list, "html", &read(&html(&list), "list.html"));
                check(&list, "docx", &read(&docx(&list), "list.docx"));
                check(&list, "xlsx", &read(&xlsx(&list), "list.xlsx"));
            }
        }
    }
    assert!(read_lists >= 40, "only {read_lists} lists were found");
}
