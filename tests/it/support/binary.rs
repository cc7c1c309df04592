//! The real binary as a process: its own folder, a free port, ended with the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The binary under test.
pub const TAIZHANG: &str = env!("CARGO_BIN_EXE_taizhang");

/// A command of the binary that sees nothing of our environment and works in `folder`.
pub fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(TAIZHANG);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("TAIZHANG_") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end.
pub fn run(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

/// Runs a command that must succeed; its standard output.
pub fn done(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running `taizhang serve`.
pub struct Served {
    pub folder: PathBuf,
    pub address: SocketAddr,
    pub child: Child,
}

impl Served {
    /// Starts it and waits until it is ready.
    pub fn start(folder: &Path, port: u16, extra: &[&str]) -> Self {
        Self::try_start(folder, port, extra, &[]).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Starts it in an environment and waits until it is ready; or tells why it is not.
    pub fn try_start(folder: &Path, port: u16, extra: &[&str], environment: &[(&str, &str)]) -> Result<Self, String> {
        let listen = format!("127.0.0.1:{port}");
        let mut args = vec!["serve", "--listen", &listen, "--log-filter", "warn"];
        args.extend(extra);
        let mut command = command(folder, &args);
        command.envs(environment.iter().copied()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let mut served =
            Self { folder: folder.to_owned(), address: listen.parse().unwrap(), child: command.spawn().unwrap() };
        let began = Instant::now();
        while served.get("/readyz").is_none_or(|(status, _)| status != 200) {
            if !served.lives() {
                return Err("it ended before it was ready".to_owned());
            }
            if began.elapsed() > Duration::from_secs(60) {
                return Err("it was not ready in time".to_owned());
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        Ok(served)
    }

    /// A token for a login.
    pub fn token(&self, login: &str) -> String {
        done(&self.folder, &["token", login]).trim().to_owned()
    }

    /// GET; `None` when nobody answers.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        exchange(self.address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).ok()
    }

    /// One operation; `None` when no whole answer came.
    pub fn ask(&self, token: &str, query: &str, variables: Value) -> Option<(u16, Value)> {
        ask(self.address, token, query, variables)
    }

    /// Whether the process lives.
    pub fn lives(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        terminate(&self.child);
    }

    /// The end without a word: SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends SIGTERM.
pub fn terminate(child: &Child) {
    let done = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
    assert!(done.success());
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

/// One operation; `None` when no whole answer came.
pub fn ask(address: SocketAddr, token: &str, query: &str, variables: Value) -> Option<(u16, Value)> {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         accept: application/graphql-response+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let (status, text) = exchange(address, &request).ok()?;
    Some((status, serde_json::from_str(&text).ok()?))
}

fn exchange(address: SocketAddr, request: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(15)))?;
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let broken = || std::io::Error::other("no answer");
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let mut length = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(broken());
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let mut body = vec![0; length.ok_or_else(broken)?];
    reader.read_exact(&mut body)?;
    Ok((status, String::from_utf8(body).map_err(|_| broken())?))
}
