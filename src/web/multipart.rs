//! Taking bytes of files off the wire: within their number, their time, and the memory there is for all of them together.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use futures_util::{Stream, StreamExt};
use multer::{Constraints, Field, Multipart, SizeLimit};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;

/// What the pool counts in.
const UNIT: usize = 1_024;
/// Bytes around the parts of a form: boundaries and headers.
pub(super) const AROUND_PARTS: usize = 16 * 1_024;

/// The memory for uploads of the whole instance.
#[derive(Clone)]
pub(super) struct Pool(Arc<Semaphore>);

impl Pool {
    /// So many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new((bytes / UNIT).min(Semaphore::MAX_PERMITS))))
    }

    /// A share of it, empty yet; what it takes is given back when the last clone goes.
    pub fn share(&self) -> Share {
        Share { pool: self.0.clone(), taken: Arc::default() }
    }
}

/// What one upload holds.
#[derive(Clone)]
pub(super) struct Share {
    pool: Arc<Semaphore>,
    taken: Arc<Mutex<(usize, Option<OwnedSemaphorePermit>)>>,
}

impl Share {
    /// Some bytes more. Nobody waits for them: two half uploads that wait for each other would wait for ever.
    fn take(&self, bytes: usize) -> Result<(), Refusal> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.0 = taken.0.saturating_add(bytes);
        let has = taken.1.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = taken.0.div_ceil(UNIT).saturating_sub(has);
        let more = u32::try_from(more).map_err(|_| Refusal::Overloaded)?;
        let permit = self.pool.clone().try_acquire_many_owned(more).map_err(|_| Refusal::Overloaded)?;
        match &mut taken.1 {
            Some(held) => held.merge(permit),
            none => *none = Some(permit),
        }
        Ok(())
    }
}

/// A refusal on its way through somebody else's error type.
#[derive(Debug, thiserror::Error)]
#[error("refused")]
struct Stopped(Refusal);

fn counted(body: Body, share: Share) -> impl Stream<Item = Result<Bytes, Stopped>> + Send + 'static {
    body.into_data_stream().map(move |chunk| match chunk {
        Ok(bytes) => share.take(bytes.len()).map(|()| bytes).map_err(Stopped),
        Err(_) => Err(Stopped(Refusal::BodyBroken)),
    })
}

fn announced(headers: &HeaderMap, most: usize, said: usize) -> Result<(), Refusal> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) { Err(Refusal::BodyTooLarge(said)) } else { Ok(()) }
}

