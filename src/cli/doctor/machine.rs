//! The machine: its clock, its disk, its port.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::Datelike;

use super::Finding;
use crate::clock::{Clock, SystemClock};

/// Less free space than this is a finding, in KiB: 1 GiB.
const LEAST_KIB: u64 = 1024 * 1024;

/// Kind, processors, clock.
pub(super) fn machine() -> Finding {
    let now = SystemClock.now();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let text = format!("{} {} · {cores} cores · {}", std::env::consts::OS, std::env::consts::ARCH, now.to_rfc3339());
    // A clock that stands at its factory setting makes tokens that nobody accepts.
    if now.year() < 2026 { Err(format!("{text} · 时钟不对 · the clock is wrong")) } else { Ok(text) }
}

/// The folder, or the nearest one above it that is there.
fn nearest(folder: &Path) -> PathBuf {
    let mut at = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    while !at.exists() && at.pop() {}
    at
}

/// Whether a file can be made where the data goes.
pub(super) fn writable(folder: &Path) -> Finding {
    let at = nearest(folder);
    if !at.is_dir() {
        return Err(format!("{} 不是目录 · is no folder", at.display()));
    }
    let probe = at.join(format!(".taizhang-doctor-{}", std::process::id()));
    let tried = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Ok(at.display().to_string()),
        Err(cause) => Err(format!("{} 不可写 · can't be written: {cause}", at.display())),
    }
}

/// Asks `df`, because the standard library can't tell.
pub(super) fn free_disk(folder: &Path) -> Finding {
    let asked = Command::new("df").arg("-Pk").arg(nearest(folder)).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let text = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free {
        None => Ok("未知 · unknown".to_owned()),
        Some(free) if free < LEAST_KIB => Err(format!("仅剩 {} MiB · only so much left", free / 1024)),
        Some(free) => Ok(format!("{} GiB", free / 1024 / 1024)),
    }
}

/// Whether the file of a SQLite address is there.
pub(super) fn sqlite_exists(url: &str) -> bool {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    Path::new(&path.replace("%3F", "?").replace("%23", "#").replace("%25", "%")).exists()
}

/// Whether the port is free, or taizhang itself answers there.
pub(super) fn port(address: SocketAddr) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("{address} 空闲 · free")),
        Err(_) if is_ours(address) => Ok(format!("{address} 服务正在运行 · taizhang is running there")),
        Err(cause) if cause.kind() == io::ErrorKind::AddrInUse => {
            Err(format!("{address} 被其他程序占用 · used by something else"))
        }
        Err(cause) => Err(format!("{address} 无法监听 · can't be listened on: {cause}")),
    }
}

fn is_ours(address: SocketAddr) -> bool {
    let ask = || -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.take(4096).read_to_string(&mut text)?;
        Ok(text)
    };
    ask().is_ok_and(|text| text.starts_with("HTTP/1.1 200") && text.ends_with("\r\n\r\nok\n"))
}
