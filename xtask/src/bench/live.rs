//! `cargo xtask bench live`: builds the apps and the program `live`, which measures.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use crate::build::{self, cargo};
use crate::{setup, test};

/// The parts, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// The hostcalls of each kind of request, and the bytes of the apps
    Counts,
    /// Requests in a second and their processor time, with and without `reuse`
    Requests,
    /// The same for holds of clients that send 0, 20 and 90 headers
    Headers,
    /// The same for apps with 4, 20 and 100 endpoints
    Endpoints,
    /// The same for messages of a WebSocket, of 0 bytes to the most that the proxy takes
    Messages,
    /// The time until a client has its first event: 1, 100 and 1,000 clients
    FirstEvent,
    /// The time until the last of many clients has a published event
    FanOut,
    /// The instructions of `cargo check`, counted by Valgrind
    Compile,
}

impl Part {
    /// The name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().expect("every part has a name").get_name().to_owned()
    }

    /// Returns `true` if the part runs apps.
    fn needs_stack(self) -> bool {
        self != Self::Compile
    }
}

/// The arguments of `cargo xtask bench live`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct Arguments {
    /// The parts to run. Without one, all. The results of other parts are kept
    #[arg(value_enum, value_name = "PART")]
    pub parts: Vec<Part>,
    /// Measure with few turns and at most 500 clients, to see that everything runs. The figures are rough
    #[arg(long)]
    pub quick: bool,
    /// The number of clients of each side in the part `fan-out`
    #[arg(long, value_name = "NUMBER", default_value_t = CLIENTS)]
    pub clients: usize,
    /// The Pushpin to measure, instead of the one on PATH
    #[arg(long, value_name = "PATH")]
    pub pushpin: Option<PathBuf>,
}

const CLIENTS: usize = 5_000;

impl Default for Arguments {
    fn default() -> Self {
        Self { parts: Vec::new(), quick: false, clients: CLIENTS, pushpin: None }
    }
}

impl Arguments {
    pub(super) fn of(part: Part) -> Self {
        Self { parts: vec![part], ..Self::default() }
    }

    /// The parts to run.
    pub fn parts(&self) -> &[Part] {
        if self.parts.is_empty() { Part::value_variants() } else { &self.parts }
    }

    /// The command line that these arguments are read from.
    fn words(&self) -> Vec<OsString> {
        let Self { parts, quick, clients, pushpin } = self;
        let mut words: Vec<OsString> = parts.iter().map(|part| part.name().into()).collect();
        if *quick {
            words.push("--quick".into());
        }
        words.extend(["--clients".into(), clients.to_string().into()]);
        if let Some(path) = pushpin {
            words.extend(["--pushpin".into(), path.into()]);
        }
        words
    }
}

/// Installs missing tools, builds everything, and measures.
pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let mut live = program();
    live.arg("measure").args(arguments.words());
    if arguments.parts().contains(&Part::Compile) {
        setup::valgrind()?;
    }
    if arguments.parts().iter().any(|part| part.needs_stack()) {
        test::set_tools(&mut live, arguments.pushpin.as_deref())?;
        println!("building the apps …");
        live.env("FANOUT_APPS", build::apps(&build::BENCH_APPS)?);
    }
    println!("building the program that measures …");
    replace_by(live)
}

/// Writes the page of the last results.
pub(super) fn page() -> Result<()> {
    let mut live = program();
    live.arg("page");
    replace_by(live)
}

/// The program that measures. It is fast, so that the figures are not its own.
fn program() -> Command {
    let mut live = cargo();
    live.args(["run", "--quiet", "--profile", "load", "--package", "live", "--"]);
    live
}

/// Lets the program take the place of this process, so that Ctrl-C reaches the program alone, and it ends what it started.
fn replace_by(mut program: Command) -> Result<()> {
    Err(program.exec()).context("cargo does not start")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn parsed(words: impl IntoIterator<Item = OsString>) -> Arguments {
        Line::try_parse_from([OsString::from("live")].into_iter().chain(words)).unwrap().arguments
    }

    #[test]
    fn the_program_gets_the_arguments() {
        let all = Arguments {
            parts: vec![Part::FirstEvent, Part::Counts],
            quick: true,
            clients: 7,
            pushpin: Some("a path/pushpin".into()),
        };
        for arguments in [all, Arguments::default(), Arguments::of(Part::Compile)] {
            assert_eq!(parsed(arguments.words()), arguments);
        }
    }

    #[test]
    fn without_a_part_all_run() {
        assert_eq!(parsed([]).parts(), Part::value_variants());
        assert_eq!(parsed(["compile".into()]).parts(), [Part::Compile]);
    }
}
