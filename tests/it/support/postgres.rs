//! A PostgreSQL server for the tests: one given by address, or a throw-away one of our own.

use std::{
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

/// A running server.
pub struct Server {
    /// The address up to the database name, which takes the place of `{}`.
    pattern: String,
    // Closed when this process ends, however it ends: the watchdog waits for that and then stops the server.
    _lifeline: Option<Mutex<ChildStdin>>,
    own: Option<Own>,
}

/// What it takes to start a server of our own again.
struct Own {
    bin: PathBuf,
    user: Option<&'static str>,
    home: PathBuf,
    options: String,
}

/// Fast, and gone with the power.
const CARELESS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off";
/// As it comes: what is committed is on the disk.
const DURABLE: &str = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on";

impl Server {
    /// Uses the server behind `url`; its user must be allowed to create databases.
    pub fn at(url: &str) -> Self {
        let (address, query) = url.split_once('?').map_or((url, String::new()), |(a, q)| (a, format!("?{q}")));
        let (scheme, rest) = address.split_once("://").expect("TAIZHANG_TEST_DATABASE_URL is an address");
        let host = rest.split('/').next().unwrap_or_default();
        Self { pattern: format!("{scheme}://{host}/{{}}{query}"), _lifeline: None, own: None }
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        self.pattern.replace("{}", database)
    }

    /// Starts a server of our own in a temporary folder.
    pub fn start() -> Self {
        Self::start_with(CARELESS)
    }

    /// One that keeps what it has committed when it is killed.
    pub fn start_durable() -> Self {
        Self::start_with(DURABLE)
    }

    fn start_with(settings: &str) -> Self {
        let bin = super::server_binaries::find()
            .expect("TAIZHANG_TEST_ENGINE=postgres, but no PostgreSQL server binaries were found");
        let home = tempfile::Builder::new().prefix("taizhang-pg-").tempdir().expect("a temporary folder").keep();
        let user = ordinary_user();
        if let Some(user) = user {
            run(Command::new("chown").arg(user).arg(&home));
        }
        let data = home.join("data");
        run(as_user(user, &bin.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg("-D")
            .arg(&data)
            .stdout(Stdio::null()));
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=300 -c shared_buffers=64MB \
             {settings}",
            home.display()
        );
        let own = Own { bin, user, home, options };
        assert!(own.start(), "PostgreSQL does not start");
        let lifeline = watch(&own.bin, user, &own.home, &data);
        let pattern = format!("postgres://postgres@localhost/{{}}?host={}", own.home.display());
        Self { pattern, _lifeline: Some(Mutex::new(lifeline)), own: Some(own) }
    }

    /// Ends a server of our own without any preparation, as a fault would: its first process is killed, or all of them are
    /// told to drop everything.
    pub fn halt(&self, killed: bool) {
        let own = self.own.as_ref().expect("only a server of our own is killed");
        if killed {
            let pid = std::fs::read_to_string(own.data().join("postmaster.pid")).expect("it runs");
            run(Command::new("kill").arg("-KILL").arg(pid.lines().next().unwrap_or_default()));
        } else {
            run(own.control(&["stop", "-m", "immediate"]));
        }
    }

    /// Starts it again.
    pub fn resume(&self) {
        let own = self.own.as_ref().expect("only a server of our own is started again");
        // Until the last of its processes has noticed, another one may not start.
        let began = Instant::now();
        while !own.start() {
            assert!(began.elapsed() < Duration::from_secs(60), "PostgreSQL does not come back");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Own {
    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn control(&self, args: &[&str]) -> Command {
        let mut command = as_user(self.user, &self.bin.join("pg_ctl"));
        command.arg("-D").arg(self.data()).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn start(&self) -> bool {
        let mut start = self.control(&["start", "--wait", "--silent", "-o", &self.options, "-l"]);
        start.arg(self.home.join("log")).status().expect("pg_ctl").success()
    }
}

/// Statics are never dropped, so a small shell outlives us: it reads until our end of the pipe closes.
fn watch(bin: &Path, user: Option<&str>, home: &Path, data: &Path) -> ChildStdin {
    let script = r#"read -r _; "$1" stop -m immediate -D "$2" >/dev/null 2>&1; rm -rf "$3""#;
    let mut command = as_user(user, Path::new("sh"));
    command.arg("-c").arg(script).arg("sh").arg(bin.join("pg_ctl")).arg(data).arg(home);
    // A group of its own, so that Ctrl-C does not end the watchdog before its work.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("a shell").stdin.take().expect("its input")
}

/// The server refuses to run as root; whom it runs as then.
fn ordinary_user() -> Option<&'static str> {
    let id = Command::new("id").arg("-u").output().expect("id");
    if id.stdout.trim_ascii() != b"0" {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").expect("the list of users");
    Some(if passwd.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" })
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.arg(format!("--reuid={user}")).arg("--clear-groups").arg("--").arg(program);
            command
        }
        None => Command::new(program),
    };
    // The folder we were started in may be closed to that user.
    command.current_dir("/");
    command
}

fn run(mut command: impl std::borrow::BorrowMut<Command>) {
    let command = command.borrow_mut();
    let status = command.stdin(Stdio::null()).status().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(status.success(), "{command:?}: {status}");
}
