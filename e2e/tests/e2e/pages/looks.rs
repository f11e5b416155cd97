//! The looks of a page: at three widths, light and dark.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use e2e::Browser;

use super::on_page;

const WIDTHS: [u32; 3] = [360, 768, 1600];

/// Checks the page at each width, light and dark, and keeps a screenshot of each in `target/tmp/pages`. Then the page is
/// as it was.
pub async fn looks_well(page: &Browser, name: &str) -> Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder)?;
    for width in WIDTHS {
        for scheme in ["light", "dark"] {
            set(page, width, scheme).await?;
            fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), page.screenshot().await?)?;
            let (wrong, least) = wrong(page).await?;
            println!("{name} at {width} px, {scheme}: the least contrast is {least:.2}");
            assert_eq!(wrong, Vec::<String>::new(), "{name} at {width} px, {scheme}");
        }
    }
    page.look(0, &[]).await
}

async fn set(page: &Browser, width: u32, scheme: &str) -> Result<()> {
    page.look(width, &[("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")]).await
}

/// The faults of the page as it is now, and the least contrast of a text.
async fn wrong(page: &Browser) -> Result<(Vec<String>, f64)> {
    let found = page.ask(&format!("arguments[0]((() => {{ {} }})())", include_str!("looks.js"))).await?;
    let wrong: Option<Vec<_>> = found["wrong"]
        .as_array()
        .map(|all| all.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect());
    Ok((wrong.context("no list")?, found["least"].as_f64().context("no number")?))
}

/// Each thing that the check is for is found in a page that has it.
#[test]
fn the_check_of_a_page_finds_what_is_wrong() -> Result<()> {
    let spoilt = [
        ("document.body.style.minWidth = '500px'", "the page scrolls sideways: "),
        (
            "published.textContent = 'x'; published.style.color = '#888'",
            "the contrast of <output#published> is 3.",
        ),
        ("message.style.borderColor = 'rgba(0, 0, 0, .2)'", "the contrast of <input#message>'s border is 1."),
        ("message.labels[0].remove()", "<input#message> has no label"),
        ("document.querySelector('.command button').textContent = ''", "<button> has no name"),
        (
            "document.querySelector('.state button').style.cssText = 'padding: 0; min-height: 0; height: 9px'",
            "<button> has ",
        ),
        ("document.querySelector('h1').animate({opacity: [.9, 1]}, {duration: 1e6})", "1 animations run"),
        (
            "document.querySelector('pre').style.cssText = 'white-space: pre; overflow: auto'",
            "<pre> is cut off",
        ),
        ("document.querySelector('h2').id = 'message'", "two elements have the id message"),
    ];
    on_page(
        "example-app",
        |_| {},
        async |app, page| {
            set(page, 360, "light").await?;
            assert_eq!(wrong(page).await?.0, Vec::<String>::new());
            for (spoil, expected) in spoilt {
                page.open(&app.url("/")).await?;
                page.run(spoil).await?;
                let (wrong, _) = wrong(page).await?;
                assert!(wrong.iter().any(|one| one.starts_with(expected)), "{spoil}: {wrong:?}");
            }
            Ok(())
        },
    )
}
