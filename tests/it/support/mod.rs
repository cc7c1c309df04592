//! What the tests stand on.

pub mod app;
pub mod binary;
pub mod database;
pub mod every_table;
pub mod introspection;
pub mod lcg;
pub mod policy;
pub mod postgres;
pub mod server_binaries;
pub mod world;

pub use app::{Client, TestApp};
pub use database::TestDatabase;

/// A file of `../shared/documents`, where this machine has one; a test that gets none says so and passes.
pub fn shared(name: &str) -> Option<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/documents").join(name);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        eprintln!("no ../shared/documents/{name} beside the repository: the real lists are not read in this run");
    }
    text
}
pub use world::World;

/// Whether a test goes on without a tool of the machine that is not there: where `TAIZHANG_TEST_TOOLS` is `required`, as in
/// `.ci/run`, it fails instead.
#[expect(clippy::disallowed_methods, reason = "the harness is configured by the environment")]
pub fn passes_without(tool: &str) {
    let required = std::env::var("TAIZHANG_TEST_TOOLS").is_ok_and(|word| word == "required");
    assert!(!required, "there is no {tool} on this machine, and TAIZHANG_TEST_TOOLS says that there must be");
    eprintln!("there is no {tool} on this machine: what is done with it is not tested in this run");
}

/// Runs an ignored test of this binary in a process of its own: for what is only worth measuring where nothing else runs.
pub fn alone(name: &str) -> String {
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("test result: ok. 1 passed"), "{name} was not run: {said}");
    said
}
