//! The tools that `cargo xtask test` found on this machine, and names in the environment.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Result, bail};

/// The path in an environment variable. If the variable is not set, the test is skipped with a line in the output, but
/// only on a machine that lacks `needs` too. If the program is there, a test that does not run is a failure.
pub fn tool(variable: &str, needs: &str) -> Result<Option<PathBuf>> {
    if let Some(path) = env::var_os(variable) {
        return Ok(Some(path.into()));
    }
    let paths = env::var_os("PATH").unwrap_or_default();
    if env::split_paths(&paths).any(|folder| folder.join(needs).is_file()) {
        bail!("{variable} is not set, but {needs} is installed: run `cargo xtask test`, which sets it");
    }
    skip(&format!("there is no {needs} on this machine"));
    Ok(None)
}

/// Prints that a test, which passes, was skipped.
pub fn skip(why: &str) {
    let thread = std::thread::current();
    // Not `eprintln`, which a passing test keeps to itself.
    let _ = writeln!(std::io::stderr(), "{} is skipped: {why}", thread.name().unwrap_or("a test"));
}
