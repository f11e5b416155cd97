use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use cargo_fanout::tools::{Progress, Shows, alone, cache, output};

/// The major version of the Fastly CLI that the tests are written for.
const MAJOR: &str = "16";

/// Installs the Fastly CLI with npm in a folder of its own, if it is missing. Without npm there is none, and its tests
/// are skipped.
pub fn fastly_cli() -> Result<Option<PathBuf>> {
    let folder = cache()?.join(format!("fastly-cli-{MAJOR}"));
    let path = folder.join("node_modules/.bin/fastly");
    let runs = || {
        output(Command::new(&path).arg("version")).is_some_and(|line| line.contains(&format!("v{MAJOR}.")))
    };
    if runs() {
        return Ok(Some(path));
    }
    let Ok(npm) = which::which("npm") else {
        eprintln!("no npm: install it to run the tests of the Fastly CLI too");
        return Ok(None);
    };
    let _alone = alone()?;
    if runs() {
        return Ok(Some(path));
    }
    let mut install = Command::new(npm);
    install
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(&folder)
        .arg(format!("@fastly/cli@{MAJOR}"));
    Progress::run(&mut install, "installing the Fastly CLI with npm", Shows::Bar)?;
    if !runs() {
        bail!("the Fastly CLI was installed, but {} does not run", path.display());
    }
    Ok(Some(path))
}
