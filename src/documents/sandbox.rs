//! Files of strangers are read in a child process that can do nothing but answer: little memory, little time, no
//! files, no network, no environment.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::read::{FileLimits, ReadError, read_within};
use super::table::Pages;

/// How long is waited for the child.
pub const MAX_WAIT: Duration = Duration::from_secs(60);
/// Bytes of an answer.
const MAX_ANSWER: u64 = 64 * 1024 * 1024;
/// Children at a time.
const CHILDREN: usize = 2;
/// The command by which the program knows that it is the child.
const COMMAND: &str = "read-document";
/// How the child ends when it could not take its limits upon itself.
const NO_LIMITS: u8 = 86;

/// The program that is started to read, and how many of it may run.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    slots: Arc<Semaphore>,
    wait: Duration,
    limits: FileLimits,
}

impl Program {
    /// This program itself, whatever lies at its path by now.
    pub fn this() -> Self {
        Self::at("/proc/self/exe")
    }

    /// A program elsewhere.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            slots: Arc::new(Semaphore::new(CHILDREN)),
            wait: MAX_WAIT,
            limits: FileLimits::default(),
        }
    }

    /// Within other limits than the start values.
    pub fn within(mut self, limits: FileLimits) -> Self {
        self.limits = limits;
        self
    }

    /// With another patience.
    pub fn waiting(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }
}

/// Reads a file in a child of its own.
pub async fn read(bytes: &[u8], file_name: &str, program: &Program) -> Result<Pages, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.len() > program.limits.bytes {
        return Err(ReadError::TooBig);
    }
    let _slot = program.slots.acquire().await.map_err(|_| ReadError::Unavailable)?;
    let mut child = Command::new(&program.path)
        .arg(COMMAND)
        .arg(serde_json::to_string(&program.limits).unwrap_or_default())
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|fault| {
            tracing::error!(%fault, "the reader of files cannot be started");
            ReadError::Unavailable
        })?;
    let answered = tokio::time::timeout(program.wait, converse(&mut child, bytes, file_name)).await;
    let Ok(answered) = answered else {
        // A child that is only dropped would be killed too, but not waited for here.
        let _ = child.kill().await;
        return Err(ReadError::TimedOut);
    };
    let (status, answer) = answered?;
    judge(status, &answer)
}

async fn converse(child: &mut Child, bytes: &[u8], file_name: &str) -> Result<(ExitStatus, Vec<u8>), ReadError> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(ReadError::Unavailable);
    };
    // Only the ending matters.
    let name: String = file_name.chars().rev().take(64).collect::<Vec<_>>().into_iter().rev().collect();
    let tell = async move {
        let length = u32::try_from(name.len()).unwrap_or_default().to_le_bytes();
        // A child that has died does not listen; how it died says why.
        let _ = to.write_all(&length).await;
        let _ = to.write_all(name.as_bytes()).await;
        let _ = to.write_all(bytes).await;
        let _ = to.shutdown().await;
    };
    let mut answer = Vec::new();
    let mut from = from.take(MAX_ANSWER + 1);
    let (_, heard) = tokio::join!(tell, from.read_to_end(&mut answer));
    heard.map_err(|_| ReadError::Unavailable)?;
    if answer.len() as u64 > MAX_ANSWER {
        let _ = child.kill().await;
        return Err(ReadError::TooMuchText);
    }
    let status = child.wait().await.map_err(|_| ReadError::Unavailable)?;
    Ok((status, answer))
}

/// What the end of the child means.
fn judge(status: ExitStatus, answer: &[u8]) -> Result<Pages, ReadError> {
    const SIGXCPU: i32 = 24;
    if status.success() {
        return serde_json::from_slice::<Result<Pages, ReadError>>(answer).unwrap_or(Err(ReadError::Damaged));
    }
    Err(match (status.signal(), status.code()) {
        (Some(SIGXCPU), _) => ReadError::TimedOut,
        // Without memory a program aborts; a machine without memory kills it.
        (Some(_), _) => ReadError::OutOfMemory,
        (None, Some(code)) if code == i32::from(NO_LIMITS) => ReadError::Unavailable,
        _ => ReadError::Damaged,
    })
}

/// The child's side, before anything else in `main`: none when this process is no such child.
pub fn child() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(COMMAND)) {
        return None;
    }
    // Without limits of its own it has those of the start.
    let limits = match (arguments.next(), arguments.next()) {
        (None, _) => Some(FileLimits::default()),
        (Some(limits), None) => limits.to_str().and_then(|text| serde_json::from_str(text).ok()),
        _ => None,
    };
    let Some(limits) = limits.filter(|limits| confine(limits).is_ok()) else {
        return Some(ExitCode::from(NO_LIMITS));
    };
    // What a reader stumbles over is the file's matter, not the log's.
    std::panic::set_hook(Box::new(|_| {}));
    let answer = std::panic::catch_unwind(|| answer(limits)).unwrap_or(Err(ReadError::Damaged));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let written = serde_json::to_writer(&mut out, &answer).is_ok() && out.flush().is_ok();
    Some(if written { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn answer(limits: FileLimits) -> Result<Pages, ReadError> {
    let mut told = Vec::new();
    let most = (limits.bytes as u64).saturating_add(1024);
    std::io::stdin().lock().take(most).read_to_end(&mut told).map_err(|_| ReadError::Damaged)?;
    let (length, rest) = told.split_first_chunk::<4>().ok_or(ReadError::Damaged)?;
    let (name, bytes) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(ReadError::Damaged)?;
    read_within(bytes, &String::from_utf8_lossy(name), limits)
}

/// Takes everything away that reading a file does not need. It cannot be had back.
fn confine(limits: &FileLimits) -> nix::Result<()> {
    prctl::set_no_new_privs()?;
    // A network of its own, with nothing in it; where the system does not permit that, the missing file descriptors
    // keep it off the network just as well.
    if unshare(CloneFlags::CLONE_NEWNET).is_err() {
        let _ = unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET);
    }
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_FSIZE, 0, 0)?;
    setrlimit(Resource::RLIMIT_NPROC, 0, 0)?;
    setrlimit(Resource::RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds.saturating_add(1))?;
    setrlimit(Resource::RLIMIT_AS, limits.memory, limits.memory)?;
    // Input, output, errors: no file, pipe or socket can be opened beside them.
    setrlimit(Resource::RLIMIT_NOFILE, 3, 3)
}
