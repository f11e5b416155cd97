use std::path::PathBuf;

use anyhow::Result;

use cargo_fanout::tools::cargo_install;

/// Finds cargo-deny on PATH, or installs it.
pub fn cargo_deny() -> Result<PathBuf> {
    which::which("cargo-deny").or_else(|_| cargo_install("cargo-deny", "0.20.2"))
}

/// Finds cargo-fuzz on PATH, or installs it.
pub fn cargo_fuzz() -> Result<PathBuf> {
    which::which("cargo-fuzz").or_else(|_| cargo_install("cargo-fuzz", "0.13.2"))
}

/// Finds cargo-semver-checks on PATH, or installs it.
pub fn cargo_semver_checks() -> Result<PathBuf> {
    which::which("cargo-semver-checks").or_else(|_| cargo_install("cargo-semver-checks", "0.51.0"))
}
