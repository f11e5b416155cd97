//! The size of the example app as wasm, so that it does not grow unnoticed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::build::EXAMPLE_APP;

/// The size of the app, in bytes, when it was last accepted.
const ACCEPTED: u64 = 558_472;

/// The growth that needs no decision, in percent. Versions of the compiler and the length of paths in panic messages differ
/// by less.
const LEEWAY: u64 = 2;

/// Checks the size of the example app in a folder of release builds.
pub fn check(folder: &Path) -> Result<()> {
    let wasm = folder.join(EXAMPLE_APP).with_extension("wasm");
    let bytes = fs::metadata(&wasm).with_context(|| format!("{} does not exist", wasm.display()))?.len();
    println!("{EXAMPLE_APP} as wasm: {bytes} bytes");
    check_growth(bytes, ACCEPTED)
}

fn check_growth(bytes: u64, accepted: u64) -> Result<()> {
    let limit = accepted + accepted * LEEWAY / 100;
    if bytes > limit {
        bail!(
            "{EXAMPLE_APP} has {bytes} bytes as wasm, {} more than the accepted {accepted}, and the limit is {LEEWAY} %: \
             find what has grown with `twiggy top` on a build with `--config profile.release.strip=false`, or, if the \
             change is worth it, set ACCEPTED in xtask/src/app_size.rs to {bytes}",
            bytes - accepted
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_two_percent_is_an_error_that_says_the_way_out() {
        check_growth(50_000, 100_000).unwrap();
        check_growth(102_000, 100_000).unwrap();
        let error = check_growth(102_001, 100_000).unwrap_err().to_string();
        assert!(error.contains("2001 more than the accepted 100000"), "{error}");
        assert!(error.contains("set ACCEPTED in xtask/src/app_size.rs to 102001"), "{error}");
    }

    #[test]
    fn the_size_is_that_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = check(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("example-app.wasm does not exist"), "{error}");
        let wasm = fs::File::create(folder.path().join("example-app.wasm")).unwrap();
        check(folder.path()).unwrap();
        wasm.set_len(2 * ACCEPTED).unwrap();
        check(folder.path()).unwrap_err();
    }
}
