//! `cargo xtask test`: everything that must hold.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::build::{self, cargo, run_command};
use crate::setup::{self, TARGET};

/// One step of the tests, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// Formatting
    Fmt,
    /// Clippy, on the host and for Compute
    Clippy,
    /// Unit tests, property tests and the examples in the docs
    Unit,
    /// What verifies signatures, compiled to wasm, on Viceroy
    Wasm,
    /// The docs build
    Docs,
    /// What cannot be written with the attributes, and what must compile in silence
    Ui,
    /// The app on real Viceroy and real Pushpin, with real clients
    E2e,
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().expect("every step has a name").get_name().to_owned()
    }
}

/// Runs the steps, or all of them, up to the first that fails.
pub fn run(steps: &[Step], pushpin: Option<&Path>) -> Result<()> {
    let steps = if steps.is_empty() { Step::value_variants() } else { steps };
    let mut passed = Vec::new();
    for &step in steps {
        let name = step.name();
        println!("\n=== {name}");
        let start = Instant::now();
        run_step(step, pushpin).with_context(|| {
            format!("the step `{name}` failed; run it alone with `cargo xtask test {name}`")
        })?;
        println!("=== {name}: passed in {} s", start.elapsed().as_secs());
        passed.push(name);
    }
    println!("\npassed: {}", passed.join(", "));
    Ok(())
}

fn run_step(step: Step, pushpin: Option<&Path>) -> Result<()> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    match step {
        Step::Fmt => run_command(cargo().args(["fmt", "--all", "--check"])),
        Step::Clippy => {
            setup::target()?;
            let apps = build::APPS.iter().flat_map(|name| ["--package", name]);
            run_command(cargo().args(["clippy", "--workspace", "--all-targets"]).args(DENY))?;
            run_command(cargo().args(["clippy", "--target", TARGET]).args(apps).args(DENY))
        }
        Step::Unit => {
            run_command(cargo().args(["test", "--workspace", "--exclude", "ui", "--exclude", "e2e"]))
        }
        Step::Wasm => {
            setup::target()?;
            let runner = build::runner(&setup::viceroy()?);
            let sig = |arguments: &[&str]| {
                let mut test = cargo();
                test.args(["test", "--package", "fanout", "--target", TARGET, "--config", &runner]);
                run_command(test.args(arguments))
            };
            sig(&["--lib", "grip::sig"])?;
            sig(&["--test", "sig"])
        }
        Step::Docs => {
            let mut doc = cargo();
            doc.args([
                "doc",
                "--no-deps",
                "--all-features",
                "--package",
                "fanout",
                "--package",
                "fanout-macros",
            ]);
            run_command(doc.env("RUSTDOCFLAGS", "-D warnings"))
        }
        Step::Ui => run_command(cargo().args(["test", "--package", "ui"])),
        Step::E2e => end_to_end(pushpin),
    }
}

fn end_to_end(pushpin: Option<&Path>) -> Result<()> {
    setup::target()?;
    let mut tests = cargo();
    tests.args(["test", "--package", "e2e"]);
    tests.env("FANOUT_VICEROY", setup::viceroy()?).env("FANOUT_PUSHPIN", setup::pushpin(pushpin)?);
    if let Some(browser) = setup::browser()? {
        tests.env("FANOUT_CHROMIUM", browser.chromium).env("FANOUT_CHROMEDRIVER", browser.driver);
    }
    if let Some(cli) = setup::fastly_cli()? {
        tests.env("FANOUT_CLI", cli);
    }
    run_command(tests.env("FANOUT_APPS", build::apps(build::APPS)?))
}
