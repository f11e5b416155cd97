//! `cargo fanout doctor` as a program: it changes nothing, and reports on each machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

/// Runs the command in a folder, for a user with this cache folder. Returns its report.
fn report(folder: &Path, cache: &Path) -> Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-fanout"))
        .args(["fanout", "doctor"])
        .current_dir(folder)
        .env("XDG_CACHE_HOME", cache)
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("error: "), "{errors}");
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn it_makes_no_folder() -> Result<()> {
    let home = tempfile::tempdir()?;
    let cache = home.path().join("cache");
    let report = report(home.path(), &cache)?;
    assert!(report.contains("port 5561"), "{report}");
    assert!(!cache.exists(), "it has made its cache folder");
    Ok(())
}

/// As in a home that is read-only.
#[test]
fn it_reports_where_the_cache_folder_cannot_be_made() -> Result<()> {
    let home = tempfile::tempdir()?;
    let file = home.path().join("file");
    fs::write(&file, "")?;
    let report = report(home.path(), &file.join("cache"))?;
    assert!(report.contains("Viceroy") && report.contains("port 5561"), "{report}");
    Ok(())
}
