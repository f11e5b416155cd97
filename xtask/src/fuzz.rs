//! `cargo xtask fuzz`: runs each fuzz target for some time.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::build::{nightly, root};
use crate::setup;

/// The arguments of `cargo xtask fuzz`.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The targets in `fuzz/fuzz_targets` to run. Without one, all
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// The seconds that each target runs
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
}

/// The time limit of one input in seconds. A slower input counts as a crash.
const SLOW: u32 = 10;

/// Installs missing tools, runs the targets one after the other, each up to its first crash, and prints the results.
/// Fails if a target crashed.
pub fn run(arguments: &Arguments) -> Result<()> {
    setup::nightly()?;
    let cargo_fuzz = setup::cargo_fuzz()?;
    let folder = root().join("fuzz");

    let list =
        nightly(&cargo_fuzz).arg("list").current_dir(&folder).output().context("rustup does not start")?;
    if !list.status.success() {
        bail!("cargo-fuzz does not list the targets: {}", String::from_utf8_lossy(&list.stderr).trim());
    }
    let all = String::from_utf8(list.stdout)?;
    let all: Vec<_> = all.lines().collect();
    if let Some(unknown) = arguments.targets.iter().find(|target| !all.contains(&target.as_str())) {
        bail!("there is no fuzz target `{unknown}`; there are {}", all.join(", "));
    }
    let targets = if arguments.targets.is_empty() {
        all
    } else {
        arguments.targets.iter().map(String::as_str).collect()
    };

    let mut outcomes = Vec::new();
    for target in targets {
        println!("\n=== {target}");
        // A separate build, so that a compile error is no crash and takes none of the time.
        let built = nightly(&cargo_fuzz).args(["build", target]).current_dir(&folder).status()?;
        if !built.success() {
            bail!("the fuzz target `{target}` does not build; cargo's errors are above");
        }
        outcomes.push(fuzz(&cargo_fuzz, &folder, target, arguments.seconds)?);
    }

    println!("\n{}", table(&outcomes));
    let crashes: Vec<_> = outcomes.iter().filter(|outcome| outcome.crash.is_some()).collect();
    for Outcome { target, crash, .. } in &crashes {
        if let Some(input) = crash.as_ref().and_then(|crash| crash.input.as_ref()) {
            println!(
                "\n{target}: the input is in {}; this replays it:\n    cd {} && rustup run nightly {} run {target} {}",
                input.display(),
                folder.display(),
                cargo_fuzz.display(),
                input.display(),
            );
        }
    }
    if !crashes.is_empty() {
        let names: Vec<_> = crashes.iter().map(|outcome| &*outcome.target).collect();
        bail!("the fuzzer crashed {}", names.join(" and "));
    }
    Ok(())
}

/// The result of a target.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    target: String,
    /// The number of inputs.
    executions: Option<u64>,
    crash: Option<Crash>,
}

/// The crash that ended a target.
#[derive(Debug, Default, PartialEq, Eq)]
struct Crash {
    /// The input that crashed the target, if libFuzzer wrote it to a file.
    input: Option<PathBuf>,
}

/// Runs a target on the seeds in the repository and on its corpus, which grows with each run.
fn fuzz(cargo_fuzz: &Path, folder: &Path, target: &str, seconds: u32) -> Result<Outcome> {
    let corpus = folder.join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let mut command = nightly(cargo_fuzz);
    command.args(["run", target]).arg(corpus).current_dir(folder);
    // libFuzzer writes to the first folder.
    let seeds = folder.join("seeds").join(target);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    command.arg("--").arg(format!("-max_total_time={seconds}")).arg(format!("-timeout={SLOW}"));
    command.arg("-print_final_stats=1").stderr(Stdio::piped());

    let mut child = command.spawn().context("rustup does not start")?;
    let mut outcome = Outcome { target: target.into(), ..Outcome::default() };
    for line in BufReader::new(child.stderr.take().context("it has no output")?).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        eprintln!("{line}");
        read(&line, &mut outcome);
    }
    let status = child.wait()?;
    if !status.success() {
        outcome.crash.get_or_insert_default();
    }
    Ok(outcome)
}

/// Reads a line of libFuzzer's output into the outcome.
fn read(line: &str, outcome: &mut Outcome) {
    if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
        outcome.executions = number.trim().parse().ok();
    } else if let Some((_, path)) = line.split_once("Test unit written to ") {
        // A slow input is written to a file too, but does not end the run.
        if !line.contains("slow-unit-") {
            outcome.crash = Some(Crash { input: Some(path.trim().into()) });
        }
    }
}

fn table(outcomes: &[Outcome]) -> String {
    let width = outcomes.iter().map(|outcome| outcome.target.len()).max().unwrap_or(0).max("target".len());
    let mut lines = vec![format!("{:width$}  {:>12}  {:>7}", "target", "executions", "crashes")];
    for Outcome { target, executions, crash } in outcomes {
        let executions = executions.map_or_else(|| "unknown".into(), |count| count.to_string());
        lines.push(format!("{target:width$}  {executions:>12}  {:>7}", u8::from(crash.is_some())));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(lines: &[&str]) -> Outcome {
        let mut outcome = Outcome::default();
        for line in lines {
            read(line, &mut outcome);
        }
        outcome
    }

    #[test]
    fn the_last_lines_of_a_run_say_how_many_inputs_there_were() {
        let lines = ["Done 48347 runs in 4 second(s)", "stat::number_of_executed_units: 48347"];
        assert_eq!(outcome(&lines), Outcome { executions: Some(48347), ..Outcome::default() });
    }

    #[test]
    fn an_input_that_crashed_is_named() {
        let written =
            "artifact_prefix='/f/artifacts/token/'; Test unit written to /f/artifacts/token/crash-0a";
        let crash = outcome(&[written]).crash.unwrap();
        assert_eq!(crash.input.unwrap(), Path::new("/f/artifacts/token/crash-0a"));
        let slow =
            "artifact_prefix='/f/artifacts/token/'; Test unit written to /f/artifacts/token/slow-unit-0a";
        assert_eq!(outcome(&[slow]).crash, None);
    }

    #[test]
    fn a_line_for_each_target() {
        let crashed = Outcome { target: "b".into(), executions: None, crash: Some(Crash::default()) };
        let passed = Outcome { target: "a".into(), executions: Some(48347), crash: None };
        assert_eq!(
            table(&[passed, crashed]),
            "target    executions  crashes\na              48347        0\nb            unknown        1"
        );
    }
}
