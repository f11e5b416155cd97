//! `cargo fanout routes`, on apps of this repository and on new ones.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use cargo_fanout::routes::model::App;
use cargo_fanout::routes::{Info, document};
use jsonschema::Validator;
use serde_json::{Value, json};
use xtask::build;

use super::reader::Reader;

/// A reader in a folder of the repository, or outside of it.
fn reader(folder: Option<PathBuf>) -> Result<Reader> {
    let program = env::var_os("FANOUT_CARGO_FANOUT").context("run `cargo xtask test e2e`")?;
    // Nothing here runs on Viceroy.
    let mut reader = Reader::new(program.as_ref())?;
    if let Some(folder) = folder {
        reader.run(&format!("cd {}", folder.display()))?;
    }
    Ok(reader)
}

/// The published schema of AsyncAPI 3.0.
fn schema() -> Result<Validator> {
    let path = env::var_os("FANOUT_ASYNCAPI_SCHEMA").context(
        "FANOUT_ASYNCAPI_SCHEMA is not set: run `cargo xtask test e2e`, which installs the schema with npm",
    )?;
    let schema: Value = serde_json::from_slice(&fs::read(&path)?)?;
    ensure!(schema["properties"]["asyncapi"]["const"] == "3.0.0", "{} is another schema", path.display());
    Ok(jsonschema::validator_for(&schema)?)
}

/// The mistakes in a document.
fn mistakes(document: &Value) -> Result<Vec<String>> {
    let schema = schema()?;
    Ok(schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect())
}

/// Every reference in a document leads to something in it.
fn follow(value: &Value, document: &Value) -> Result<usize> {
    let mut count = 0;
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if let (true, Some(reference)) = (name == "$ref", value.as_str()) {
                    let pointer = reference.strip_prefix('#').context("it is in the document")?;
                    ensure!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                    count += 1;
                }
                count += follow(value, document)?;
            }
        }
        Value::Array(values) => {
            for value in values {
                count += follow(value, document)?;
            }
        }
        _ => {}
    }
    Ok(count)
}

