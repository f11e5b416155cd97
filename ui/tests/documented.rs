//! Every option in the tables of the attributes has an example in the docs, and the examples are compiled.

use std::collections::BTreeSet;
use std::fs;

use proc_macro2::{TokenStream, TokenTree};
use ui::repository;

#[test]
fn every_option_has_an_example() {
    let read = |path: &str| fs::read_to_string(repository().join(path)).expect("it is there");
    let mut written = BTreeSet::new();
    let comments = read("runtime/src/lib.rs");
    let comments = comments.lines().filter_map(|line| line.trim_start().strip_prefix("///"));
    let mut docs =
        vec![comments.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")];
    let pages = fs::read_dir(repository().join("runtime/src/guide")).expect("the guide is there");
    let pages = pages.map(|page| page.expect("it can be read").path());
    let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    docs.extend(pages.map(|path| fs::read_to_string(path).expect("it is text")));
    assert!(docs.len() > 12, "the guide has {} pages", docs.len() - 1);
    for docs in docs {
        for example in examples(&docs) {
            options(example.parse().expect("it is compiled, and so it is tokens"), &mut written);
        }
    }
    let tables = fs::read_dir(repository().join("macros/src/docs")).expect("the rows are there");
    let tables: String = tables
        .map(|file| fs::read_to_string(file.expect("a file").path()).expect("it can be read"))
        .collect();
    let rows = tables.lines().filter_map(|line| line.strip_prefix("| `"));
    let known: BTreeSet<_> = rows.filter_map(|row| row.split([' ', '`']).next()).collect();
    assert!(known.len() > 20, "the tables read otherwise now: {known:?}");
    let missing: Vec<_> = known.into_iter().filter(|option| !written.contains(*option)).collect();
    assert!(missing.is_empty(), "no example of {missing:?}");
}

/// The compiled code blocks of a Markdown text.
fn examples(docs: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in docs.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some((matches!(language, "" | "no_run"), String::new())),
            (Some(_), Some((is_compiled, example))) => examples.extend(is_compiled.then_some(example)),
            (None, Some((is_compiled, mut example))) => {
                let hidden = line.strip_prefix("# ");
                example += hidden.unwrap_or(line);
                example.push('\n');
                open = Some((is_compiled, example));
            }
            (None, None) => {}
        }
    }
    examples
}

/// The options in the attributes of some code: in `#[fanout::sse(…)]` the first word, and each word after a comma.
fn options(code: TokenStream, found: &mut BTreeSet<String>) {
    let mut before = String::new();
    for token in code {
        let TokenTree::Group(group) = token else {
            before = token.to_string();
            continue;
        };
        let inside: Vec<_> = group.stream().into_iter().collect();
        match &inside[..] {
            [TokenTree::Ident(krate), .., TokenTree::Group(list)] if before == "#" && krate == "fanout" => {
                let mut begins = true;
                for token in list.stream() {
                    if let TokenTree::Ident(option) = &token
                        && begins
                    {
                        found.insert(option.to_string());
                    }
                    begins = token.to_string() == ",";
                }
            }
            _ => options(group.stream(), found),
        }
        before.clear();
    }
}
