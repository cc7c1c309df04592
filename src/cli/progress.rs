//! What a command is doing, for whoever waits at a terminal; nothing where the output goes to a file or a program.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line that says what is going on.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// On the error output, so that results stay apart.
    pub(super) fn start() -> Self {
        // Hidden by itself where the error output is no terminal.
        let bar = ProgressBar::with_draw_target(Some(2), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} [{bar:20}] {elapsed} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// The next step.
    pub(super) fn step(&self, zh: &str, en: &str) {
        self.0.set_message(format!("{zh} · {en}"));
        self.0.inc(1);
    }

    /// Takes the line away.
    pub(super) fn done(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
