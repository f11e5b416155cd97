//! `cargo xtask bench`: times and sizes, natively and in wasm on Viceroy.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::build::{self, cargo, root, run_command};
use crate::{setup, test};
use cargo_fanout::tools::{self, TARGET};

/// The benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// The time to verify a `Grip-Sig`, and the bytes that ES256 adds to an app
    Sig,
    /// The time to find the endpoint of a path, compared with matchit
    Routing,
    /// The instructions to read and write WebSocket events, compared with grip-control
    Codec,
    /// The time that lists of 200 and of 1,000 endpoints add to `cargo check`
    Check,
    /// Whole apps on Viceroy and Pushpin, beside an app that is written by hand: hostcalls, sizes, requests in a second, the time
    /// to the first event, and one publish to 5,000 clients. The results are in `target/bench`
    Live,
}

/// Runs the named benchmarks, or all, and prints the figures.
pub fn run(benches: &[Bench]) -> Result<()> {
    let benches = if benches.is_empty() { Bench::value_variants() } else { benches };
    for bench in benches {
        match bench {
            Bench::Sig => sig()?,
            Bench::Routing => times("routing")?,
            Bench::Codec => codec()?,
            Bench::Check => check()?,
            Bench::Live => live()?,
        }
    }
    Ok(())
}

fn sig() -> Result<()> {
    times("sig")?;

    let with = size(&build::app(build::EXAMPLE_APP)?)?;
    let without = size(&without_es256()?)?;
    let Some(added) = with.checked_sub(without).filter(|&added| added > 0) else {
        bail!("the app has {with} bytes with ES256 and {without} without: xtask/without-es256 has it, too");
    };
    println!("\n=== the example app as wasm");
    println!("{with:>9} bytes\n{without:>9} bytes without ES256, which adds {added}");
    Ok(())
}

fn live() -> Result<()> {
    let apps: Vec<_> = build::BENCH_APPS.iter().copied().chain([build::EXAMPLE_APP]).collect();
    let mut live = cargo();
    live.args(["run", "--profile", "load", "--package", "live", "--", "--to"])
        .arg(build::target_dir().join("bench"));
    test::set_tools(&mut live, None)?;
    run_command(live.env("FANOUT_APPS", build::apps(&apps)?))
}

fn codec() -> Result<()> {
    let runner = setup::gungraun_runner()?;
    println!("\n=== the codec of WebSocket events, in instructions");
    let bench = ["bench", "--package", "benches", "--bench", "codec"];
    run_command(cargo().args(bench).env("GUNGRAUN_RUNNER", runner))
}

fn check() -> Result<()> {
    println!("\n=== cargo check, by the way of serving the endpoints");
    let test = ["test", "--package", "ui", "--test", "check_time", "--", "--ignored", "--nocapture"];
    run_command(cargo().args(test))
}

/// Runs a benchmark of the crate `fanout` natively and on Viceroy.
fn times(bench: &str) -> Result<()> {
    tools::target()?;
    let runner = build::runner(&tools::viceroy()?, None);
    println!("\n=== {bench}, natively");
    run_command(cargo().args(["bench", "--package", "fanout", "--bench", bench]))?;
    println!("\n=== {bench}, as wasm on Viceroy");
    let mut wasm = cargo();
    wasm.args(["bench", "--package", "fanout", "--bench", bench, "--target", TARGET, "--config", &runner]);
    run_command(&mut wasm)
}

/// Builds the example app on a p256 that has no curve: the same sources, the same versions of everything else.
fn without_es256() -> Result<PathBuf> {
    let folder = root().join("xtask/without-es256");
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    // The lock file names the p256 of the project, which is not the patched one.
    run_command(cargo().args(["update", "--quiet", "--offline", "--package", "p256"]).current_dir(&folder))?;
    let target = folder.join("target");
    let mut build = cargo();
    build.args(["build", "--release", "--target", TARGET, "--target-dir"]).arg(&target).current_dir(&folder);
    run_command(&mut build)?;
    Ok(target.join(TARGET).join("release/without-es256.wasm"))
}

fn size(wasm: &Path) -> Result<u64> {
    Ok(fs::metadata(wasm).with_context(|| format!("{} does not exist", wasm.display()))?.len())
}
