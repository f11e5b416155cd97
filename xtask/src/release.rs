//! `cargo xtask release`: the checks before a release. It publishes nothing.

use std::process::Command;

use anyhow::{Context, Result};
use cargo_fanout::tools::{Progress, Shows, output};
use cargo_metadata::{Metadata, MetadataCommand};
use clap::ValueEnum;

use crate::build::{cargo, root, run_command, target_dir};
use crate::setup;

/// The packages of a release, each after those that it depends on.
const PACKAGES: [&str; 3] = ["fanout-macros", "fanout", "cargo-fanout"];

/// One check, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// Each package compiles with the oldest compiler that it names
    Msrv,
    /// Each package is complete: cargo would publish it
    Package,
    /// The licences and the sources of all dependencies, and the advisories about them if their database can be reached
    Deny,
    /// No change since the last tag breaks a user of the library, unless the version says so
    Semver,
}

/// Runs the named checks, or all, up to the first that fails.
pub fn run(checks: &[Check]) -> Result<()> {
    let checks = if checks.is_empty() { Check::value_variants() } else { checks };
    for check in checks {
        match check {
            Check::Msrv => msrv(&PACKAGES)?,
            Check::Package => package()?,
            Check::Deny => deny()?,
            Check::Semver => semver()?,
        }
    }
    Ok(())
}

/// Compiles packages, with all features, with the compilers that their `rust-version` names.
pub fn msrv(packages: &[&str]) -> Result<()> {
    let metadata = metadata()?;
    for name in packages {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == *name);
        let package = package.with_context(|| format!("`{name}` is no package of this workspace"))?;
        let oldest = package.rust_version.as_ref().with_context(|| format!("{name} has no rust-version"))?;
        let toolchain = format!("{}.{}", oldest.major, oldest.minor);
        if !toolchain_is_there(&toolchain) {
            println!("SKIPPED: {name} with Rust {toolchain}, which rustup cannot install");
            continue;
        }
        let mut check = Command::new("rustup");
        check.args(["run", &toolchain, "cargo"]).current_dir(root());
        // The compiler and its cargo come from the toolchain, not from the one that runs this program.
        check.env_remove("CARGO").env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
        check.args(["check", "--all-features", "--package", name, "--target-dir"]);
        run_command(check.arg(target_dir().join("msrv")))?;
    }
    Ok(())
}

/// Builds each package as cargo would upload it, from its packed files alone.
pub fn package() -> Result<()> {
    let mut publish = cargo();
    // A change that is not yet committed is checked too.
    publish.args(["publish", "--dry-run", "--allow-dirty"]);
    publish.args(PACKAGES.iter().flat_map(|name| ["--package", name]));
    run_command(publish.arg("--target-dir").arg(target_dir().join("package-check")))
}

fn deny() -> Result<()> {
    let program = setup::cargo_deny()?;
    let deny = |arguments: &[&str]| {
        let mut deny = Command::new(&program);
        deny.current_dir(root()).args(["--workspace", "--all-features"]).args(arguments);
        deny
    };
    run_command(&mut deny(&["check", "bans", "licenses", "sources"]))?;
    if output(&mut deny(&["fetch", "db"])).is_none() {
        println!("SKIPPED: the advisories, because their database cannot be reached");
        return Ok(());
    }
    run_command(&mut deny(&["check", "advisories"]))
}

fn semver() -> Result<()> {
    let mut git = Command::new("git");
    git.current_dir(root()).args(["tag", "--list", "v*", "--sort=-version:refname", "--merged"]);
    let tags = output(&mut git).context("git does not list the tags")?;
    let Some(last) = tags.lines().next() else {
        println!("SKIPPED: the comparison with the last release, because there is no tag `v…`");
        return Ok(());
    };
    let mut compare = Command::new(setup::cargo_semver_checks()?);
    compare.current_dir(root()).args(["semver-checks", "--all-features", "--baseline-rev", last]);
    run_command(compare.args(["--package", "fanout"]))
}

fn metadata() -> Result<Metadata> {
    Ok(MetadataCommand::new().current_dir(root()).no_deps().exec()?)
}

/// Finds a toolchain, or installs it with rustup.
fn toolchain_is_there(toolchain: &str) -> bool {
    let runs = || output(Command::new("rustup").args(["run", toolchain, "rustc", "--version"])).is_some();
    runs()
        || Progress::run(
            Command::new("rustup").args(["toolchain", "install", toolchain, "--profile", "minimal"]),
            &format!("installing Rust {toolchain} with rustup"),
            Shows::Bar,
        )
        .is_ok()
            && runs()
}
