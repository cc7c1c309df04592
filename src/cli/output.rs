//! The owner of standard output: nothing else in the program prints.

use std::io::{self, Write};

/// Prints a text as it is. A reader that has gone away is no reason to stop.
pub(super) fn text(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints a line.
pub(super) fn line(line: &str) {
    text(&format!("{line}\n"));
}

/// Says something beside the result, so that the result alone can be piped on.
pub(super) fn aside(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
