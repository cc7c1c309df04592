//! Hostile transports, byte by byte against the real binary: only the right one passes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::killers::served;

const ASK: &str = r#"{"query":"{ viewer { name } }"}"#;
const WRITE: &str = r#"{"query":"mutation { viewer { name } }"}"#;
/// What only an executed query says.
const PROOF: &str = "\"zhang\"";
const GET: &str = "/graphql?query=%7B%20viewer%20%7B%20name%20%7D%20%7D";
const GET_WRITE: &str = "/graphql?query=mutation%7BtaskListIssue%7B__typename%7D%7D";
const JSON: &str = "content-type: application/json";
const NEW: &str = "accept: application/graphql-response+json";
const FORM: &str = "content-type: application/x-www-form-urlencoded";
const EVIL: &str = "origin: http://evil.example\r\nsec-fetch-site: cross-site";

/// A request as a client with a token sends it; its lines joined as HTTP wants it.
fn with_token(token: &str, first: &str, lines: &[&str], body: &[u8]) -> Vec<u8> {
    let bearer = format!("authorization: Bearer {token}");
    without(first, &[&[bearer.as_str()], lines].concat(), body)
}

fn without(first: &str, lines: &[&str], body: &[u8]) -> Vec<u8> {
    let length = format!("content-length: {}", body.len());
    let announced =
        lines.iter().any(|line| line.to_ascii_lowercase().contains("content-length") || line.contains("ransfer-"));
    let mut all = vec![first, "host: x"];
    all.extend(lines);
    if !announced && !body.is_empty() {
        all.push(&length);
    }
    bare(&all, body)
}

fn bare(lines: &[&str], body: &[u8]) -> Vec<u8> {
    [lines.join("\r\n").as_bytes(), b"\r\n\r\n", body].concat()
}

