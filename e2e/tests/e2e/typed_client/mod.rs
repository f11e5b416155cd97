//! The TypeScript module of `cargo fanout routes`.

mod on_the_stack;
mod page_client;
mod protocol;
mod types;

use anyhow::{Context as _, Result};
use cargo_fanout::routes::model::App as Description;
use cargo_fanout::routes::typescript::module;
use cargo_fanout::routes::{Choice, describe};
use e2e::{Browser, Tsc, tool};
use serde_json::{Value, json};
use xtask::build;

/// An app of this repository, as it describes itself.
fn described(app: &str) -> Result<Description> {
    Ok(describe(&build::package(app), &Choice::default())?.app)
}

/// An app of this description.
fn of_json(json: &str) -> Result<Description> {
    Ok(serde_json::from_str(json)?)
}

/// An endpoint as a description has it, with these fields instead of the usual ones.
fn endpoint(name: &str, kind: &str, path: &str, more: Value) -> Value {
    let mut endpoint = json!({
        "name": name, "module": [], "kind": kind, "methods": ["GET"], "path": path, "channels": [], "options": {}, "has_history": false,
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        endpoint[field] = value.clone();
    }
    endpoint
}

/// The compiler, a driver and a browser, or none on a machine that lacks one of them.
fn tools() -> Result<Option<(Tsc, std::path::PathBuf, std::path::PathBuf)>> {
    let Some(tsc) = Tsc::of_this_machine()? else { return Ok(None) };
    let Some(driver) = tool("FANOUT_CHROMEDRIVER", "chromedriver")? else { return Ok(None) };
    let Some(chromium) = tool("FANOUT_CHROMIUM", "chromium")? else { return Ok(None) };
    Ok(Some((tsc, driver, chromium)))
}

/// Puts the module of an app into the page. What it exports is global there, and so is `follow`, which connects, and keeps in
/// `heard[name]` what the connection called.
async fn install(page: &Browser, tsc: &Tsc, description: &Description) -> Result<()> {
    let compiled = tsc.compile(&module(description))?;
    let exported = |line: &str| {
        let declaration = line.strip_prefix("export ")?;
        let words =
            declaration.split([' ', '(']).skip_while(|word| !matches!(*word, "const" | "function" | "class"));
        words.skip(1).find(|word| !word.is_empty()).map(str::to_owned)
    };
    let names: Vec<_> = compiled.lines().filter_map(exported).collect();
    let names = names.join(", ");
    let script = compiled.replace("\nexport ", "\n").replacen(
        "export ",
        "",
        usize::from(compiled.starts_with("export ")),
    );
    page.run(&format!("{script}\nObject.assign(window, {{ {names} }});\n{}", include_str!("follow.js"))).await
}

/// The calls that a connection has made in the page, once there are `count` entries.
async fn heard(page: &Browser, name: &str, count: usize) -> Result<Value> {
    page.until(&format!("heard.{name}.length >= {count} && heard.{name}")).await
}

/// The messages that the page has heard of a connection, once there are `count`.
async fn messages(page: &Browser, name: &str, count: usize) -> Result<Vec<Value>> {
    let of = format!("heard.{name}.filter(([what]) => what === 'message').map(([, message]) => message)");
    let all = page.until(&format!("{of}.length >= {count} && {of}")).await?;
    Ok(all.as_array().context("no list")?.clone())
}
