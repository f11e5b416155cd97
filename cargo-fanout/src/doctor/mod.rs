//! `cargo fanout doctor`: what is missing on this machine, or wrong in a `fastly.toml`, and what mends it. It changes nothing.

mod machine;
mod manifest;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;

use crate::stack::Ports;
use machine::Machine;

/// The arguments of `cargo fanout doctor`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The app's `fastly.toml`
    #[arg(long, value_name = "PATH", default_value = "fastly.toml")]
    manifest: PathBuf,
    #[command(flatten)]
    ports: Ports,
    /// The Pushpin to look at instead of the one on PATH
    #[arg(long, value_name = "PATH")]
    pushpin: Option<PathBuf>,
}

/// Looks at the machine and at the manifest, and prints each line with what mends it. Returns `false` if something is wrong.
pub fn run(arguments: &Arguments) -> Result<bool> {
    let mut lines = Machine::look(arguments.ports, arguments.pushpin.as_deref()).diagnose();
    lines.extend(manifest::diagnose(&arguments.manifest, arguments.ports));
    print!("{}", report(&lines));
    Ok(lines.iter().all(|line| line.state != State::Wrong))
}

/// The state of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Good,
    /// Something that some apps or some commands need.
    Warning,
    Wrong,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    state: State,
    text: String,
    /// The command or the lines that mend it, with a sentence before them.
    remedy: Option<Remedy>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Remedy {
    sentence: String,
    /// One command or one line of a file each.
    lines: Vec<String>,
}

impl Line {
    fn good(text: impl Into<String>) -> Self {
        Self { state: State::Good, text: text.into(), remedy: None }
    }

    fn warning(text: impl Into<String>, sentence: &str, lines: &[&str]) -> Self {
        Self { state: State::Warning, ..Self::wrong(text, sentence, lines) }
    }

    fn wrong(text: impl Into<String>, sentence: &str, lines: &[&str]) -> Self {
        let lines = lines.iter().map(|&line| line.to_owned()).collect();
        Self {
            state: State::Wrong,
            text: text.into(),
            remedy: Some(Remedy { sentence: sentence.to_owned(), lines }),
        }
    }
}

fn report(lines: &[Line]) -> String {
    let mut text = String::new();
    for Line { state, text: said, remedy } in lines {
        let mark = match state {
            State::Good => "ok     ",
            State::Warning => "warning",
            State::Wrong => "WRONG  ",
        };
        let _ = writeln!(text, "{mark}  {said}");
        if let Some(Remedy { sentence, lines }) = remedy {
            let _ = writeln!(text, "         {sentence}\n");
            for line in lines {
                let _ = writeln!(text, "{}", format!("             {line}").trim_end());
            }
            text.push('\n');
        }
    }
    let count = |wanted| lines.iter().filter(|line| line.state == wanted).count();
    let (wrong, warnings) = (count(State::Wrong), count(State::Warning));
    let _ = match (wrong, warnings) {
        (0, 0) => writeln!(text, "\nNothing is wrong."),
        (0, warnings) => writeln!(text, "\nNothing is wrong. Warnings: {warnings}."),
        (wrong, warnings) => writeln!(text, "\nWrong: {wrong}. Warnings: {warnings}."),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_has_each_line_and_what_mends_it() {
        let lines = [
            Line::good("the target"),
            Line::warning("no CLI", "install it:", &["npm install"]),
            Line::wrong("no backend `self`", "add these lines:", &["[a.self]", "", "url = 1"]),
        ];
        assert_eq!(
            report(&lines),
            "ok       the target\nwarning  no CLI\n         install it:\n\n             npm install\n\n\
             WRONG    no backend `self`\n         add these lines:\n\n             [a.self]\n\n             url = 1\n\n\
             \nWrong: 1. Warnings: 1.\n"
        );
        assert!(report(&lines[..1]).ends_with("\nNothing is wrong.\n"));
        assert!(report(&lines[..2]).ends_with("\nNothing is wrong. Warnings: 1.\n"));
    }
}
