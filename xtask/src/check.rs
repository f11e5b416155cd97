//! `cargo xtask check`: the first command after a change, and the one that an editor runs.

use anyhow::{Context, Result, bail};

use crate::build::{APPS, cargo};
use cargo_fanout::tools::{self, TARGET};

/// The form of the output.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Print the diagnostics as cargo's JSON, for rust-analyzer
    #[arg(long)]
    json: bool,
}

/// Checks the workspace on the host, and the apps, with the code that only Compute runs, for the wasm target. Runs both,
/// even if the first fails, so that an editor shows the mistakes of both.
pub fn run(arguments: &Arguments) -> Result<()> {
    tools::target()?;
    let apps = APPS.iter().flat_map(|name| ["--package", name]);
    let (mut host, mut wasm) = (cargo(), cargo());
    host.args(["check", "--workspace", "--all-targets"]);
    wasm.args(["check", "--target", TARGET]).args(apps);
    let mut passed = true;
    for mut check in [host, wasm] {
        if arguments.json {
            check.arg("--message-format=json");
        }
        passed &= check.status().context("cargo does not start")?.success();
    }
    if !passed {
        bail!("the check failed; cargo's errors are above");
    }
    Ok(())
}
