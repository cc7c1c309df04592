//! The taizhang binary: reads the command line, does what was asked, and turns every failure into a plain sentence.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use taizhang::cli::{self, Command, Failure};
use taizhang::documents::sandbox;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    // A child that reads a stranger's file does nothing else.
    if let Some(code) = sandbox::child() {
        return code;
    }
    let asked = match cli::parse(std::env::args_os()) {
        Ok(asked) => asked,
        Err(usage) => {
            // Help and version end well; a mistake in the command line is 2.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    match run(asked) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let text = match error.downcast_ref::<Failure>() {
                Some(failure) => failure.to_string(),
                None => format!("错误：程序无法启动。\nerror: {error:#}."),
            };
            let _ = writeln!(std::io::stderr().lock(), "{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: cli::Invocation) -> anyhow::Result<bool> {
    // A server does many things at once; every other command does one, and needs no threads that wait for more.
    let mut runtime = match asked.command {
        Command::Serve => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    // The largest verb needs less than 2 MiB, but not much less in an unoptimised build, and a stack that is too small ends
    // the process. What is not used is not taken.
    let runtime = runtime.thread_stack_size(8 << 20).enable_all().build().context("the machine gives no threads")?;
    let done = runtime.block_on(cli::run(asked));
    // What still runs after the drain had its time.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    Ok(done?)
}
