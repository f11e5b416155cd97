//! `cargo xtask bench`: times and sizes, natively and in wasm on Viceroy.

pub mod live;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build::{self, cargo, root, run_command};
use crate::setup;
use cargo_fanout::tools::{self, TARGET};

/// The benchmarks.
#[derive(Debug, clap::Subcommand)]
pub enum Bench {
    /// The time to verify a `Grip-Sig`, and the bytes that ES256 adds to an app
    Sig,
    /// The time to find the endpoint of a path, compared with matchit
    Routing,
    /// The instructions to read and write WebSocket events, compared with grip-control
    Codec,
    /// Apps beside one that is written by hand: hostcalls, sizes, requests in a second, the time to the first event, one
    /// publish to 5,000 clients, and the cost of `cargo check`
    Live(live::Arguments),
    /// The part `compile` of `live`: the cost of `cargo check`
    Compile,
    /// Write `benches/results` from the last results of `live`
    Page,
}

/// Runs a benchmark, or all, and prints the figures.
pub fn run(bench: Option<&Bench>) -> Result<()> {
    match bench {
        Some(Bench::Sig) => sig(),
        Some(Bench::Routing) => times("routing"),
        Some(Bench::Codec) => codec(),
        Some(Bench::Live(arguments)) => live::run(arguments),
        Some(Bench::Compile) => live::run(&live::Arguments::of(live::Part::Compile)),
        Some(Bench::Page) => live::page(),
        None => {
            sig()?;
            times("routing")?;
            codec()?;
            live::run(&live::Arguments::default())
        }
    }
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

fn codec() -> Result<()> {
    let runner = setup::gungraun_runner()?;
    println!("\n=== the codec of WebSocket events, in instructions");
    let bench = ["bench", "--package", "benches", "--bench", "codec"];
    run_command(cargo().args(bench).env("GUNGRAUN_RUNNER", runner))
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
