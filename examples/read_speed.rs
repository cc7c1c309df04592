//! How long a whole command takes that reads a list, against a plain read of the same file by the library alone.
//!
//! ```text
//! cargo build --release --bin taizhang --example read_speed
//! target/release/examples/read_speed list.docx --against target/release/taizhang
//! ```
//!
//! Without `--against` it is the plain read itself: every event of the document (zip and quick-xml), every cell of the
//! workbook (calamine). With it, both commands are started in turn, and the medians of their times are compared. What
//! stands behind the program are the arguments of another command than the import of the file; `{new}` in them is the
//! name of a file that is not there yet:
//!
//! ```text
//! target/release/examples/read_speed sheet.xlsx --against target/release/taizhang export LIST --out {new}.xlsx
//! ```
#![allow(clippy::print_stdout)]

use std::io::{Cursor, Read};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use calamine::Reader;

/// Rounds, each of one start of both commands.
const ROUNDS: usize = 40;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [file] => {
            println!("{}", plain(file)?);
            Ok(())
        }
        [file, flag, program, more @ ..] if flag == "--against" => compare(file, program, more),
        _ => bail!("usage: read_speed FILE [--against PROGRAM [ARGUMENT…]]"),
    }
}

/// Reads the file as the library reads it, and nothing more.
fn plain(file: &str) -> Result<usize> {
    let bytes = std::fs::read(file)?;
    if file.ends_with(".docx") {
        let mut package = zip::ZipArchive::new(Cursor::new(bytes))?;
        let mut xml = Vec::new();
        package.by_name("word/document.xml")?.read_to_end(&mut xml)?;
        let mut reader = quick_xml::Reader::from_reader(xml.as_slice());
        let (mut buffer, mut events) = (Vec::new(), 0);
        while !matches!(reader.read_event_into(&mut buffer)?, quick_xml::events::Event::Eof) {
            events += 1;
            buffer.clear();
        }
        return Ok(events);
    }
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))?;
    let names = book.sheet_names();
    let mut cells = 0;
    for name in names {
        cells += book.worksheet_range(&name)?.used_cells().count();
    }
    Ok(cells)
}

fn compare(file: &str, program: &str, more: &[String]) -> Result<()> {
    let this = std::env::current_exe()?;
    let this = this.to_str().context("the path of this program is no text")?;
    let folder = tempfile::tempdir()?;
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        plain.push(time(this, &[file.to_owned()])?);
        let new = folder.path().join(round.to_string());
        let new = new.to_str().context("the path of the temporary folder is no text")?;
        let arguments = match more {
            [] => ["import", file, "--dry-run", "--json"].map(str::to_owned).to_vec(),
            more => more.iter().map(|argument| argument.replace("{new}", new)).collect(),
        };
        ours.push(time(program, &arguments)?);
    }
    let (ours, plain) = (median(&mut ours), median(&mut plain));
    let ratio = ours.as_secs_f64() / plain.as_secs_f64();
    println!("{file}: the command {ours:.2?}, plain read {plain:.2?}, ratio {ratio:.2}");
    Ok(())
}

fn time(program: &str, arguments: &[String]) -> Result<Duration> {
    let began = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("{program} {arguments:?} ended with {status}");
    }
    Ok(began.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
