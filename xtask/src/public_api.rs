//! The list of the public API of `fanout`, so that a change of it is seen in review.
//!
//! It is read from the HTML of rustdoc, because rustdoc's JSON needs a nightly compiler.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};

use crate::build::root;

/// The list in the repository.
const FILE: &str = "runtime/tests/public_api.txt";

/// Set to `overwrite`, it has the list written anew.
const VARIABLE: &str = "PUBLIC_API";

/// The lines of each item, under its kind and path.
type Items = BTreeMap<String, Vec<String>>;

/// Compares the API in the docs in `folder` with the list in the repository, or writes the list anew.
pub fn check(folder: &Path) -> Result<()> {
    let items = read(folder)?;
    ensure!(items.len() > 100, "rustdoc's pages have only {} items: they read otherwise now", items.len());
    let file = root().join(FILE);
    let list = text(&items);
    if env::var_os(VARIABLE).is_some_and(|value| value == "overwrite") {
        return fs::write(&file, list).with_context(|| format!("cannot write {}", file.display()));
    }
    let listed = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let changes = changes(&listed, &list);
    if !changes.is_empty() {
        bail!(
            "the public API is not the one in {FILE}:\n{}\n\
             if the change is meant, write the list anew with `{VARIABLE}=overwrite cargo xtask test docs`",
            changes.join("\n")
        );
    }
    Ok(())
}

fn read(folder: &Path) -> Result<Items> {
    let page = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let mut items = Items::new();
    let mut modules = BTreeSet::from([""]);
    let all = page("all.html")?;
    let links = all.split("<li><a href=\"").skip(1).filter_map(|link| link.split_once('"'));
    for (link, _) in links.filter(|(link, _)| link.ends_with(".html")) {
        let (module, name) = link.rsplit_once('/').unwrap_or(("", link));
        modules.insert(module);
        let kind = name.split('.').next().unwrap_or_default();
        let name = name.trim_start_matches(kind).trim_matches('.').trim_end_matches(".html");
        // The prelude shows types of the fastly crate, whose methods are not ours.
        let lines = if module == "prelude" { Vec::new() } else { members(&page(link)?) };
        items.insert(format!("{kind} {}", path(module, name)), lines);
    }
    for module in modules {
        let index = page(&Path::new(module).join("index.html").to_string_lossy())?;
        let uses = index.split("<dt id=\"reexport.").skip(1).filter_map(|part| element(part, "code"));
        let lines: Vec<_> = uses.collect();
        if !lines.is_empty() {
            items.insert(format!("mod {}", path(module, "").trim_end_matches("::")), lines);
        }
    }
    Ok(items)
}

fn path(module: &str, name: &str) -> String {
    let parts = ["fanout"].into_iter().chain(module.split('/').filter(|part| !part.is_empty()));
    parts.chain([name]).collect::<Vec<_>>().join("::")
}

/// The declaration, methods and implementations on the page of an item, without automatic and blanket implementations.
fn members(page: &str) -> Vec<String> {
    let main = page.split_once("<section id=\"main-content\"").map_or(page, |(_, main)| main);
    let ours = ["id=\"synthetic-implementations\"", "id=\"blanket-implementations\""]
        .into_iter()
        .fold(main, |main, end| main.split(end).next().unwrap_or_default());
    let declaration =
        ours.split_once("<pre class=\"rust item-decl\">").and_then(|(_, rest)| element(rest, "code"));
    // The methods of a trait have lines of their own.
    let declaration = declaration.map(|text| match text.split_once(" {") {
        Some((head, _)) if text.contains("trait ") => head.to_owned(),
        _ => text,
    });
    let mut lines: Vec<_> = declaration.into_iter().collect();
    let (mut in_declaration, mut of_a_trait) = (false, false);
    for part in ours.split("<h").skip(1) {
        let (level, _) = part.split_at(1);
        if level == "2" {
            let is_one_of = |ids: &[&str]| ids.iter().any(|id| part.contains(&format!("id=\"{id}\"")));
            in_declaration = is_one_of(&["fields", "variants"]);
            of_a_trait = is_one_of(&["trait-implementations", "implementors", "foreign-impls"]);
        }
        let is_code = part[1..].starts_with(" class=\"code-header\"");
        if is_code && !in_declaration && (level == "3" || !of_a_trait) {
            lines.extend(element(&format!("<h{part}"), &format!("h{level}")));
        }
    }
    lines.retain(|line| !line.contains("StructuralPartialEq"));
    lines
}

