//! The parts of a workbook beside its sheets: names of sheets, shared texts, formats.

use std::collections::HashMap;

use super::number_format::{self, Look};
use super::xml::{Element, Handler};
use super::{ReadError, limits};

/// A sheet as the workbook names it.
pub(super) struct SheetName {
    /// Its name.
    pub(super) name: String,
    /// The relation that leads to its part.
    pub(super) relation: String,
    /// Not shown.
    pub(super) hidden: bool,
}

/// Reads `workbook.xml`.
#[derive(Default)]
pub(super) struct WorkbookPart {
    /// The sheets in order.
    pub(super) sheets: Vec<SheetName>,
    /// Days count from 1904.
    pub(super) from_1904: bool,
}

impl Handler for WorkbookPart {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        match element.name() {
            "sheet" if self.sheets.len() < limits::MAX_ENTRIES => {
                let relation = element.prefixed("r:id").or_else(|| element.attribute("id")).unwrap_or_default();
                self.sheets.push(SheetName {
                    name: element.attribute("name").unwrap_or_default().chars().take(40).collect(),
                    relation,
                    hidden: element.attribute("state").is_some_and(|state| state != "visible"),
                });
            }
            "workbookPr" => {
                self.from_1904 = element.attribute("date1904").is_some_and(|v| matches!(v.as_str(), "1" | "true"));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads `sharedStrings.xml`, or the text of one cell.
#[derive(Default)]
pub(super) struct SharedTexts {
    /// The texts by number.
    pub(super) all: Vec<String>,
    text: String,
    bytes: usize,
    in_text: bool,
    phonetic: bool,
}

impl Handler for SharedTexts {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        match element.name() {
            "si" => self.text.clear(),
            "rPh" => self.phonetic = true,
            "t" => self.in_text = true,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "rPh" => self.phonetic = false,
            "t" => self.in_text = false,
            "si" => {
                if self.all.len() >= 2 * limits::MAX_CELLS {
                    return Err(ReadError::TooManyCells);
                }
                self.all.push(unescaped(&std::mem::take(&mut self.text)));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if self.in_text && !self.phonetic {
            self.bytes += text.len();
            if self.bytes > 4 * limits::MAX_TEXT {
                return Err(ReadError::TooMuchText);
            }
            self.text.push_str(text);
        }
        Ok(())
    }
}

/// `_x000D_` and its like are signs that XML does not take; line ends become one kind.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let code = from.get(2..6).filter(|_| from.as_bytes().get(6) == Some(&b'_'));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(sign) => {
                if !sign.is_control() || matches!(sign, '\n' | '\t' | '\r') {
                    plain.push(sign);
                }
                rest = &from[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &from[2..];
            }
        }
    }
    plain.push_str(rest);
    if plain.contains('\r') { plain.replace("\r\n", "\n").replace('\r', "\n") } else { plain }
}

/// Reads `styles.xml`: how each cell format shows a number.
#[derive(Default)]
pub(super) struct FormatsPart {
    /// The looks by number of the cell format.
    pub(super) looks: Vec<Look>,
    codes: HashMap<u32, String>,
    in_cell_formats: bool,
}

impl Handler for FormatsPart {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        let id = || element.attribute("numFmtId").and_then(|v| v.parse::<u32>().ok());
        match element.name() {
            "numFmt" if self.codes.len() < limits::MAX_ENTRIES => {
                if let (Some(id), Some(code)) = (id(), element.attribute("formatCode")) {
                    self.codes.insert(id, code);
                }
            }
            "cellXfs" => self.in_cell_formats = true,
            "xf" if self.in_cell_formats && self.looks.len() < 100_000 => {
                let id = id().unwrap_or_default();
                self.looks.push(match self.codes.get(&id) {
                    Some(code) => number_format::of_code(code),
                    None => number_format::built_in(id),
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        if name == "cellXfs" {
            self.in_cell_formats = false;
        }
        Ok(())
    }
}
