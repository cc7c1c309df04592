//! The taizhang binary.

use std::process::ExitCode;

use taizhang::documents::sandbox;

fn main() -> ExitCode {
    // A child that reads a stranger's file does nothing else.
    if let Some(code) = sandbox::child() {
        return code;
    }
    ExitCode::SUCCESS
}
