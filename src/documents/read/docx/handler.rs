//! What each element of a document means for the tables and paragraphs.

use super::*;

impl Handler for Document<'_> {
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        let name = element.name();
        if self.skipping > 0 {
            self.skipping += 1;
            return Ok(());
        }
        let is_mark = self.is_in(Name::RowProperties) || self.is_in(Name::RunProperties);
        if !is_mark && SKIPPED.contains(&name) {
            self.skipping = 1;
            return Ok(());
        }
        self.property(element);
        let mut opened = Name::Other;
        match name {
            "pPr" => opened = Name::ParagraphProperties,
            "rPr" => opened = Name::RunProperties,
            "trPr" => opened = Name::RowProperties,
            "t" => opened = Name::Text,
            "p" => {
                self.end_paragraph()?;
                self.paragraph = Some(Paragraph::default());
            }
            "r" => (self.hidden_run, self.struck_run) = (false, false),
            "tab" if !self.open.contains(&Name::ParagraphProperties) => self.write("\t")?,
            "br" | "cr" => self.write("\n")?,
            "noBreakHyphen" => self.write("-")?,
            "sym" => {
                if let Some(sign) = symbol(element) {
                    self.write(sign.encode_utf8(&mut [0; 4]))?;
                }
            }
            "fldChar" => match element.attribute("fldCharType").as_deref() {
                Some("begin") if self.fields.len() < limits::MAX_DEPTH => self.fields.push(false),
                Some("separate") => {
                    if let Some(last) = self.fields.last_mut() {
                        *last = true;
                    }
                }
                Some("end") => {
                    self.fields.pop();
                }
                _ => {}
            },
            "tbl" => {
                self.end_paragraph()?;
                self.fields.clear();
                self.tables.push(OpenTable::default());
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.column, table.deleted) = (0, false);
                    table.row.clear();
                }
            }
            "tc" => {
                self.budget.cell()?;
                if let Some(table) = self.tables.last_mut() {
                    let column = table.column;
                    table.cell = Some(OpenCell {
                        column,
                        span: 1,
                        down: Merge::No,
                        across: false,
                        text: String::new(),
                        paragraphs: 0,
                        struck: String::new(),
                    });
                }
            }
            _ => {}
        }
        self.open.push(opened);
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        if self.skipping > 0 {
            self.skipping -= 1;
            return Ok(());
        }
        self.open.pop();
        match name {
            "p" => self.end_paragraph()?,
            "r" => (self.hidden_run, self.struck_run) = (false, false),
            "tc" => {
                if let Some(table) = self.tables.last_mut()
                    && let Some(cell) = table.cell.take()
                {
                    table.column = cell.column + cell.span;
                    table.row.push(cell);
                }
            }
            "tr" => self.end_row()?,
            "tbl" => self.end_table(),
            "body" => {
                let rest = std::mem::take(&mut self.carried);
                self.put(rest);
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if self.skipping == 0 && self.is_in(Name::Text) { self.write(text) } else { Ok(()) }
    }
}

/// Signs of the symbol fonts: the boxes and ticks that forms use; others have no text.
fn symbol(element: &Element<'_>) -> Option<char> {
    let code = u32::from_str_radix(&element.attribute("char")?, 16).ok()?;
    let font = element.attribute("font").unwrap_or_default();
    let low = if (0xF000..0xF100).contains(&code) { code - 0xF000 } else { code };
    let known = match (font.as_str(), low) {
        ("Wingdings", 0x6F | 0x71 | 0xA8) | ("Wingdings 2", 0xA3 | 0x2A) => '□',
        ("Wingdings", 0xFC) | ("Wingdings 2", 0x50) => '√',
        ("Wingdings", 0xFE) | ("Wingdings 2", 0x52) => '☑',
        ("Wingdings", 0xFB) | ("Wingdings 2", 0x4F) => '×',
        ("Wingdings", 0x6C | 0x9F) => '●',
        ("Wingdings", 0xAB) => '★',
        ("Wingdings", 0x81..=0x8A) => char::from_u32(0x2460 + low - 0x81)?,
        _ => char::from_u32(code).filter(|c| !c.is_control() && !('\u{E000}'..='\u{F8FF}').contains(c))?,
    };
    Some(known)
}
