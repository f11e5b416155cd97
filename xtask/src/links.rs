//! The links in the docs, which readers also make without the dependencies: `cargo doc --no-deps`. There, rustdoc leaves a link
//! to an item of another crate as it is written, and does not warn.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};

/// Checks every link of the pages in `folder`, which are those of a crate.
pub fn check(folder: &Path) -> Result<()> {
    let (mut count, mut broken) = (0, Vec::new());
    pages(folder, &mut |page, html| {
        count += 1;
        let folder = page.parent().expect("a page is in a folder");
        let is_there = |link: &str| folder.join(link.split('#').next().unwrap_or_default()).exists();
        // The prelude shows types of other crates, with their own docs.
        let is_ours = !page.components().any(|part| part.as_os_str() == "prelude");
        let html = own(html);
        let wrong = links(html).filter(|link| !is_there(link)).chain(unresolved(html).filter(|_| is_ours));
        broken.extend(wrong.map(|link| format!("{}: {link}", page.display())));
    })?;
    ensure!(count > 100, "there are only {count} pages: rustdoc writes them elsewhere now");
    if !broken.is_empty() {
        bail!(
            "these links lead nowhere without the dependencies: write their addresses\n{}",
            broken.join("\n")
        );
    }
    Ok(())
}

/// Checks the links of a Markdown file to the docs of this crate on docs.rs, by the pages in `site`, and its links to files
/// beside it.
pub fn check_markdown(file: &Path, site: &Path) -> Result<()> {
    const DOCS: &str = "https://docs.rs/fanout/latest/";
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let folder = file.parent().context("a file is in a folder")?;
    let mut broken = Vec::new();
    for link in markdown_links(&text).filter(|link| !link.starts_with('#')) {
        let (page, anchor) = link.split_once('#').unwrap_or((link, ""));
        let page = match page.strip_prefix(DOCS) {
            Some(page) => site.join(page),
            None if page.contains("://") => continue,
            None => folder.join(page),
        };
        let has_anchor = || {
            let html = fs::read_to_string(&page).unwrap_or_default();
            html.contains(&format!("id=\"{anchor}\""))
        };
        if !page.exists() || !anchor.is_empty() && !has_anchor() {
            broken.push(link);
        }
    }
    if !broken.is_empty() {
        bail!("links of {} lead nowhere:\n{}", file.display(), broken.join("\n"));
    }
    Ok(())
}

/// The addresses of the links in a Markdown text.
fn markdown_links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0))
}

/// Calls `read` with each page.
fn pages(folder: &Path, read: &mut dyn FnMut(&Path, &str)) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            pages(&path, read)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let html =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            read(&path, &html);
        }
    }
    Ok(())
}

/// The part of a page before the methods that a type has from other crates, with their own docs.
fn own(html: &str) -> &str {
    let others = ["<h2 id=\"deref-methods", "<h2 id=\"trait-implementations"];
    let end = others.iter().filter_map(|heading| html.find(heading)).min();
    &html[..end.unwrap_or(html.len())]
}

/// The links to other files in the text of a page.
fn links(html: &str) -> impl Iterator<Item = &str> {
    let links = html.split("<a ").skip(1).filter_map(|tag| {
        let (tag, _) = tag.split_once('>')?;
        Some(tag.split_once("href=\"")?.1.split_once('"')?.0)
    });
    links.filter(|link| !link.starts_with('#') && !link.starts_with("http:") && !link.starts_with("https:"))
}

/// The links that rustdoc leaves in brackets.
fn unresolved(html: &str) -> impl Iterator<Item = &str> {
    html.split("[<code>").skip(1).filter_map(|rest| rest.split_once("</code>]")).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_markdown_lead_to_pages_files_and_headings() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("fanout")).unwrap();
        fs::write(folder.path().join("fanout/a.html"), "<h1 id=\"b\">").unwrap();
        let check = |link: &str| {
            let readme = folder.path().join("README.md");
            fs::write(&readme, format!("A [link]({link}).")).unwrap();
            check_markdown(&readme, folder.path())
        };
        for there in ["https://docs.rs/fanout/latest/fanout/a.html#b", "README.md", "#c", "https://rustup.rs"]
        {
            assert!(check(there).is_ok(), "{there}");
        }
        for nowhere in ["https://docs.rs/fanout/latest/fanout/b.html", "fanout/a.html#c", "b.md"] {
            let error = check(nowhere).unwrap_err().to_string();
            assert!(error.contains(nowhere), "{error}");
        }
    }

    #[test]
    fn links_to_files_and_links_without_an_address_are_found() {
        let html = r##"<a class="x" href="crate::http::Method">a</a> <a href="#b">b</a> <a href="https://c">c</a>
            <a href="../d.html#e">d</a> <p>[<code>headers</code>] and <code>[f]</code></p>
            <h2 id="deref-methods-Request">Methods</h2> [<code>ToUrl</code>]"##;
        let html = own(html);
        assert_eq!(links(html).collect::<Vec<_>>(), ["crate::http::Method", "../d.html#e"]);
        assert_eq!(unresolved(html).collect::<Vec<_>>(), ["headers"]);
    }
}
