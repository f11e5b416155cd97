use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{Progress, cache, output};
use crate::build::cargo;

/// The cargo-fuzz that is installed where none is there.
const VERSION: &str = "0.13.2";

/// A cargo-fuzz: the one on PATH, or else ours, installed where it is missing.
pub fn cargo_fuzz() -> Result<PathBuf> {
    if let Ok(path) = which::which("cargo-fuzz") {
        return Ok(path);
    }
    let root = cache()?.join(format!("cargo-fuzz-{VERSION}"));
    let path = root.join("bin").join(format!("cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    let runs = || output(Command::new(&path).arg("--version")).is_some();
    if !runs() {
        let mut install = cargo();
        install.args(["install", "cargo-fuzz", "--version", VERSION, "--locked", "--root"]).arg(&root);
        Progress::run(&mut install, "building cargo-fuzz, which is needed once")?;
    }
    if !runs() {
        bail!("cargo-fuzz was installed, but {} does not run", path.display());
    }
    Ok(path)
}
