use std::path::PathBuf;

use anyhow::{Result, bail};

use cargo_fanout::tools::{apt_get, cargo_install};

/// The version of the runner, which must be that of gungraun in `Cargo.lock`.
const VERSION: &str = "0.20.0";

/// Finds Valgrind, or installs it with apt-get, and installs the runner of the benchmarks that count instructions.
pub fn gungraun_runner() -> Result<PathBuf> {
    valgrind()?;
    cargo_install("gungraun-runner", VERSION)
}

/// Finds Valgrind, or installs it with apt-get.
pub fn valgrind() -> Result<()> {
    if which::which("valgrind").is_err() && !apt_get(&["valgrind"])? {
        bail!("instructions are counted by Valgrind: install it, for example with your package manager");
    }
    Ok(())
}
