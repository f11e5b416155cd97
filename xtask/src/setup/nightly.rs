use std::process::Command;

use anyhow::{Result, bail};

use crate::build::nightly as on_nightly;
use cargo_fanout::tools::{Progress, Shows, output};

/// Installs a nightly compiler if there is none. libFuzzer's instrumentation needs it.
pub fn nightly() -> Result<()> {
    if which::which("rustup").is_err() {
        bail!(
            "a nightly compiler is needed, and rustup, which installs one, is not there: \
             https://rust-lang.github.io/rustup/installation/"
        );
    }
    if output(on_nightly("rustc").arg("--version")).is_some() {
        return Ok(());
    }
    let added = Progress::run(
        Command::new("rustup").args(["toolchain", "install", "nightly", "--profile", "minimal"]),
        "installing a nightly compiler with rustup",
        Shows::Bar,
    );
    if let Err(error) = added {
        bail!(
            "{error:#}\na nightly compiler is needed; try this, then this command again:\n    \
             rustup toolchain install nightly --profile minimal"
        );
    }
    Ok(())
}
