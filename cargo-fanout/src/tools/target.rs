use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Progress, Shows, output};
use crate::interrupt;

/// The target of Compute.
pub const TARGET: &str = "wasm32-wasip1";

/// Returns `true` if the standard library of [`TARGET`] is installed.
pub(crate) fn has_target() -> Result<bool> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"])).context("rustc does not run")?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    let has_std = |folder: &Path| {
        let mut files = folder.read_dir().into_iter().flatten().flatten();
        files.any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
    };
    Ok(has_std(&library))
}

/// Installs the standard library of [`TARGET`] if it is missing.
pub fn target() -> Result<()> {
    if has_target()? {
        return Ok(());
    }
    let added = Progress::run(
        Command::new("rustup").args(["target", "add", TARGET]),
        &format!("adding the target {TARGET} with rustup"),
        Shows::Bar,
    );
    if let Err(error) = added {
        if interrupt::is_cause(&error) {
            return Err(error);
        }
        bail!(
            "{error:#}\nthe app needs the target {TARGET}; try one of these, then this command again:\n    \
             rustup target add {TARGET}\n    \
             apt-get install libstd-rust-dev-wasm32    (where rustc is Debian's own)\n    \
             dnf install rust-std-static-{TARGET}      (where rustc is Fedora's own)"
        );
    }
    Ok(())
}