/// Sends bytes and reads what comes until nothing comes any more.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // What is refused early may be closed under our hands.
    let _ = stream.write_all(bytes);
    let (mut all, mut buffer, began) = (Vec::new(), [0; 4_096], Instant::now());
    while began.elapsed() < Duration::from_secs(12) {
        let patience = if all.is_empty() { 4_000 } else { 250 };
        stream.set_read_timeout(Some(Duration::from_millis(patience))).unwrap();
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => all.extend_from_slice(&buffer[..read]),
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

struct Row {
    name: &'static str,
    bytes: Vec<u8>,
    /// The statuses that are right; 0 is a connection closed without a word.
    status: &'static [u16],
}

fn row(name: &'static str, status: &'static [u16], bytes: Vec<u8>) -> Row {
    Row { name, bytes, status }
}

/// What a method or an address can be.
fn methods(t: &str) -> Vec<Row> {
    let post = |first: &str| with_token(t, first, &[JSON], ASK.as_bytes());
    let get = |address: &str, lines: &[&str]| with_token(t, &format!("GET {address} HTTP/1.1"), lines, b"");
    vec![
        row("PUT", &[405], post("PUT /graphql HTTP/1.1")),
        row("DELETE", &[405], post("DELETE /graphql HTTP/1.1")),
        row("PATCH", &[405], post("PATCH /graphql HTTP/1.1")),
        row("TRACE", &[405], post("TRACE /graphql HTTP/1.1")),
        row("CONNECT", &[400, 404, 405], post("CONNECT /graphql HTTP/1.1")),
        row("a method in small letters", &[405], post("post /graphql HTTP/1.1")),
        row("the method QUERY", &[405], post("QUERY /graphql HTTP/1.1")),
        row("HEAD with a query", &[405], with_token(t, &format!("HEAD {GET} HTTP/1.1"), &[], b"")),
        row("a mutation over GET", &[405], get(GET_WRITE, &[])),
        row("a mutation over GET, overridden", &[405], get(GET_WRITE, &["x-http-method-override: POST"])),
        row("a mutation over HEAD", &[405], with_token(t, &format!("HEAD {GET_WRITE} HTTP/1.1"), &[], b"")),
        row("GET with a body", &[400], with_token(t, "GET /graphql HTTP/1.1", &[JSON], ASK.as_bytes())),
        row("GET with two queries", &[400], get(&format!("{GET}&query=%7Bviewer%7Bname%7D%7D"), &[])),
        row("the token in the address", &[401], without(&format!("GET {GET}&access_token={t} HTTP/1.1"), &[], b"")),
        row("a slash behind", &[404], post("POST /graphql/ HTTP/1.1")),
        row("two slashes before", &[404], post("POST //graphql HTTP/1.1")),
        row("large letters", &[404], post("POST /GraphQL HTTP/1.1")),
        row("an encoded letter", &[404], post("POST /%67raphql HTTP/1.1")),
        row("a way round", &[404], post("POST /livez/../graphql HTTP/1.1")),
        row("a null character", &[404, 400], post("POST /graphql%00 HTTP/1.1")),
        row("a path parameter", &[404], post("POST /graphql;v=1 HTTP/1.1")),
        row("another host as the target", &[400], post("POST http://evil.example/graphql HTTP/1.1")),
        row("user and password in the target", &[400], post("POST http://a:b@x/graphql HTTP/1.1")),
    ]
}

/// What a body can pretend to be.
fn bodies(t: &str) -> Vec<Row> {
    let typed = |lines: &[&str], body: &[u8]| with_token(t, "POST /graphql HTTP/1.1", lines, body);
    let kind = |kind: &str| typed(&[&format!("content-type: {kind}")], ASK.as_bytes());
    let wide: Vec<u8> = ASK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let form = format!(
        "--b\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{ASK}\r\n--b\r\ncontent-disposition: \
         form-data; name=\"map\"\r\n\r\n{{}}\r\n--b--\r\n"
    );
    let multipart = "content-type: multipart/form-data; boundary=b";
    vec![
        row("text", &[415], kind("text/plain")),
        row("a form with JSON in it", &[415], kind("application/x-www-form-urlencoded")),
        row("a form", &[415], typed(&[FORM], b"query=%7Bviewer%7Bname%7D%7D")),
        row("application/graphql", &[415], kind("application/graphql")),
        row("no type", &[415], typed(&[], ASK.as_bytes())),
        row("text/json", &[415], kind("text/json")),
        row("something like JSON", &[415], kind("application/json-patch+json")),
        row("two types in two lines", &[415], typed(&[JSON, "content-type: text/plain"], ASK.as_bytes())),
        row("two types in one line", &[415], kind("application/json, text/plain")),
        row("GBK", &[415], kind("application/json; charset=gbk")),
        row("UTF-7", &[415], kind("application/json; charset=utf-7")),
        row("UTF-16, said", &[415], typed(&["content-type: application/json; charset=utf-16"], &wide)),
        row("UTF-16, not said", &[400], typed(&[JSON], &wide)),
        row("two charsets", &[415], kind("application/json; charset=utf-8; charset=gbk")),
        row("gzip", &[415], typed(&[JSON, "content-encoding: gzip"], b"\x1f\x8b\x08\0\0\0\0\0")),
        row("gzip by name only", &[415], typed(&[JSON, "content-encoding: gzip"], ASK.as_bytes())),
        row("identity, then br", &[415], typed(&[JSON, "content-encoding: identity, br"], ASK.as_bytes())),
        row("a byte order mark", &[400], typed(&[JSON], format!("\u{feff}{ASK}").as_bytes())),
        row("garbage behind", &[400], typed(&[JSON], format!("{ASK} x").as_bytes())),
        row("two documents", &[400], typed(&[JSON], format!("{ASK}{ASK}").as_bytes())),
        row("a batch", &[400], typed(&[JSON], format!("[{ASK},{ASK}]").as_bytes())),
        row("a query in a multipart form", &[400], typed(&[multipart], form.as_bytes())),
        row("multipart/mixed", &[415], kind("multipart/mixed; boundary=b")),
        row("a field of queries in a mutation", &[400], typed(&[JSON, NEW], WRITE.as_bytes())),
        // What a page of another site can send without being asked first: no header of its own, so no token.
        row("a form of another site", &[401], without("POST /graphql HTTP/1.1", &[FORM, EVIL], b"query=%7Bviewer%7D")),
        row(
            "text of another site",
            &[401],
            without("POST /graphql HTTP/1.1", &["content-type: text/plain", EVIL], ASK.as_bytes()),
        ),
        row(
            "multipart of another site",
            &[401],
            without("POST /graphql HTTP/1.1", &[multipart, EVIL], form.as_bytes()),
        ),
        row("a picture of another site", &[401], without(&format!("GET {GET} HTTP/1.1"), &[EVIL], b"")),
        row(
            "a frame without an origin",
            &[401],
            without("POST /graphql HTTP/1.1", &[FORM, "origin: null"], b"query=%7Bviewer%7D"),
        ),
    ]
}

/// Who is said to ask.
fn people(t: &str) -> Vec<Row> {
    let asks = |line: &str| without("POST /graphql HTTP/1.1", &[JSON, line], ASK.as_bytes());
    let preflight =
        ["access-control-request-method: POST", "access-control-request-headers: authorization, content-type"];
    let before = |origin: &str| without("OPTIONS /graphql HTTP/1.1", &[&[origin], &preflight[..]].concat(), b"");
    vec![
        row("another site asks whether it may ask", &[401, 405], before(EVIL)),
        row("a frame asks whether it may ask", &[401, 405], before("origin: null")),
        row("nobody", &[401], asks("x-a: b")),
        row("the token in a cookie", &[401], asks(&format!("cookie: token={t}; authorization=Bearer {t}"))),
        row("the token for a proxy", &[401], asks(&format!("proxy-authorization: Bearer {t}"))),
        row("another scheme", &[401], asks(&format!("authorization: Basic {t}"))),
        row("a token and a half", &[401], asks(&format!("authorization: Bearer {t}, Bearer {t}"))),
        row("two tokens", &[401], asks(&format!("authorization: Bearer {t}\r\nauthorization: Bearer {t}"))),
        row("a user by name", &[401], asks("x-remote-user: zhang\r\nx-forwarded-user: zhang")),
        row("from here, it says", &[401], asks("x-forwarded-for: 127.0.0.1\r\nforwarded: for=127.0.0.1")),
    ]
}

/// Where one request ends and the next begins, and for whom it is.
fn frames(t: &str) -> Vec<Row> {
    let post = "POST /graphql HTTP/1.1";
    let framed = |lines: &[&str], body: &[u8]| with_token(t, post, &[&[JSON], lines].concat(), body);
    let lengths = |length: &str| framed(&[length], ASK.as_bytes());
    let chunked = format!("{:x}\r\n{ASK}\r\n0\r\n\r\n", ASK.len());
    let smuggled = [b"0\r\n\r\n".to_vec(), with_token(t, post, &[JSON], ASK.as_bytes())].concat();
    let inner = String::from_utf8(smuggled.clone()).unwrap();
    let chunks = |line: &str| framed(&[line], chunked.as_bytes());
    let bearer = format!("authorization: Bearer {t}");
    let whole = format!("content-length: {}", ASK.len());
    let lines = |lines: &[&str]| bare(&[lines, &[&bearer, JSON, &whole]].concat(), ASK.as_bytes());
    let length = smuggled.len();
    vec![
        row("two lengths", &[400], lengths(&format!("content-length: {}\r\ncontent-length: 5", ASK.len()))),
        row("two lengths in one line", &[400], lengths(&format!("content-length: {}, 5", ASK.len()))),
        row("a length with a sign", &[400], lengths(&format!("content-length: +{}", ASK.len()))),
        row("a negative length", &[400], lengths("content-length: -1")),
        row("a length in hexadecimal", &[400], lengths("content-length: 0x1f")),
        row("a length past counting", &[400, 413], lengths("content-length: 99999999999999999999999")),
        row("a length that is too short", &[400], lengths("content-length: 9")),
        row("a length that is too long", &[408], lengths("content-length: 900")),
        row(
            "a length and chunks",
            &[400],
            framed(&[&format!("content-length: {length}"), "transfer-encoding: chunked"], &smuggled),
        ),
        row(
            "chunks and a length",
            &[400],
            framed(&["transfer-encoding: chunked", &format!("content-length: {length}")], &smuggled),
        ),
        row("chunks of another name", &[400], chunks("transfer-encoding: xchunked")),
        row("chunks, but not last", &[400], chunks("transfer-encoding: chunked, identity")),
        row("a space before the colon", &[400], chunks("transfer-encoding : chunked")),
        row("a line that is folded", &[400], chunks("transfer-encoding:\r\n chunked")),
        row(
            "chunks in HTTP/1.0",
            &[400],
            with_token(t, "POST /graphql HTTP/1.0", &[JSON, "transfer-encoding: chunked"], chunked.as_bytes()),
        ),
        row(
            "a chunk past counting",
            &[400],
            framed(&["transfer-encoding: chunked"], format!("fffffffffffffffff\r\n{ASK}").as_bytes()),
        ),
        row(
            "a chunk without a number",
            &[400],
            framed(&["transfer-encoding: chunked"], format!("zz\r\n{ASK}").as_bytes()),
        ),
        row(
            "a request in a chunk that is cut short",
            &[400],
            framed(&["transfer-encoding: chunked"], format!("5\r\n{inner}").as_bytes()),
        ),
        row("no host", &[400], lines(&[post])),
        row("two hosts", &[400], lines(&[post, "host: x", "host: evil.example"])),
        row("two hosts in one line", &[400], lines(&[post, "host: x, evil.example"])),
        row("a host with a user", &[400], lines(&[post, "host: a@x"])),
        row("a host that is none", &[400], lines(&[post, "host: x/evil"])),
        row("an empty host", &[400], lines(&[post, "host:"])),
        row("a null character in a header", &[400], lines(&[post, "host: x", "x-a: \0"])),
        row("a space in a name", &[400], lines(&[post, "host: x", "x a: b"])),
        row("HTTP/2 without asking", &[0, 400], b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        row("HTTP/2.0 in the first line", &[0, 400, 505], lines(&["POST /graphql HTTP/2.0", "host: x"])),
        row("HTTP/0.9", &[0, 400], format!("GET {GET}\r\n").into_bytes()),
        row("a TLS greeting", &[0, 400], vec![0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, 0, 1, 2, 3, 4]),
        row(
            "a WebSocket",
            &[400],
            with_token(
                t,
                "GET /graphql HTTP/1.1",
                &[
                    "connection: upgrade",
                    "upgrade: websocket",
                    "sec-websocket-version: 13",
                    "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
                    "sec-websocket-protocol: graphql-transport-ws",
                ],
                b"",
            ),
        ),
        row("to be continued, by nobody", &[401], without(post, &[JSON, "expect: 100-continue"], ASK.as_bytes())),
    ]
}

#[test]
fn only_the_right_one_passes() {
    let folder = tempfile::tempdir().unwrap();
    let (mut served, token) = served(folder.path(), &["--limit-body-timeout", "1s"]);
    let address = served.address;
    let rows: Vec<Row> =
        [methods(&token), bodies(&token), people(&token), frames(&token)].into_iter().flatten().collect();
    assert!(rows.len() >= 40, "{}", rows.len());
    let found = std::sync::Mutex::new(Vec::new());
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let answer = exchange(address, &row.bytes);
                    let lower = answer.to_ascii_lowercase();
                    let passed = answer.contains(PROOF) || answer.contains("\"data\"");
                    let opened = lower.contains("\r\naccess-control-") || lower.contains(" 101 ");
                    if passed || opened || !row.status.contains(&status(&answer)) {
                        let wanted = row.status;
                        found.lock().unwrap().push(format!("{}: {wanted:?} was wanted\n{answer}\n", row.name));
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), rows.len(), found.join("\n"));
    println!("{} hostile transports, none passed", rows.len());

    // The right one, and what HTTP itself allows to say in another way.
    let chunked = format!("{:x}\r\n{ASK}\r\n0\r\n\r\n", ASK.len());
    let post = "POST /graphql HTTP/1.1";
    let right = [
        with_token(&token, post, &[JSON], ASK.as_bytes()),
        with_token(&token, &format!("GET {GET} HTTP/1.1"), &[], b""),
        with_token(&token, post, &[JSON, "transfer-encoding: chunked"], chunked.as_bytes()),
        with_token(&token, "POST http://x/graphql HTTP/1.1", &[JSON], ASK.as_bytes()),
        // As a proxy asks by default; without a host, too.
        with_token(&token, "POST /graphql HTTP/1.0", &[JSON], ASK.as_bytes()),
        bare(&[&format!("GET {GET} HTTP/1.0"), &format!("authorization: Bearer {token}")], b""),
        // Offered, and not taken up.
        with_token(
            &token,
            post,
            &[JSON, "connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABkAAQCAAAAAAIAAAAA"],
            ASK.as_bytes(),
        ),
    ];
    for bytes in right {
        let answer = exchange(address, &bytes);
        assert!(status(&answer) == 200 && answer.contains(PROOF), "{}\n{answer}", String::from_utf8_lossy(&bytes));
        assert!(!answer.to_ascii_lowercase().contains("access-control-"), "{answer}");
    }
    assert!(served.lives());
}
