//! `cargo xtask docs`: the guide and the API docs as one site.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::build::{cargo, root, run_command, target_dir};
use crate::{links, public_api};

/// The arguments of `cargo xtask docs`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Open the site in a browser
    #[arg(long)]
    open: bool,
}

/// Builds the site, and prints where it is.
pub fn run(arguments: Arguments) -> Result<()> {
    let page = build()?.join("index.html");
    println!("the guide and the API docs: {}", page.display());
    if arguments.open {
        match open::that_detached(&page) {
            Ok(()) => println!("if no browser shows it now, open this file in one"),
            Err(_) => println!("no browser can be opened here: open this file in one"),
        }
    }
    Ok(())
}

/// Builds the site, and checks the links to it and in it, and the list of the public API.
pub fn check() -> Result<()> {
    let site = build()?;
    for file in [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "benches/README.md",
        "benches/results/README.md",
        "cargo-fanout/template/README.md",
        "examples/README.md",
    ] {
        links::check_markdown(&root().join(file), &site)?;
    }
    let docs = site.join("fanout");
    links::check(&docs)?;
    public_api::check(&docs)
}

/// Builds the site and returns its folder. Its first page leads to the crate's.
fn build() -> Result<PathBuf> {
    let mut doc = cargo();
    doc.args(["doc", "--no-deps", "--all-features", "--package", "fanout-macros", "--package", "fanout"]);
    doc.arg("--target-dir").arg(target_dir()).env("RUSTDOCFLAGS", "-D warnings");
    run_command(&mut doc)?;
    let site = target_dir().join("doc");
    fs::write(
        site.join("index.html"),
        "<!doctype html><meta http-equiv=refresh content='0; url=fanout/index.html'>\n",
    )?;
    Ok(site)
}
