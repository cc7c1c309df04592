//! The tests of `it` once more, on PostgreSQL, where a server can be started: `cargo test` alone proves both engines.
//!
//! Which engine a run is for can also be said: `TAIZHANG_TEST_ENGINE` (`sqlite`, `postgres`) or
//! `TAIZHANG_TEST_DATABASE_URL`; then `it` follows that, and nothing is left to do here.
#![allow(clippy::disallowed_methods, reason = "the harness is configured by the environment")]
#![allow(clippy::print_stdout, reason = "what was not tried is said")]

#[path = "it/support/server_binaries.rs"]
mod server_binaries;

use std::process::{Command, ExitCode};

/// What has been tried on SQLite and is not tried again: parts that know no database, and the years of the real lists,
/// which go here with the invented lists of the same form.
const ONCE: [&str; 7] = [
    "readers::",
    "understand::",
    "writers::",
    "charts::",
    "fuzzed::",
    "a_year_of_the_real_list",
    "the_real_form_with_two_levels",
];

fn main() -> ExitCode {
    if let Some(said) =
        ["TAIZHANG_TEST_ENGINE", "TAIZHANG_TEST_DATABASE_URL"].iter().find(|v| std::env::var_os(v).is_some())
    {
        println!("== {said} says which engine `it` runs on; nothing runs twice ==");
        return ExitCode::SUCCESS;
    }
    if server_binaries::find().is_none() {
        println!(
            "== NO POSTGRESQL SERVER WAS FOUND: the tests ran on SQLite alone (Debian: apt-get install postgresql) =="
        );
        return ExitCode::SUCCESS;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut run = Command::new(cargo);
    // What cargo told this test about its package would make build scripts that look at it run again, and everything that
    // depends on them would be built twice.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            run.env_remove(name);
        }
    }
    let run = run
        .args([
            "test",
            "--locked",
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
            "--test",
            "it",
            "--",
        ])
        .args(std::env::args_os().skip(1))
        .args(ONCE.iter().flat_map(|name| ["--skip", name]))
        .env("TAIZHANG_TEST_ENGINE", "postgres")
        .status();
    match run {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("cargo could not be started: {problem}");
            ExitCode::FAILURE
        }
    }
}