/// The table that the command prints in the folder of the reader, and the document that it writes, which is valid.
fn routes(reader: &mut Reader, options: &str) -> Result<(String, Value)> {
    let folder = tempfile::tempdir()?;
    let output = folder.path().join("routes.json");
    let (command, path) = (format!("cargo fanout routes {options}"), output.display());
    // Without `--output`, nothing but the document is on stdout.
    reader.run(&format!("{command} --format asyncapi > {path}"))?;
    let printed = fs::read_to_string(&output)?;
    fs::remove_file(&output)?;
    reader.run(&format!("{command} --format asyncapi --output {path}"))?;
    ensure!(fs::read_to_string(&output)? == printed, "the file differs from what is printed");
    let document: Value = serde_json::from_str(&printed)?;
    assert_eq!(mistakes(&document)?, [""; 0]);
    follow(&document, &document)?;
    let table = reader.run(&format!("{command} 2> /dev/null"))?;
    Ok((table, document))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

#[test]
fn of_the_example_app() -> Result<()> {
    let (table, document) = routes(&mut reader(Some(build::root().join("example-app")))?, "")?;
    assert_eq!(
        table,
        "\
KIND       METHODS  PATH       CHANNELS  GUARD
sse        GET      /sse       test
    sse
stream     GET      /stream    test
    stream
long_poll  GET      /response  test
    response: timeout = 30
ws         GET      /ws        test
    ws: echo
plain      POST     /publish
    publish::publish
plain      GET      /
    page::page
"
    );
    assert_eq!(document["info"]["title"], "example-app");
    assert_eq!(keys(&document["channels"]), ["page", "publish", "response", "sse", "stream", "ws"]);
    Ok(())
}

/// Its endpoints are in modules of a library, with guards, histories and types.
#[test]
fn of_the_scores() -> Result<()> {
    let (table, document) = routes(&mut reader(Some(build::root().join("examples/scores")))?, "")?;
    assert_eq!(
        table,
        r#"KIND       METHODS  PATH                           CHANNELS             GUARD
sse        GET      /games/{game}/score            score-{game}
    board::score: cors = *, strict
plain      POST     /games/{game}/score                                 editor
    board::goal: max_body = 1000, strict
stream     GET      /games/{game}/commentary       commentary-{game}    member
    board::commentary: keep_alive = idle("30s", "\n"), strict
plain      POST     /games/{game}/commentary                            editor
    board::comment: max_body = 2000, strict
sse        GET      /notifications                 member-{guard.name}  member
    notifications::notifications
plain      POST     /members/{name}/notifications                       editor
    notifications::notify: max_body = 2000
ws         GET      /games/{game}/guesses          guesses-{game}       member
    guesses::player: max_message = 100, strict
plain      POST     /games/{game}/spectators                            editor
    guesses::spectators: max_body = 100, strict
sse        GET      /topics/{topic}/articles       articles-{topic}
    articles::articles: cors = *, history = history, next_after = 60s,
        replay = 100, strict
long_poll  GET      /topics/{topic}/latest         articles-{topic}
    articles::latest: history = history, strict, timeout = 30
plain      POST     /topics/{topic}/articles                            editor
    articles::publish: max_body = 20000, strict
"#
    );
    assert!(table.lines().all(|line| line.len() <= 80), "it is too wide for a terminal");
    // A stream, and the endpoint that publishes to it, have one address.
    assert_eq!(document["operations"]["goal"]["channel"]["$ref"], "#/channels/score");
    assert_eq!(keys(&document["components"]["securitySchemes"]), ["editor", "member"]);
    Ok(())
}

#[test]
fn of_a_new_app() -> Result<()> {
    let mut reader = reader(None)?;
    let runtime = build::root().join("runtime");
    reader.run(&format!("cargo fanout new lobby --fanout-path {}", runtime.display()))?;
    reader.run("cd lobby")?;
    reader.lock()?;
    let (table, document) = routes(&mut reader, "")?;
    assert_eq!(
        table,
        "\
KIND   METHODS  PATH           CHANNELS     GUARD
sse    GET      /rooms/{room}  room-{room}  member
    room
plain  POST     /rooms/{room}               member
    say
"
    );
    assert_eq!(keys(&document["operations"]), ["room", "say"]);
    assert_eq!(document["info"]["version"], "0.1.0");
    reader.forget("lobby")
}

const TYPED_MANIFEST: &str = r#"[package]
name = "typed"
version = "0.3.0"
edition = "2024"

[dependencies]
live = { package = "fanout", path = "RUNTIME" }
schemars = { version = "1", default-features = false, features = ["derive"] }
serde = { version = "1", features = ["derive"] }

[workspace]
"#;

/// It calls Compute, which no program of this machine can be linked with.
const TYPED: &str = r#"#![deny(warnings, unused)]

use live::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Said {
    at: (u8, u8),
    #[serde(flatten)]
    by: User,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct User {
    /// A name.
    name: Option<String>,
}

#[live::sse(path = "/rooms/{room}/{*rest}", channel = "{room}", data = Said, crate = live)]
fn room(rest: &str) -> Event {
    Event::comment(rest)
}

#[live::ws(data = Vec<Said>, crate = live, subprotocols = ["v1"])]
fn chat(said: Json<Said>) -> Json<Vec<Said>> {
    Json(vec![said.0])
}

#[live::stream(channel = "any", data = std::any::TypeId, crate = live)]
fn untyped() {}

#[live::main(room, chat, untyped, crate = live)]
fn main(request: Request) -> Result<Response, Error> {
    Ok(request.send("origin")?)
}
"#;

/// An app that says its types, calls `fanout` otherwise, and answers the rest in the body of `main`.
#[test]
fn of_an_app_with_types() -> Result<()> {
    let mut reader = reader(None)?;
    reader.run("mkdir -p typed/src/bin")?;
    reader.run("cd typed")?;
    reader.lock()?;
    let runtime = build::root().join("runtime");
    let manifest = TYPED_MANIFEST.replace("RUNTIME", runtime.to_str().context("the path is UTF-8")?);
    fs::write(reader.here().join("Cargo.toml"), manifest)?;
    fs::write(reader.here().join("src/main.rs"), TYPED)?;
    fs::write(reader.here().join("src/bin/other.rs"), "fn main() { println!(\"hello\") }")?;
    let (table, document) = routes(&mut reader, "--bin typed")?;
    assert_eq!(
        table,
        "\
KIND    METHODS  PATH                   CHANNELS  GUARD
sse     GET      /rooms/{room}/{*rest}  {room}
    room: data = Said
ws      GET      /chat
    chat: data = Vec<Said>, subprotocols = [v1]
stream  GET      /untyped               any
    untyped: data = std::any::TypeId
"
    );
    let payload =
        |channel: &str, message: &str| document["channels"][channel]["messages"][message]["payload"].clone();
    assert_eq!(payload("room", "room"), json!({ "$ref": "#/components/schemas/Said" }));
    assert_eq!(payload("chat", "chat.send")["items"], json!({ "$ref": "#/components/schemas/Said" }));
    let received = payload("chat", "chat.receive");
    ensure!(received["$ref"].is_string(), "{received}");
    ensure!(payload("untyped", "untyped").is_null(), "{document:#}");
    let at = &document["components"]["schemas"]["Said"]["properties"]["at"];
    ensure!(at["items"].as_array().is_some_and(|items| items.len() == 2), "it is not of draft 07: {at}");

    let error = |reader: &mut Reader, line: &str| -> Result<String> {
        let (succeeds, output) = reader.outcome(line)?;
        ensure!(!succeeds, "`{line}` succeeds: {output}");
        output.lines().last().map(str::to_owned).context("it says nothing")
    };
    let several = error(&mut reader, "cargo fanout routes")?;
    ensure!(several.starts_with("error: the package `typed` has several programs"), "{several}");
    let other = error(&mut reader, "cargo fanout routes --bin other")?;
    ensure!(other.starts_with("error: `other` does not describe itself"), "{other}");
    // An app without the attribute is linked with the calls of Compute.
    let plain = "#[live::fastly::main]\nfn main(request: live::fastly::Request) -> \
                 Result<live::fastly::Response, live::fastly::Error> { Ok(request.send(\"origin\")?) }";
    fs::write(
        reader.here().join("src/bin/other.rs"),
        plain.replace("#[live::fastly::main]\n", "use live::fastly;\n#[fastly::main]\n"),
    )?;
    let plain = error(&mut reader, "cargo fanout routes --bin other")?;
    ensure!(plain.contains("make its `main` with `#[fanout::main(…)]`"), "{plain}");
    reader.run("cargo clean --package typed")?;
    Ok(())
}

/// The App of a description with everything that a document can have.
fn everything() -> Result<App> {
    let endpoint = |name: &str, kind: &str, path: &str, methods: &[&str]| {
        json!({
            "name": name, "module": ["a", "b"], "kind": kind, "methods": methods, "path": path,
            "channels": ["room-{room}"], "channel_function": null, "guard": "auth::may_enter(room)",
            "options": { "content_type": "application/json", "subprotocols": ["v1", "v2"], "meta": [["a", "b"]], "strict": true },
            "docs": "One.\n\nTwo.", "last_event_id_query": "lastEventId", "has_history": true,
            "sends": { "type": "array", "prefixItems": [{ "$ref": "#/$defs/Said", "description": "one" }, true] },
            "receives": true,
        })
    };
    Ok(serde_json::from_value(json!({
        "endpoints": [
            endpoint("sse", "sse", "/a/{room}", &["GET", "POST", "PUT", "PATCH", "DELETE"]),
            endpoint("stream", "stream", "/b/{room}/{*rest}", &["GET"]),
            endpoint("poll", "long_poll", "/", &["GET"]),
            endpoint("ws", "web_socket", "/c", &["GET"]),
            endpoint("plain", "plain", "/c", &["POST", "PUT"]),
            endpoint("plain", "plain", "/ä b/{c}", &["DELETE"]),
        ],
        "$defs": { "Said": {
            "type": "object",
            "properties": { "to": { "$ref": "#/$defs/Said" } },
            "unevaluatedProperties": false,
        } },
    }))?)
}

#[test]
fn a_document_with_everything_is_valid() -> Result<()> {
    let info = Info { title: "everything", version: "1.0.0", description: Some("All of it.") };
    let document = document(&everything()?, &info);
    assert_eq!(mistakes(&document)?, [""; 0]);
    let references = follow(&document, &document)?;
    ensure!(references > 40, "{references}: {document:#}");
    let nothing: App = serde_json::from_value(json!({ "endpoints": [], "$defs": {} }))?;
    assert_eq!(mistakes(&super::routes::document(&nothing, &info))?, [""; 0]);
    Ok(())
}

/// The validation finds a mistake in each part of a document.
#[test]
fn a_broken_document_is_not_valid() -> Result<()> {
    let info = Info { title: "everything", version: "1.0.0", description: None };
    let document = document(&everything()?, &info);
    for (pointer, value) in [
        ("/asyncapi", json!("2.6.0")),
        ("/info/version", json!(1)),
        ("/servers/service/protocol", Value::Null),
        ("/channels/sse/address", json!(5)),
        ("/channels/sse/parameters/room/description", json!(5)),
        ("/channels/sse/messages/sse/payload", json!({ "type": "text" })),
        ("/channels/sse/messages/sse/contentType", json!([])),
        ("/channels/ws/bindings/ws/method", json!("PUT")),
        ("/operations/sse.get/action", json!("publish")),
        ("/operations/sse.get/channel", json!("#/channels/sse")),
        ("/operations/sse.get/bindings/http/method", json!("FETCH")),
        ("/operations/sse.get/bindings/http/bindingVersion", json!("9.9.9")),
        ("/operations/sse.get/security/0", json!("auth")),
        ("/components/schemas/Said/properties", json!([])),
        ("/components/securitySchemes/auth_may_enter_room/type", json!("guard")),
    ] {
        let mut broken = document.clone();
        *broken.pointer_mut(pointer).with_context(|| format!("no {pointer} in {document:#}"))? = value;
        ensure!(!mistakes(&broken)?.is_empty(), "{pointer} can be anything");
    }
    let mut more = document.clone();
    more["channels"]["sse"]["kind"] = json!("sse");
    ensure!(!mistakes(&more)?.is_empty(), "a channel can have any member");
    Ok(())
}
