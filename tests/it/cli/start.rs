//! The first start and the second.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::binary::{self, Served};

/// Starts, reads standard output until `last` is said, and ends it with SIGTERM.
fn printed(folder: &std::path::Path, port: u16, last: &str) -> (String, Vec<String>) {
    let listen = format!("127.0.0.1:{port}");
    let mut child = binary::command(folder, &["--listen", &listen, "--log-filter", "warn"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let ends = line.contains(last);
        lines.push(line);
        if ends {
            break;
        }
    }
    let curls: Vec<String> = lines.iter().filter(|line| line.starts_with("curl ")).cloned().collect();
    // What is printed can be pasted.
    let began = Instant::now();
    let mut answers = Vec::new();
    for curl in &curls {
        let mut said = String::new();
        while !said.contains("\"data\"") && began.elapsed() < Duration::from_secs(20) {
            let output = Command::new("sh").arg("-c").arg(curl).output().unwrap();
            said = String::from_utf8(output.stdout).unwrap();
        }
        answers.push(said);
    }
    let killed = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().unwrap();
    assert!(killed.success() && child.wait().unwrap().success());
    (lines.join("\n"), answers)
}

#[test]
fn the_first_start_says_everything_and_the_second_four_lines() {
    let folder = tempfile::tempdir().unwrap();
    let port = binary::free_port();
    let (text, answers) = printed(folder.path(), port, "taizhang import FILE");
    for said in ["/graphql", "/graphiql", "/livez", "/metrics", "taizhang token", "demo.office", "15"] {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    if Command::new("curl").arg("--version").output().is_ok() {
        assert_eq!(answers.len(), 3);
        for (answer, unit) in answers.iter().zip(["林知远", "云汀市发展和改革局", "云汀市柳渡镇人民政府"])
        {
            assert!(
                answer.contains(unit) && !answer.contains("errors") && !answer.contains("\"totalCount\":0"),
                "{answer}"
            );
        }
    }
    let (again, _) = printed(folder.path(), port, "taizhang token");
    assert_eq!(again.lines().count(), 4, "{again}");
    assert!(!again.contains("eyJ"), "no token without being asked");
}

#[test]
fn asked_to_end_it_is_not_ready_drains_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut served = Served::start(folder.path(), binary::free_port(), &["--demo", "off", "--limit-lame-duck", "3s"]);
    assert_eq!(served.get("/readyz").unwrap().0, 200);
    let began = Instant::now();
    served.terminate();
    let mut not_ready = false;
    while served.lives() {
        assert!(began.elapsed() < Duration::from_secs(30), "it takes too long");
        not_ready |= served.get("/readyz").is_some_and(|(status, _)| status == 503);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(not_ready, "a balancer is told before connections are refused");
    assert!(served.child.wait().unwrap().success());
    assert!(!folder.path().join("data/taizhang.db-wal").exists(), "the log of the database was written back");
}
