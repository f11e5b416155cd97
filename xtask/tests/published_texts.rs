//! The texts that users of the published crates read name no command that only a checkout has.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::build::root;

/// The folders of the published crates, with the guide, the docs, the messages and the template.
const PUBLISHED: [&str; 4] = ["runtime/src", "macros/src", "cargo-fanout/src", "cargo-fanout/template"];

/// `cargo xtask` stands only in a paragraph that says where the command is.
#[test]
fn users_of_the_published_crates_have_no_cargo_xtask() {
    let mut files = Vec::new();
    for folder in PUBLISHED {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 100, "{files:?}");
    let guide = files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "md"));
    assert!(guide.count() > 20);
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("the file is text");
        for paragraph in paragraphs(&text).filter(|paragraph| !is_allowed(paragraph)) {
            found.push(format!("{}: {paragraph}", file.display()));
        }
    }
    let found = found.join("\n");
    assert!(
        found.is_empty(),
        "write `cargo fanout`, or that the command is in this crate's repository:\n{found}"
    );
}

/// The paragraphs of a page or of the comments of a source file, each on one line.
fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    let bare = |line: &str| line.trim_start().trim_start_matches(['/', '!']).trim().to_owned();
    let lines: Vec<_> = text.lines().map(bare).collect();
    let paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().into_iter()
}

fn is_allowed(paragraph: &str) -> bool {
    !paragraph.contains("cargo xtask") || paragraph.contains("this crate's repository")
}

#[test]
fn a_command_of_the_checkout_is_found() {
    let allowed = |text: &str| paragraphs(text).all(|paragraph| is_allowed(&paragraph));
    assert!(!allowed("# Running it\n\nUse `cargo xtask serve`.\n"));
    assert!(!allowed("In this crate's repository.\n\nUse\n`cargo xtask serve`.\n"));
    assert!(!allowed("    /// Under `cargo\n    /// xtask serve` it is.\n"));
    assert!(allowed("//! In this\n//! crate's repository, `cargo xtask bench sig` shows it.\n"));
    assert!(allowed("Use `cargo fanout serve`.\n"));
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
