use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{apt_get, cargo_install};

/// The runner of the gungraun that `Cargo.lock` has: the two must be the same.
const VERSION: &str = "0.20.0";

/// What runs the benchmarks that count instructions: Valgrind, installed by apt-get where it is missing, and ours.
pub fn gungraun_runner() -> Result<PathBuf> {
    if which::which("valgrind").is_err() && !apt_get(&["valgrind"])? {
        bail!("instructions are counted by Valgrind: install it, for example with your package manager");
    }
    cargo_install("gungraun-runner", VERSION)
}
