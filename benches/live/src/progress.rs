//! Words about what runs: a line that changes on a terminal, and a line for each step in a log.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A step of a measurement. It ends where it is dropped.
pub(crate) struct Step {
    name: String,
    bar: ProgressBar,
}

impl Step {
    /// Begins a step of some turns. `name` says what is being waited for.
    pub(crate) fn start(name: impl Into<String>, turns: usize) -> Self {
        let name = name.into();
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new(turns as u64)
        } else {
            eprintln!("    {name} …");
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("    {spinner} {msg}: {pos} of {len} ({elapsed})");
        bar.set_style(style.expect("the template is valid"));
        bar.set_message(name.clone());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { name, bar }
    }

    /// One turn is over.
    pub(crate) fn turn(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if !self.bar.is_hidden() {
            eprintln!("    {} ({} s)", self.name, self.bar.elapsed().as_secs());
        }
    }
}
