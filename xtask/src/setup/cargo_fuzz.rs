use std::path::PathBuf;

use anyhow::Result;

use cargo_fanout::tools::cargo_install;

/// The version of cargo-fuzz to install.
const VERSION: &str = "0.13.2";

/// Finds cargo-fuzz on PATH, or installs it.
pub fn cargo_fuzz() -> Result<PathBuf> {
    which::which("cargo-fuzz").or_else(|_| cargo_install("cargo-fuzz", VERSION))
}