/// A whole body of at most so many bytes.
pub(super) async fn whole(headers: &HeaderMap, body: Body, most: usize, share: &Share) -> Result<Vec<u8>, Refusal> {
    announced(headers, most, most)?;
    let mut stream = std::pin::pin!(counted(body, share.clone()));
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|stopped| stopped.0)?;
        if bytes.len() + chunk.len() > most {
            return Err(Refusal::BodyTooLarge(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// A form with a file of at most so many bytes, and `beside` bytes of other parts.
pub(super) fn form(
    headers: &HeaderMap,
    body: Body,
    boundary: String,
    most: usize,
    beside: usize,
    share: &Share,
) -> Result<Multipart<'static>, Refusal> {
    let whole = most.saturating_add(beside).saturating_add(AROUND_PARTS);
    announced(headers, whole, most)?;
    let limit = SizeLimit::new().whole_stream(u64::try_from(whole).unwrap_or(u64::MAX));
    let constraints = Constraints::new().size_limit(limit);
    Ok(Multipart::with_constraints(counted(body, share.clone()), boundary, constraints))
}

/// The next part.
pub(super) async fn next(form: &mut Multipart<'static>, most: usize) -> Result<Option<Field<'static>>, Refusal> {
    form.next_field().await.map_err(|error| refusal(error, most))
}

/// A part of at most so many bytes.
pub(super) async fn part(field: &mut Field<'static>, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| refusal(error, most))? {
        if bytes.len() + chunk.len() > most {
            return Err(Refusal::BodyTooLarge(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn refusal(error: multer::Error, most: usize) -> Refusal {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Refusal::BodyTooLarge(most)
        }
        multer::Error::StreamReadFailed(cause) => {
            cause.downcast::<Stopped>().map_or(Refusal::BodyBroken, |stopped| stopped.0)
        }
        _ => Refusal::FormBroken,
    }
}

/// The file name of a `Content-Disposition`: `filename*` in UTF-8 goes before `filename`, as RFC 6266 wants.
pub(super) fn file_name(headers: &HeaderMap) -> Option<String> {
    let text = String::from_utf8_lossy(headers.get(header::CONTENT_DISPOSITION)?.as_bytes()).into_owned();
    let (mut plain, mut extended) = (None, None);
    for (name, value) in parameters(&text) {
        match name.as_str() {
            "filename" => plain = Some(value),
            "filename*" => extended = in_utf8(&value),
            _ => {}
        }
    }
    extended.or(plain).filter(|name| !name.is_empty())
}

/// The parameters behind the first `;`, quotes taken off.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.split_once(';').map(|(_, rest)| rest).unwrap_or_default();
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches(|c: char| c == ';' || c.is_whitespace()).to_ascii_lowercase();
        let after = after.trim_start();
        let mut value = String::new();
        if let Some(quoted) = after.strip_prefix('"') {
            let mut chars = quoted.char_indices();
            let mut end = quoted.len();
            while let Some((at, c)) = chars.next() {
                match c {
                    '"' => {
                        end = at + 1;
                        break;
                    }
                    // A browser of Windows once sent whole paths, so only what needs it is escaped.
                    '\\' if quoted[at + 1..].starts_with(['"', '\\']) => {
                        value.extend(chars.next().map(|(_, escaped)| escaped));
                    }
                    c => value.push(c),
                }
            }
            rest = &quoted[end..];
        } else {
            let (plain, behind) = after.split_once(';').unwrap_or((after, ""));
            plain.trim().clone_into(&mut value);
            rest = behind;
        }
        found.push((name, value));
    }
    found
}

/// `UTF-8'…'percent-encoded`, as RFC 5987 writes it.
fn in_utf8(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, behind) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = behind;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_as_clients_write_them() {
        for (text, name) in [
            ("attachment; filename=a.txt", Some("a.txt")),
            ("attachment; filename=\"a;b=c.txt\"; x=y", Some("a;b=c.txt")),
            ("form-data; name=\"file\"; filename=\"清单.docx\"", Some("清单.docx")),
            ("attachment; filename=\"x\"; filename*=UTF-8''%E6%B8%85%E5%8D%95.docx", Some("清单.docx")),
            ("attachment; filename*=utf-8'zh'a%20b; filename=x", Some("a b")),
            ("attachment; filename*=gbk''%C7%E5; filename=x", Some("x")),
            ("attachment; filename*=UTF-8''%E6%B8; filename=x", Some("x")),
            ("attachment; filename*=UTF-8''%E; filename=x", Some("x")),
            ("attachment; filename=\"a\\\"b\\\\c.txt\"", Some("a\"b\\c.txt")),
            ("attachment; filename=\"C:\\x\\y.txt\"", Some("C:\\x\\y.txt")),
            ("attachment; filename=\"never closed", Some("never closed")),
            ("attachment; filename=\"\"", None),
            ("attachment; name=x", None),
            ("filename=x", None),
            ("attachment", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_DISPOSITION, axum::http::HeaderValue::from_bytes(text.as_bytes()).unwrap());
            assert_eq!(file_name(&headers).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn the_pool_is_shared_and_given_back() {
        let pool = Pool::new(4 * UNIT);
        let (one, two) = (pool.share(), pool.share());
        one.take(1).unwrap();
        one.take(UNIT - 1).unwrap();
        one.take(2 * UNIT).unwrap();
        two.take(UNIT).unwrap();
        assert_eq!(two.take(1), Err(Refusal::Overloaded));
        let clone = one.clone();
        drop(one);
        assert_eq!(pool.share().take(1), Err(Refusal::Overloaded));
        drop(clone);
        pool.share().take(3 * UNIT).unwrap();
    }
}
