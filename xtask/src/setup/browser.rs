use std::path::PathBuf;

use anyhow::Result;

use cargo_fanout::tools::apt_get;

/// A Chromium and its driver.
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its driver.
    pub driver: PathBuf,
}

/// Finds Chromium, or installs it with apt-get. Without both, the tests that need it are skipped with a line that says
/// so.
pub fn browser() -> Result<Option<Browser>> {
    let find = || {
        let chromium = which::which("chromium").or_else(|_| which::which("google-chrome")).ok()?;
        Some(Browser { chromium, driver: which::which("chromedriver").ok()? })
    };
    if let Some(browser) = find() {
        return Ok(Some(browser));
    }
    if apt_get(&["chromium", "chromium-driver"])? {
        return Ok(find());
    }
    eprintln!("no Chromium: install chromium and chromedriver to run the browser's tests too");
    Ok(None)
}
