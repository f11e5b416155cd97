use std::fmt::Write as _;
use std::time::Duration;

use super::proxy::Clock;

/// What happened in a test, for the message of a failure.
#[derive(Debug, Default)]
pub(super) struct Story {
    lines: Vec<Line>,
    /// True after a message has told it.
    pub(super) is_told: bool,
}

#[derive(Debug)]
struct Line {
    at: Clock,
    who: String,
    what: String,
}

impl Story {
    /// Adds a line, or several.
    pub(super) fn add(&mut self, at: Clock, who: impl Into<String>, what: impl AsRef<str>) {
        let who = who.into();
        for what in what.as_ref().lines() {
            self.lines.push(Line { at, who: who.clone(), what: what.to_owned() });
        }
    }

    /// The story as text, one line for each step. Empty if nothing happened.
    pub(super) fn text(&self) -> String {
        let width = self.lines.iter().map(|line| line.who.len()).max().unwrap_or_default();
        if self.lines.is_empty() {
            return String::new();
        }
        let mut text = String::from("what happened:\n");
        for Line { at, who, what } in &self.lines {
            let at = seconds(at.elapsed());
            writeln!(text, "{at:>9}  {who:<width$}  {what}").expect("a string takes everything");
        }
        text
    }
}

/// A time in seconds, for people.
pub(super) fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        format!("{:.3} s", time.as_secs_f64())
    }
}

/// Bytes as a short quoted text.
pub(super) fn quoted(bytes: &[u8]) -> String {
    const LONGEST: usize = 200;
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]);
    if bytes.len() > LONGEST { format!("{start:?}… ({} bytes)", bytes.len()) } else { format!("{start:?}") }
}
