use std::path::PathBuf;

use anyhow::Result;

use super::cargo_install;

/// The cargo-fuzz that is installed where none is there.
const VERSION: &str = "0.13.2";

/// A cargo-fuzz: the one on PATH, or else ours, installed where it is missing.
pub fn cargo_fuzz() -> Result<PathBuf> {
    which::which("cargo-fuzz").or_else(|_| cargo_install("cargo-fuzz", VERSION))
}
