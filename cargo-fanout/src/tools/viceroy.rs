use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{Progress, alone, cache, output};
use crate::cargo;

/// The version of Viceroy to install.
pub(crate) const VERSION: &str = "0.22.0";

/// Finds Viceroy on PATH if its version fits, or installs it.
pub fn viceroy() -> Result<PathBuf> {
    if let Ok(path) = which::which("viceroy") {
        match version(&path) {
            Some(found) if fits(&found) => return Ok(path),
            found => eprintln!(
                "the viceroy on PATH is {}, and {VERSION} is needed: using an installed copy",
                found.unwrap_or_else(|| "of no known version".into())
            ),
        }
    }
    let root = cache()?.join(format!("viceroy-{VERSION}"));
    let path = root.join("bin").join(format!("viceroy{}", std::env::consts::EXE_SUFFIX));
    let is_there = || version(&path).is_some_and(|found| fits(&found));
    if is_there() {
        return Ok(path);
    }

    let _alone = alone()?;
    if !is_there() {
        install(&root)?;
    }
    if !is_there() {
        bail!("Viceroy was installed, but {} does not run", path.display());
    }
    Ok(path)
}

/// The Viceroy on PATH if its version fits, or else the one that was installed, or else the one on PATH.
pub(crate) fn installed() -> Result<Option<PathBuf>> {
    let on_path = which::which("viceroy").ok();
    let here = cache()?.join(format!("viceroy-{VERSION}/bin/viceroy{}", std::env::consts::EXE_SUFFIX));
    let does_fit = |path: &&PathBuf| version(path).is_some_and(|found| fits(&found));
    let found = on_path.iter().chain([&here]).find(does_fit).cloned();
    Ok(found.or(on_path))
}

fn install(root: &Path) -> Result<()> {
    if which::which("cargo-binstall").is_ok() {
        let mut binstall = cargo();
        binstall.args(["binstall", "--no-confirm", "--root"]).arg(root).arg(format!("viceroy@{VERSION}"));
        if Progress::run(&mut binstall, "fetching Viceroy with cargo binstall").is_ok() {
            return Ok(());
        }
    }
    // Optimised a little, because Viceroy compiles the app at each start.
    let target = root.join("target");
    let built = Progress::run(
        cargo()
            .args(["install", "viceroy", "--version", VERSION, "--locked", "--force", "--root"])
            .arg(root)
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .env("CARGO_PROFILE_RELEASE_LTO", "false"),
        "building Viceroy, which is needed once and takes some minutes",
    );
    if let Err(error) = built {
        bail!(
            "{error:#}\nthe app runs on Viceroy; fix that, or put {VERSION} or newer on your PATH: \
             https://github.com/fastly/Viceroy"
        );
    }
    // The build folder is large, and not needed again.
    let _ = fs::remove_dir_all(target);
    Ok(())
}

/// The version of a Viceroy, if it runs.
pub(crate) fn version(path: &Path) -> Option<String> {
    let line = output(Command::new(path).arg("--version"))?;
    Some(line.split_whitespace().last()?.trim_start_matches('v').to_owned())
}

/// 0.22 and later 0.x: those that know `--local-pushpin-proxy-port`.
pub(crate) fn fits(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(0)), Some(Ok(minor))) => minor >= 22,
        (Some(Ok(_)), Some(Ok(_))) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn later_versions_fit() {
        assert!(fits("0.22.0") && fits("0.23.1") && fits("1.0.0"));
        assert!(!fits("0.14.3") && !fits("unknown") && !fits(""));
    }
}
