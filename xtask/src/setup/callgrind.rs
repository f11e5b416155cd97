use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::{Progress, apt_get, cache, output};
use crate::build::cargo;

/// The runner of the gungraun that `Cargo.lock` has: the two must be the same.
const VERSION: &str = "0.20.0";

/// What runs the benchmarks that count instructions: Valgrind, installed by apt-get where it is missing, and ours.
pub fn gungraun_runner() -> Result<PathBuf> {
    if which::which("valgrind").is_err() && !apt_get(&["valgrind"])? {
        bail!("instructions are counted by Valgrind: install it, for example with your package manager");
    }
    let root = cache()?.join(format!("gungraun-runner-{VERSION}"));
    let path = root.join("bin").join(format!("gungraun-runner{}", std::env::consts::EXE_SUFFIX));
    let runs = || output(Command::new(&path).arg("--version")).is_some();
    if !runs() {
        let mut install = cargo();
        install.args(["install", "gungraun-runner", "--version", VERSION, "--locked", "--root"]).arg(&root);
        Progress::run(&mut install, "building gungraun-runner, which is needed once")?;
    }
    if !runs() {
        bail!("gungraun-runner was installed, but {} does not run", path.display());
    }
    Ok(path)
}
