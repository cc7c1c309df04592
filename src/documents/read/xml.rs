//! Reading XML as a stream of starts, texts and ends.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::{ReadError, limits};

/// An element's start.
pub(super) struct Element<'a>(&'a BytesStart<'a>);

impl Element<'_> {
    /// Its name without prefix.
    pub(super) fn name(&self) -> &str {
        let name = self.0.name().0;
        local(name)
    }

    /// An attribute by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.find(|key| local(key) == name)
    }

    /// An attribute by its whole name or, failing that, its name without prefix, where both occur (`r:id`, `id`).
    pub(super) fn prefixed(&self, prefix_and_name: &str) -> Option<String> {
        self.find(|key| key == prefix_and_name)
    }

    fn find(&self, is_it: impl Fn(&str) -> bool) -> Option<String> {
        let mut attributes = self.0.attributes();
        // The check for doubles compares each with each.
        let found = attributes.with_checks(false).flatten().find(|attribute| is_it(attribute.key.0))?;
        Some(match found.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            Err(_) => String::new(),
        })
    }

    /// `w:val` of a switch: there and not false.
    pub(super) fn is_on(&self) -> bool {
        !self.attribute("val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off" | "none"))
    }

    /// `w:val` as a number.
    pub(super) fn number(&self) -> Option<i64> {
        self.attribute("val")?.trim().parse().ok()
    }
}

fn local(name: &str) -> &str {
    // Names are short: a search made for long texts takes longer than this.
    name.bytes().rposition(|byte| byte == b':').map_or(name, |colon| &name[colon + 1..])
}

/// What is done with a part.
pub(super) trait Handler {
    /// An element begins.
    fn start(&mut self, element: &Element<'_>) -> Result<(), ReadError>;

    /// An element ends.
    fn end(&mut self, _name: &str) -> Result<(), ReadError> {
        Ok(())
    }

    /// Text, perhaps in pieces.
    fn text(&mut self, _text: &str) -> Result<(), ReadError> {
        Ok(())
    }
}

/// Reads to the end.
pub(super) fn drive(source: impl BufRead, handler: &mut dyn Handler) -> Result<(), ReadError> {
    let mut reader = Reader::from_reader(source);
    reader.config_mut().allow_dangling_amp = true;
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    let mut seen = false;
    loop {
        match reader.read_event_into(&mut buffer).map_err(|_| ReadError::Damaged)? {
            Event::Start(start) => {
                depth += 1;
                seen = true;
                if depth > limits::MAX_DEPTH {
                    return Err(ReadError::TooDeep);
                }
                handler.start(&Element(&start))?;
            }
            Event::Empty(start) => {
                seen = true;
                let element = Element(&start);
                handler.start(&element)?;
                handler.end(element.name())?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                handler.end(local(end.name().0))?;
            }
            Event::Text(text) => handler.text(&text.xml10_content())?,
            Event::CData(text) => handler.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => handler.text(&resolved(&reference))?,
            Event::DocType(_) => return Err(ReadError::Entities),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if depth == 0 && seen => return Ok(()),
            Event::Eof => return Err(ReadError::Damaged),
        }
        buffer.clear();
    }
}

/// The five entities of XML and signs by number; others do not exist without a definition.
fn resolved<'a>(reference: &BytesRef<'a>) -> Cow<'a, str> {
    if let Ok(Some(sign)) = reference.resolve_char_ref() {
        return Cow::Owned(sign.to_string());
    }
    match reference.xml10_content().as_ref() {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        _ => "".into(),
    }
}
