use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{apt_get, homebrew};
use crate::stack::Version;

/// Finds a Pushpin of a version that fits: the given one, the one on PATH, or one that the package manager installs.
pub fn pushpin(given: Option<&Path>) -> Result<PathBuf> {
    let pushpin = find(given)?;
    Version::of(&pushpin)?;
    Ok(pushpin)
}

fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(given) = given {
        let given = std::path::absolute(given)?;
        if !given.exists() {
            bail!("{} does not exist: give the path of the program itself", given.display());
        }
        return Ok(given);
    }
    if let Ok(path) = which::which("pushpin") {
        return Ok(path);
    }
    if apt_get(&["pushpin"])? || homebrew("pushpin")? {
        return Ok(which::which("pushpin")?);
    }
    bail!(
        "Pushpin is not installed. Install it with one of these, or give its path with --pushpin:\n    \
         sudo apt-get install pushpin\n    brew install pushpin\n    https://pushpin.org/docs/install/"
    )
}
