//! A client that measures: one request a connection, and how it ended.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// How a request ended.
#[derive(Clone, Debug)]
pub struct Answered {
    pub status: u16,
    pub took: Duration,
    pub head: String,
    pub body: Vec<u8>,
}

/// Where a request ended that got no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Nobody took the connection.
    Refused,
    /// The connection ended before the first byte of an answer.
    Silent,
    /// In the middle of an answer.
    Torn,
    /// No whole answer in time.
    Late,
}

/// A GraphQL request in bytes.
pub fn graphql(token: &str, query: &str, keep: bool) -> Vec<u8> {
    post("/graphql", &format!("authorization: Bearer {token}\r\n"), &json!({ "query": query }).to_string(), keep)
}

pub fn post(path: &str, lines: &str, body: &str, keep: bool) -> Vec<u8> {
    let connection = if keep { "keep-alive" } else { "close" };
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\n{lines}content-type: application/json\r\naccept: \
         application/graphql-response+json\r\nconnection: {connection}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One request on a connection of its own.
pub async fn send(address: SocketAddr, bytes: &[u8], patience: Duration) -> Result<Answered, Lost> {
    send_from(None, address, bytes, patience).await
}

/// A connection from another address of this machine.
pub async fn connect_from(source: IpAddr, address: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(source, 0))?;
    socket.connect(address).await
}

/// The same, from another address of this machine.
pub async fn send_from(
    source: Option<IpAddr>,
    address: SocketAddr,
    bytes: &[u8],
    patience: Duration,
) -> Result<Answered, Lost> {
    let began = Instant::now();
    let asking = async {
        let connected = match source {
            Some(source) => connect_from(source, address).await,
            None => TcpStream::connect(address).await,
        };
        let mut stream = connected.map_err(|_| Lost::Refused)?;
        let _ = stream.set_nodelay(true);
        exchange(&mut stream, bytes, began).await
    };
    timeout(patience, asking).await.unwrap_or(Err(Lost::Late))
}

/// One request on a connection that is there.
pub async fn exchange(stream: &mut TcpStream, bytes: &[u8], began: Instant) -> Result<Answered, Lost> {
    // What is refused early may be closed under our hands; the answer may be there all the same.
    let _ = stream.write_all(bytes).await;
    let (mut all, mut buffer) = (Vec::new(), vec![0; 16_384]);
    loop {
        let lost = if all.is_empty() { Lost::Silent } else { Lost::Torn };
        let read = stream.read(&mut buffer).await.map_err(|_| lost)?;
        if read == 0 {
            return Err(lost);
        }
        all.extend_from_slice(&buffer[..read]);
        let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&all[..end]).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if all.len() - end - 4 >= length.ok_or(Lost::Torn)? {
            let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(Lost::Torn)?;
            return Ok(Answered { status, took: began.elapsed(), head, body: all.split_off(end + 4) });
        }
    }
}

/// Times, to be asked for their quantiles.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that so many of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut times = self.0.clone();
        times.sort_unstable();
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).copied().unwrap_or_default()
    }
}

/// Memory of a process that is resident, and the most it ever was, in MiB.
pub fn memory(pid: u32) -> (u64, u64) {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    (of("VmRSS:").unwrap_or(0) / 1_024, of("VmHWM:").unwrap_or(0) / 1_024)
}

/// A number from the environment, within bounds.
pub fn number(name: &str, otherwise: u64, most: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a trial is configured by the environment")]
    let said = std::env::var(name).ok();
    let number = said.map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")));
    assert!((1..=most).contains(&number), "{name} is from 1 to {most}");
    number
}
