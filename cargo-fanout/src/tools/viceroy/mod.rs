//! Viceroy: found, fetched, or built.

mod release;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use etcetera::BaseStrategy as _;

use super::{Progress, Shows, alone, cache_path, output};
use crate::{cargo, interrupt};
use release::Release;

/// The version of Viceroy to install.
pub(crate) const VERSION: &str = "0.22.0";

/// The crates that compile the app when Viceroy starts, in which it spends nearly all of that time.
const COMPILER: [&str; 11] = [
    "cranelift-assembler-x64",
    "cranelift-bforest",
    "cranelift-bitset",
    "cranelift-codegen",
    "cranelift-control",
    "cranelift-entity",
    "cranelift-frontend",
    "regalloc2",
    "wasmparser",
    "wasmtime-environ",
    "wasmtime-internal-cranelift",
];

/// Finds a Viceroy of a version that fits, on PATH or where the Fastly CLI keeps it, or installs one: the release for
/// this platform, or else a build from source. Each way that fails says so in a line.
pub fn viceroy() -> Result<PathBuf> {
    viceroy_as(Shows::Bar)
}

/// As [`viceroy`], with the progress of an installation in this form.
pub fn viceroy_as(shows: Shows) -> Result<PathBuf> {
    let root = root()?;
    let own = root.join("bin").join(program());
    let found = which::which("viceroy")
        .ok()
        .filter(|path| is_fit(path, "the viceroy on PATH"))
        .or_else(|| of_the_cli().filter(|path| is_fit(path, "the Fastly CLI's viceroy")))
        .or_else(|| does_fit(&own).then(|| own.clone()));
    if let Some(found) = found {
        return Ok(found);
    }

    let _alone = alone()?;
    if does_fit(&own) {
        return Ok(own);
    }
    install(&root, &own, shows)?;
    interrupt::check()?;
    if version(&own).is_none() {
        bail!("Viceroy was installed, but {} does not run", own.display());
    }
    Ok(own)
}

/// The first Viceroy whose version fits, where [`viceroy`] looks, or else the one on PATH. Installs nothing, and makes no
/// folder.
pub(crate) fn installed() -> Option<PathBuf> {
    let on_path = which::which("viceroy").ok();
    // A user without a home has none of our own.
    let own = root().ok().map(|root| root.join("bin").join(program()));
    let found = on_path.clone().into_iter().chain(of_the_cli()).chain(own).find(|path| does_fit(path));
    found.or(on_path)
}

fn install(root: &Path, own: &Path, shows: Shows) -> Result<()> {
    let fetched =
        Release::of_this_platform(VERSION, mirror().as_deref()).and_then(|release| release.install(own));
    match fetched {
        Ok(()) => return Ok(()),
        Err(error) if interrupt::is_cause(&error) => return Err(error),
        Err(error) => eprintln!("Viceroy's release cannot be used: {error:#}"),
    }
    interrupt::check()?;
    if which::which("cargo-binstall").is_ok() {
        let mut binstall = cargo();
        // Only the files that Viceroy publishes: not those of others, and no build.
        binstall
            .args(["binstall", "--no-confirm", "--strategies", "crate-meta-data", "--root"])
            .arg(root)
            .arg(format!("viceroy@{VERSION}"));
        match Progress::run(&mut binstall, "fetching Viceroy with cargo binstall", shows) {
            Ok(()) if does_fit(own) => return Ok(()),
            Err(error) if interrupt::is_cause(&error) => return Err(error),
            Ok(()) | Err(_) => interrupt::check()?,
        }
    }
    build(root, shows)
}

/// Builds Viceroy from source. Optimises only the crates that compile the app: the others would take most of the time of
/// the build, and save nothing that a developer notices.
fn build(root: &Path, shows: Shows) -> Result<()> {
    let target = root.join("target");
    let mut install = cargo();
    install.args(["install", "viceroy", "--version", VERSION, "--locked", "--force", "--root"]).arg(root);
    for name in COMPILER {
        install.args(["--config", &format!("profile.release.package.{name}.opt-level=1")]);
    }
    let built = Progress::run(
        install
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_STRIP", "true"),
        "building Viceroy, which is needed once and takes some minutes",
        shows,
    );
    if let Err(error) = built {
        if interrupt::is_cause(&error) {
            return Err(error);
        }
        bail!(
            "{error:#}\nthe app runs on Viceroy; fix that, or put {VERSION} or newer on your PATH: \
             https://github.com/fastly/Viceroy"
        );
    }
    // The build folder is large, and not needed again.
    let _ = fs::remove_dir_all(target);
    Ok(())
}

/// The address that replaces that of Viceroy's releases.
fn mirror() -> Option<String> {
    env::var("FANOUT_VICEROY_MIRROR").ok().filter(|mirror| !mirror.is_empty())
}

fn program() -> String {
    format!("viceroy{}", env::consts::EXE_SUFFIX)
}

/// The Viceroy that `fastly compute serve` installs, beside its own configuration.
fn of_the_cli() -> Option<PathBuf> {
    let config = if cfg!(target_os = "macos") {
        etcetera::home_dir().ok()?.join("Library/Application Support")
    } else {
        etcetera::choose_base_strategy().ok()?.config_dir()
    };
    let path = config.join("fastly").join(program());
    path.is_file().then_some(path)
}

/// The folder of the Viceroy that is installed here, which may not be there.
fn root() -> Result<PathBuf> {
    Ok(cache_path()?.join(format!("viceroy-{VERSION}")))
}

/// Returns `true` for a program that runs and has a version that fits.
fn does_fit(path: &Path) -> bool {
    version(path).as_deref().is_some_and(fits)
}

/// Returns `true` for a program of a version that fits, and otherwise says which version `what` has.
fn is_fit(path: &Path, what: &str) -> bool {
    let found = version(path);
    let is_fit = found.as_deref().is_some_and(fits);
    if !is_fit {
        let found = found.unwrap_or_else(|| "of no known version".into());
        eprintln!("{what} is {found}, and {VERSION} or newer is needed: using another");
    }
    is_fit
}

/// The version of a program, if it runs and says one.
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
