//! Apps as wasm.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use cargo_fanout::tools::TARGET;

/// The folder of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in a folder of the workspace")
}

/// `cargo` as the user runs it, in the folder of the workspace.
pub fn cargo() -> Command {
    let mut cargo = cargo_fanout::cargo();
    cargo.current_dir(root());
    cargo
}

/// A program that finds the nightly compiler and its cargo.
pub fn nightly(program: impl AsRef<OsStr>) -> Command {
    let mut nightly = Command::new("rustup");
    nightly.args(["run", "nightly"]).arg(program).env_remove("CARGO").current_dir(root());
    nightly
}

/// The app of the README.
pub const EXAMPLE_APP: &str = "example-app";

/// The apps that `cargo xtask serve` offers.
pub const EXAMPLES: [&str; 6] = [EXAMPLE_APP, "chat", "departures", "json-rpc", "scores", "topics"];

/// Every app that the end-to-end tests run.
pub const APPS: &[&str] = &[
    EXAMPLE_APP,
    "chat",
    "departures",
    "json-rpc",
    "scores",
    "topics",
    "probe",
    "scenarios",
    "fallback",
    "refusals",
    "deployed",
    "on-compute",
];

/// The `fastly.toml` of one of the [`EXAMPLES`].
pub fn manifest(app: &str) -> PathBuf {
    let folder = if app == EXAMPLE_APP { root().to_owned() } else { root().join("examples").join(app) };
    folder.join("fastly.toml")
}

/// The packages of the apps of the benchmarks.
pub const BENCH_APPS: [&str; 4] = [EXAMPLE_APP, "by-hand", "endpoints", "on-compute"];

/// The folder of the package of one of the [`EXAMPLES`].
pub fn package(app: &str) -> PathBuf {
    if app == EXAMPLE_APP { root().join(app) } else { root().join("examples").join(app) }
}

/// The folder that cargo is told to build in, whatever the user's own configuration of cargo says.
pub fn target_dir() -> PathBuf {
    root().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Builds an app and returns the wasm.
pub fn app(name: &str) -> Result<PathBuf> {
    Ok(apps(&[name])?.join(name).with_extension("wasm"))
}

/// Builds apps, each a package of that name, and returns the folder of the wasm files.
pub fn apps(names: &[&str]) -> Result<PathBuf> {
    let target = target_dir();
    let status = cargo()
        .args(["build", "--release", "--target", TARGET, "--target-dir"])
        .arg(&target)
        .args(names.iter().flat_map(|name| ["--package", name]))
        .status()
        .context("cargo does not start")?;
    if !status.success() {
        bail!("the app does not build; cargo's errors are above");
    }
    Ok(target.join(TARGET).join("release"))
}

/// Builds `cargo fanout` and returns the program.
pub fn cargo_fanout() -> Result<PathBuf> {
    let target = target_dir();
    run_command(cargo().args(["build", "--package", "cargo-fanout", "--target-dir"]).arg(&target))?;
    Ok(target.join("debug/cargo-fanout").with_extension(env::consts::EXE_EXTENSION))
}

/// The setting for cargo's `--config` that lets Viceroy run what is built for Compute: tests and benchmarks. The manifest
/// says which stores and backends they have.
pub fn runner(viceroy: &Path, manifest: Option<&Path>) -> String {
    let manifest = manifest.map(|manifest| format!(", \"--config\", {manifest:?}")).unwrap_or_default();
    format!("target.{TARGET}.runner = [{viceroy:?}, \"run\"{manifest}]")
}

/// Prints a command, and runs it.
pub(crate) fn run_command(command: &mut Command) -> Result<()> {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words: Vec<_> = [program].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    let line = words.join(" ");
    println!("> {line}");
    let status = command.status().with_context(|| format!("{line} does not start"))?;
    if !status.success() {
        bail!("{line} failed ({status})");
    }
    Ok(())
}
