//! The tools that an app on this machine needs: found, or installed with a line that says so.

mod progress;
mod pushpin;
mod target;
mod viceroy;

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use etcetera::BaseStrategy as _;

pub use progress::{Progress, Shows};
pub use pushpin::pushpin;
pub(crate) use target::has_target;
pub use target::{TARGET, target};
pub(crate) use viceroy::{
    VERSION as VICEROY, fits as viceroy_fits, installed as installed_viceroy, version as viceroy_version,
};
pub use viceroy::{viceroy, viceroy_as};

use crate::{cargo, interrupt};

/// The path of [`cache`], which may not be there.
fn cache_path() -> Result<PathBuf> {
    Ok(etcetera::choose_base_strategy().context("this user has no home")?.cache_dir().join("fanout/tools"))
}

/// The folder of the installed tools, one for each user, so that a second clone of the repository finds them. Makes it if
/// it is not there.
pub fn cache() -> Result<PathBuf> {
    let folder = cache_path()?;
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(folder)
}

/// A lock that is held during an installation, so that two clones do not install the same tool at once.
pub fn alone() -> Result<File> {
    let lock = File::create(cache()?.join("lock"))?;
    wait_for(&lock)?;
    Ok(lock)
}

/// The time between two looks at a lock.
const LOOK: Duration = Duration::from_millis(100);

/// Waits for a lock, up to an interruption by the user.
fn wait_for(lock: &File) -> Result<()> {
    let mut is_said = false;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) => interrupt::check()?,
        }
        if !is_said {
            eprintln!("waiting for another command of fanout, which installs something …");
            is_said = true;
        }
        thread::sleep(LOOK);
    }
}

/// The output of a program, if it runs and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Installs Debian packages. Returns `false` if there is no apt-get, or no permission to use it.
pub fn apt_get(packages: &[&str]) -> Result<bool> {
    if which::which("apt-get").is_err() {
        return Ok(false);
    }
    let mut prefix: Vec<&str> = Vec::new();
    if !rustix::process::geteuid().is_root() {
        let may_sudo = output(Command::new("sudo").args(["-n", "true"])).is_some();
        if !may_sudo {
            return Ok(false);
        }
        prefix.extend(["sudo", "-n"]);
    }
    // A service that a package starts would take the ports of the stack. Sudo drops the environment.
    prefix.extend(["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get"]);
    let _alone = alone()?;
    let run = |arguments: &[&str], what: &str| {
        Progress::run(Command::new(prefix[0]).args(&prefix[1..]).args(arguments), what, Shows::Bar)
    };
    run(&["update", "-qq"], "updating apt's package lists")?;
    // Another installation may hold apt's lock, as on a machine that has just started.
    let mut arguments =
        vec!["-o", "DPkg::Lock::Timeout=300", "install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    run(&arguments, &format!("installing {} with apt-get", packages.join(" and ")))?;
    Ok(true)
}

/// Finds a tool that was installed here, or installs it with cargo.
pub fn cargo_install(name: &str, version: &str) -> Result<PathBuf> {
    let root = cache()?.join(format!("{name}-{version}"));
    let path = root.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let runs = || output(Command::new(&path).arg("--version")).is_some();
    if runs() {
        return Ok(path);
    }
    let _alone = alone()?;
    if !runs() {
        let mut install = cargo();
        install.args(["install", name, "--version", version, "--locked", "--force", "--root"]).arg(&root);
        Progress::run(&mut install, &format!("building {name}, which is needed once"), Shows::Bar)?;
    }
    if !runs() {
        bail!("{name} was installed, but {} does not run", path.display());
    }
    Ok(path)
}

/// Installs a Homebrew formula. Returns `false` if there is no Homebrew.
fn homebrew(formula: &str) -> Result<bool> {
    if which::which("brew").is_err() {
        return Ok(false);
    }
    Progress::run(
        Command::new("brew").args(["install", formula]),
        &format!("installing {formula} with Homebrew"),
        Shows::Bar,
    )?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_a_lock_can_be_interrupted() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("lock");
        let other = File::create(&path)?;
        other.lock()?;
        let lock = File::create(&path)?;
        let waits = thread::spawn(move || wait_for(&lock));
        assert!(!waits.is_finished());
        other.unlock()?;
        waits.join().expect("it does not panic")?;

        let lock = File::create(&path)?;
        other.lock()?;
        let _here = interrupt::tests::Here::new();
        assert!(interrupt::is_cause(&wait_for(&lock).unwrap_err()));
        Ok(())
    }
}