/// The text of the first element of a name.
fn element(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("<{name}"))?;
    let (_, rest) = rest.split_once('>')?;
    let (inside, _) = rest.split_once(&format!("</{name}>"))?;
    let mut text = String::new();
    for (index, part) in inside.split('<').enumerate() {
        let (tag, part) = if index == 0 { ("", part) } else { part.split_once('>').unwrap_or((part, "")) };
        if tag.starts_with("div") || tag == "/div" {
            text.push(' ');
        }
        text.push_str(part);
    }
    for (entity, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&nbsp;", " "),
        ("ⓘ", ""),
    ] {
        text = text.replace(entity, character);
    }
    // Last, because it begins the others.
    let text = text.replace("&amp;", "&");
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn text(items: &Items) -> String {
    let lines = items.iter().flat_map(|(item, lines)| {
        let lines = lines.iter().map(|line| format!("    {line}\n"));
        [format!("{item}\n")].into_iter().chain(lines)
    });
    lines.collect()
}

/// The lines that only one of two lists has, each with its item.
fn changes(before: &str, after: &str) -> Vec<String> {
    fn lines(list: &str) -> BTreeSet<(&str, &str)> {
        let mut item = "";
        let mut lines = BTreeSet::new();
        for line in list.lines() {
            if line.starts_with(' ') {
                lines.insert((item, line.trim_start()));
            } else {
                item = line;
                lines.insert((item, ""));
            }
        }
        lines
    }
    let (before, after) = (lines(before), lines(after));
    let show =
        |sign: char, (item, line): &(&str, &str)| format!("{sign} {item}  {line}").trim_end().to_owned();
    let removed = before.difference(&after).map(|line| show('-', line));
    removed.chain(after.difference(&before).map(|line| show('+', line))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gives_the_declaration_the_methods_and_the_implementations() {
        let page = "<h2>Not this</h2><section id=\"main-content\" class=\"content\">\
            <pre class=\"rust item-decl\"><code>pub struct <a href=\"x\">A</a>&lt;T&gt; { \
            <span class=\"comment\">/* private fields */</span> }</code></pre>\
            <h2 id=\"implementations\">Implementations</h2><h3 class=\"code-header\">impl A&lt;&amp;str&gt;</h3>\
            <h4 class=\"code-header\">pub fn <a href=\"#method.b\">b</a>(&amp;self)\n   -&gt; T <a>ⓘ</a></h4><h5 id=\"errors\">Errors</h5>\
            <h2 id=\"trait-implementations\">Trait Implementations</h2><h3 class=\"code-header\">impl Clone for A</h3>\
            <h4 class=\"code-header\">fn clone(&amp;self) -&gt; Self</h4><h3 class=\"code-header\">impl StructuralPartialEq for A</h3>\
            <h2 id=\"synthetic-implementations\">Auto</h2><h3 class=\"code-header\">impl Send for A</h3>";
        let expected = [
            "pub struct A<T> { /* private fields */ }",
            "impl A<&str>",
            "pub fn b(&self) -> T",
            "impl Clone for A",
        ];
        assert_eq!(members(page), expected);
    }

    #[test]
    fn every_kind_of_change_is_shown_with_its_item() {
        let before = "struct fanout::A\n    pub fn a()\n    pub fn b()\nstruct fanout::B\n";
        let after = "struct fanout::A\n    pub fn a(&self)\n    pub fn b()\nstruct fanout::C\n";
        let expected = [
            "- struct fanout::A  pub fn a()",
            "- struct fanout::B",
            "+ struct fanout::A  pub fn a(&self)",
            "+ struct fanout::C",
        ];
        assert_eq!(changes(before, after), expected);
        assert!(changes(after, after).is_empty());
    }
}
