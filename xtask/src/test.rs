//! `cargo xtask test`: runs all tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::build::{self, cargo, run_command};
use crate::setup;
use crate::{app_size, docs, release, test_wasm};
use cargo_fanout::tools::{self, TARGET};

/// One step of the tests, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Step {
    /// Formatting
    Fmt,
    /// Clippy, on the host and for Compute, of the fuzz targets, and of the library with fewer features
    Clippy,
    /// Unit tests, property tests and the examples in the docs, and the unit tests of the library with fewer features
    Unit,
    /// On Viceroy: the verification of signatures, and the tests of an example that needs Compute
    Wasm,
    /// The docs, and the list of the public API that they show
    Docs,
    /// The library with the oldest compiler that it names, and the packages as cargo would publish them
    Package,
    /// Code that must not compile, with its messages, and code that must compile without warnings
    Ui,
    /// The app on real Viceroy and real Pushpin, with real clients, and its size
    E2e,
    /// A chat room of 100 clients, which takes the whole machine
    Room,
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().expect("every step has a name").get_name().to_owned()
    }
}

/// The features of programs that are not apps on Compute, without the verification of signatures.
const WITHOUT_SIG: [&str; 2] = ["", "publish-http"];

/// The features of `fanout`, as programs and their tests choose them.
const FEATURES: [&str; 6] = [WITHOUT_SIG[0], WITHOUT_SIG[1], "sig", "compute", "routes", "testing"];

/// The test of the step [`Step::Room`]. Another test holds the name, because a filter that fits nothing runs nothing.
pub const ROOM: &str = "a_room_of_100_receives_everything_in_order";

/// The arguments of `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The steps to run. Without one, all
    #[arg(value_enum)]
    steps: Vec<Step>,
    /// The Pushpin for the end-to-end tests, instead of the one on PATH
    #[arg(long, value_name = "PATH")]
    pushpin: Option<PathBuf>,
    /// The names of the tests to run in the steps `unit`, `ui` and `e2e`, and other arguments for the test programs
    #[arg(last = true, value_name = "TEST")]
    tests: Vec<String>,
}

/// Runs the steps, or all, up to the first that fails.
pub fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { steps, pushpin, tests } = arguments;
    let steps = if steps.is_empty() { Step::value_variants() } else { steps };
    if let Some(step) = steps.iter().find(|step| !matches!(step, Step::Unit | Step::Ui | Step::E2e))
        && !tests.is_empty()
    {
        let (name, tests) = (step.name(), tests.join(" "));
        bail!(
            "`{name}` is run as a whole; name a step that has tests, as in `cargo xtask test e2e -- {tests}`"
        );
    }
    let mut passed = Vec::new();
    for &step in steps {
        let name = step.name();
        println!("\n=== {name}");
        let start = Instant::now();
        run_step(step, pushpin.as_deref(), tests).with_context(|| {
            format!("the step `{name}` failed; run it alone with `cargo xtask test {name}`")
        })?;
        let seconds = start.elapsed().as_secs();
        println!("=== {name}: passed in {seconds} s");
        passed.push(format!("{name} ({seconds} s)"));
    }
    println!("\npassed: {}", passed.join(", "));
    Ok(())
}

fn run_step(step: Step, pushpin: Option<&Path>, tests: &[String]) -> Result<()> {
    const DENY: [&str; 3] = ["--", "-D", "warnings"];
    let run_tests = |test: &mut Command| run_command(test.arg("--").args(tests));
    match step {
        Step::Fmt => {
            run_command(cargo().args(["fmt", "--all", "--check"]))?;
            // A workspace of its own.
            run_command(cargo().args(["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"]))
        }
        Step::Clippy => {
            tools::target()?;
            let apps = build::APPS.iter().flat_map(|name| ["--package", name]);
            run_command(
                cargo().args(["clippy", "--workspace", "--all-targets", "--all-features"]).args(DENY),
            )?;
            for features in FEATURES {
                let mut clippy = cargo();
                clippy.args(["clippy", "--package", "fanout", "--lib", "--tests", "--no-default-features"]);
                run_command(clippy.args(["--features", features]).args(DENY))?;
            }
            run_command(cargo().args(["clippy", "--target", TARGET]).args(apps).args(DENY))?;
            run_command(
                cargo().args(["clippy", "--manifest-path", "fuzz/Cargo.toml", "--all-targets"]).args(DENY),
            )
        }
        Step::Unit => {
            let all = ["test", "--workspace", "--exclude", "ui", "--exclude", "e2e", "--all-features"];
            run_tests(cargo().args(all))?;
            for features in WITHOUT_SIG {
                let mut test = cargo();
                test.args(["test", "--package", "fanout", "--lib", "--no-default-features"]);
                run_tests(test.args(["--features", features]))?;
            }
            Ok(())
        }
        Step::Wasm => {
            tools::target()?;
            let viceroy = tools::viceroy()?;
            let runner = build::runner(&viceroy, None);
            let sig = |arguments: &[&str]| {
                let mut test = cargo();
                test.args(["test", "--package", "fanout", "--target", TARGET, "--config", &runner]);
                run_command(test.args(arguments))
            };
            sig(&["--lib", "grip::sig"])?;
            sig(&["--test", "sig"])?;
            test_wasm::run(&test_wasm::Arguments::of("topics"))
        }
        Step::Docs => docs::check(),
        Step::Package => {
            release::msrv(&["fanout"])?;
            release::package()
        }
        Step::Ui => run_tests(cargo().args(["test", "--package", "ui"])),
        Step::E2e => run_tests(&mut end_to_end(pushpin)?),
        Step::Room => run_command(end_to_end(pushpin)?.args(["--", "--ignored", "--nocapture", ROOM])),
    }
}

/// The end-to-end tests, and in their environment what they run with.
fn end_to_end(pushpin: Option<&Path>) -> Result<Command> {
    let mut tests = cargo();
    tests.args(["test", "--package", "e2e"]);
    set_tools(&mut tests, pushpin)?;
    if let Some(browser) = setup::browser()? {
        tests.env("FANOUT_CHROMIUM", browser.chromium).env("FANOUT_CHROMEDRIVER", browser.driver);
    }
    if let Some(cli) = setup::fastly_cli()? {
        tests.env("FANOUT_CLI", cli);
    }
    if let Some(schema) = setup::asyncapi_schema()? {
        tests.env("FANOUT_ASYNCAPI_SCHEMA", schema);
    }
    if let Some(tsc) = setup::tsc()? {
        tests.env("FANOUT_TSC", tsc);
    }
    let apps = build::apps(build::APPS)?;
    app_size::check(&apps)?;
    tests.env("FANOUT_APPS", apps);
    tests.env("FANOUT_CARGO_FANOUT", build::cargo_fanout()?);
    Ok(tests)
}

/// Names the tools of a stack in the environment of a program that starts some.
pub(crate) fn set_tools(program: &mut Command, pushpin: Option<&Path>) -> Result<()> {
    // A wrong path fails before steps that take minutes.
    program.env("FANOUT_PUSHPIN", tools::pushpin(pushpin)?);
    tools::target()?;
    program.env("FANOUT_VICEROY", tools::viceroy()?);
    Ok(())
}
