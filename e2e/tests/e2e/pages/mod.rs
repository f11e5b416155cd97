//! The pages of the apps, in a real browser.

mod chat_page;
mod four_endpoints;
mod looks;

use anyhow::Result;
use cargo_fanout::stack::Config;
use e2e::{App, Browser, on_app_with, tool};

/// Runs a test with the page of an app, which has just been opened.
fn on_page(
    name: &str,
    configure: impl FnOnce(&mut Config),
    test: impl AsyncFnOnce(&App, &Browser) -> Result<()>,
) -> Result<()> {
    let Some(driver) = tool("FANOUT_CHROMEDRIVER", "chromedriver")? else { return Ok(()) };
    let Some(chromium) = tool("FANOUT_CHROMIUM", "chromium")? else { return Ok(()) };
    on_app_with(name, configure, async |app| {
        let page = Browser::start(&driver, &chromium).await?;
        // The scripts of pages are modules, which keep their names to themselves.
        page.prepare("window.byId = id => document.getElementById(id)").await?;
        page.open(&app.url("/")).await?;
        test(app, &page).await
    })
}
