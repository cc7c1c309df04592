//! The XML with which a CAS server says whose ticket it was.

use std::mem::take;

use quick_xml::{
    NsReader,
    events::{BytesRef, BytesStart, Event},
    name::{Namespace, ResolveResult},
};

/// The namespace of CAS.
const CAS: &str = "http://www.yale.edu/tp/cas";
/// Deepest element; attributes of people lie four deep.
const DEEPEST: usize = 16;
/// Most starts, texts and ends; people with a hundred attributes have some hundreds.
const MOST: usize = 10_000;

/// What the server says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CasAnswer {
    /// Whose ticket it was.
    User(String),
    /// It was a proxy's.
    Proxied,
    /// It is not taken, and the reason.
    Failure(String),
}

/// Where in the answer we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Response,
    Success,
    User,
    Failure,
    Other,
}

#[derive(Default)]
struct Found {
    path: Vec<Place>,
    responses: usize,
    successes: usize,
    users: usize,
    user: String,
    proxied: bool,
    failures: Vec<String>,
}

/// Reads an answer; anything that could be read in two ways is none.
pub(super) fn read(xml: &str) -> Result<CasAnswer, &'static str> {
    let mut reader = NsReader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut found = Found::default();
    for _ in 0..MOST {
        let (namespace, event) = reader.read_resolved_event().map_err(|_| "damaged XML")?;
        let ours = matches!(namespace, ResolveResult::Bound(Namespace(CAS)));
        match event {
            Event::Start(start) => found.start(ours, &start)?,
            Event::End(_) => {
                found.path.pop();
            }
            Event::Text(text) => found.text(&text.xml10_content())?,
            Event::CData(text) => found.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => found.text(resolved(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::DocType(_) => return Err("a document type"),
            // A name in two pieces would be read in two ways.
            Event::Comment(_) | Event::PI(_) if found.path.last() == Some(&Place::User) => {
                return Err("something else than text in the user");
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Empty(_) => return Err("damaged XML"),
            Event::Eof => return found.answer(),
        }
    }
    Err("too many parts")
}

impl Found {
    fn start(&mut self, ours: bool, start: &BytesStart<'_>) -> Result<(), &'static str> {
        if self.path.len() >= DEEPEST {
            return Err("too deep");
        }
        let name = start.local_name();
        let place = match (self.path.last(), name.as_ref()) {
            (None, "serviceResponse") if ours => Place::Response,
            (None, _) => return Err("another root than serviceResponse"),
            (Some(Place::User), _) => return Err("something else than text in the user"),
            (Some(Place::Response), "authenticationSuccess") if ours => Place::Success,
            (Some(Place::Response), "authenticationFailure") if ours => Place::Failure,
            (Some(Place::Success), "user") if ours => Place::User,
            (Some(Place::Success), "proxies") if ours => {
                self.proxied = true;
                Place::Other
            }
            _ => Place::Other,
        };
        match place {
            Place::Response => self.responses += 1,
            Place::Success => self.successes += 1,
            Place::User => self.users += 1,
            Place::Failure => self.failures.push(code(start)?),
            Place::Other => {}
        }
        self.path.push(place);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), &'static str> {
        match self.path.last() {
            Some(Place::User) => self.user.push_str(text),
            Some(_) => {}
            None if text.chars().all(|sign| sign.is_whitespace() || sign == '\u{feff}') => {}
            None => return Err("text outside the answer"),
        }
        Ok(())
    }

    fn answer(mut self) -> Result<CasAnswer, &'static str> {
        if !self.path.is_empty() || self.responses != 1 {
            return Err("not one whole serviceResponse");
        }
        match (self.successes, self.users, self.failures.pop(), self.failures.is_empty()) {
            (1, _, None, _) if self.proxied => Ok(CasAnswer::Proxied),
            (1, 1, None, _) => Ok(CasAnswer::User(trimmed(&take(&mut self.user)).to_owned())),
            (0, _, Some(code), true) => Ok(CasAnswer::Failure(code)),
            _ => Err("not one success with one user, nor one failure"),
        }
    }
}

/// Without the blanks with which XML is laid out; others are part of the name, and such a name is refused.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace())
}

fn code(start: &BytesStart<'_>) -> Result<String, &'static str> {
    let code = start.try_get_attribute("code").map_err(|_| "damaged XML")?.ok_or("a failure without a code")?;
    Ok(code.value.trim().to_owned())
}

/// The five entities of XML and signs by number; others do not exist without a document type.
fn resolved(reference: &BytesRef<'_>) -> Result<char, &'static str> {
    if let Ok(Some(sign)) = reference.resolve_char_ref() {
        return Ok(sign);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err("an entity"),
    }
}
