//! `serve --watch`: a new app replaces the one that runs, and its clients stay.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use e2e::{Answer, Held, PATIENCE, Socket, config};
use serde_json::json;
use xtask::build;

use super::Serve;

/// Waits until `serve` has printed a line this many times.
fn has_said(serve: &Serve, wanted: &str, times: usize) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while serve.output().iter().filter(|line| line.contains(wanted)).count() < times {
        ensure!(Instant::now() < deadline, "{wanted:?} {times} times:\n{}", serve.output().join("\n"));
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn client() -> Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// The same app, in another file: a section of its own is ignored.
fn with_a_section(wasm: &[u8], name: u8) -> Vec<u8> {
    [wasm, &[0, 2, 1, name]].concat()
}

async fn publish(serve: &Serve, text: &str) -> Result<()> {
    let formats = json!({
        "http-stream": {"content": format!("data: {text}\n\n")},
        "ws-message": {"content": text},
    });
    let items = json!({"items": [{"channel": "test", "formats": formats}]}).to_string();
    let url = format!("http://127.0.0.1:{}/publish/", serve.config().publish_port);
    assert_eq!(Answer::of(client()?.post(url).body(items)).await?.status, 200);
    Ok(())
}

#[test]
fn clients_stay_connected_when_the_app_is_replaced() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut config = config::of_app(build::EXAMPLE_APP)?;
    let wasm = fs::read(&config.wasm)?;
    config.wasm = folder.path().join("app.wasm");
    fs::write(&config.wasm, &wasm)?;
    let path = config.wasm.clone();
    let mut serve = Serve::of(config, &["--watch"])?;
    serve.runs()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let client = client()?;
        let mut held = Held::open(client.get(serve.url("/sse"))).await?;
        let mut socket = Socket::open(serve.url("/ws").replacen("http", "ws", 1)).await?;
        socket.say("before").await?;
        assert_eq!(socket.hear().await?.to_text()?, "before");
        assert_eq!(Answer::of(client.get(serve.url("/panics/stream"))).await?.status, 404);

        for round in 1..=3 {
            fs::write(&path, with_a_section(&wasm, b'a' + round))?;
            has_said(&serve, "the new app runs", round.into())?;
            // Its requests go to the new app, and its bytes through the Viceroy of the first.
            socket.say(format!("after {round}")).await?;
            assert_eq!(socket.hear().await?.to_text()?, format!("after {round}"));
            publish(&serve, &format!("item {round}")).await?;
            assert_eq!(socket.hear().await?.to_text()?, format!("item {round}"));
            held.heard_until(&format!("data: item {round}\n\n")).await?;
        }

        fs::write(&path, "no wasm")?;
        has_said(&serve, "the app from before this change goes on", 1)?;
        socket.say("still").await?;
        assert_eq!(socket.hear().await?.to_text()?, "still");

        // Another app: the connection that the client keeps for its next request leads to it too.
        fs::copy(config::app("probe")?, &path)?;
        has_said(&serve, "the new app runs", 4)?;
        assert_eq!(Answer::of(client.get(serve.url("/panics/stream"))).await?.status, 500);
        publish(&serve, "last").await?;
        held.heard_until("data: last\n\n").await?;
        anyhow::Ok(())
    })?;
    assert!(serve.interrupt()?.success());
    Ok(())
}

/// A package that prints a text for each request. It needs no other, so it builds in a moment.
fn write_source(folder: &Path, code: &str) -> Result<()> {
    fs::write(folder.join("src/main.rs"), format!("fn main() {{ {code} }}\n"))?;
    Ok(())
}

/// Sends requests until the app prints a text.
fn says_on_request(serve: &Serve, wanted: &str) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !serve.output().iter().any(|line| line.contains(wanted)) {
        ensure!(Instant::now() < deadline, "{wanted:?}:\n{}", serve.output().join("\n"));
        request(serve)?;
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

const PACKAGE: &str =
    "[package]\nname = \"watched\"\nedition = \"2024\"\n[workspace]\n[profile.release]\npanic = \"abort\"\n";
const MANIFEST: &str =
    "manifest_version = 3\n[local_server.backends.self]\nurl = \"http://127.0.0.1:7676/\"\n";

/// Serves the package in a folder.
fn watched(folder: &Path) -> Result<Serve> {
    let config = config::of_app(build::EXAMPLE_APP)?;
    let mut command = Serve::command(&config)?;
    command.arg("--watch").current_dir(folder).env_remove("CARGO_TARGET_DIR");
    let mut serve = Serve::spawn(command, config)?;
    serve.runs()?;
    Ok(serve)
}

fn request(serve: &Serve) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // The app sends no answer.
    let _ = runtime.block_on(Answer::of(client()?.get(serve.url("/"))));
    Ok(())
}

#[test]
fn a_change_of_the_source_replaces_the_app() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    fs::create_dir(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), PACKAGE)?;
    let manifest = MANIFEST;
    fs::write(folder.join("fastly.toml"), manifest)?;
    write_source(folder, r#"println!("it is one")"#)?;

    let mut serve = watched(folder)?;
    has_said(&serve, "it is one", 1)?;

    write_source(folder, r#"println!("it is two"#)?;
    has_said(&serve, "error", 1)?;
    serve.says(|line| line.contains("src/main.rs:1:"))?;
    has_said(&serve, "the app from before this change goes on", 1)?;
    let so_far = serve.output().iter().filter(|line| line.contains("it is one")).count();
    request(&serve)?;
    has_said(&serve, "it is one", so_far + 1)?;

    write_source(folder, r#"println!("it is one")"#)?;
    has_said(&serve, "the build has no errors now, and the app has not changed: it goes on", 1)?;

    write_source(folder, r#"println!("it is two")"#)?;
    has_said(&serve, "the new app runs", 1)?;
    request(&serve)?;
    has_said(&serve, "it is two", 1)?;

    // Neither what builds write, nor a file that changes nothing, replaces the app. The manifest does.
    fs::write(folder.join("src/main.rs"), "fn main() { println!(\"it is two\") }\n")?;
    fs::write(folder.join("fastly.toml"), format!("{manifest}[local_server.backends.other]\n"))?;
    has_said(&serve, "the app from before this change goes on", 2)?;
    serve.says(|line| line.contains("invalid configuration for 'other': missing 'url' field"))?;
    fs::write(folder.join("fastly.toml"), format!("{manifest}# the same backend\n"))?;
    has_said(&serve, "the new app runs", 2)?;
    assert!(serve.interrupt()?.success());
    assert_eq!(serve.output().iter().filter(|line| line.contains("the new app runs")).count(), 2);
    Ok(())
}

/// A dependency, a file that a build script reads and a file of a store come later, or are outside of the package.
#[test]
fn a_change_of_what_came_later_replaces_the_app() -> Result<()> {
    let parent = tempfile::tempdir()?;
    let folder = parent.path().join("app");
    let write = |name: &str, text: &str| -> Result<()> {
        let path = parent.path().join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder"))?;
        Ok(fs::write(path, text)?)
    };
    write("app/Cargo.toml", PACKAGE)?;
    write("app/fastly.toml", MANIFEST)?;
    write("app/src/main.rs", "fn main() {}\n")?;
    let mut serve = watched(&folder)?;

    write("lib/Cargo.toml", "[package]\nname = \"lib\"\nedition = \"2024\"\n")?;
    write("lib/src/lib.rs", "pub fn say() { println!(\"the lib is one\") }\n")?;
    write("app/Cargo.toml", &format!("{PACKAGE}[dependencies]\nlib = {{ path = \"../lib\" }}\n"))?;
    write("app/src/main.rs", "fn main() { lib::say() }\n")?;
    says_on_request(&serve, "the lib is one")?;
    write("lib/src/lib.rs", "pub fn say() { println!(\"the lib is two\") }\n")?;
    says_on_request(&serve, "the lib is two")?;

    // The name of a dependency comes before its folder.
    let both = "lib = { path = \"../lib\" }\nlate = { path = \"../late\" }\n";
    write("app/Cargo.toml", &format!("{PACKAGE}[dependencies]\n{both}"))?;
    write("app/src/main.rs", "fn main() { late::say() }\n")?;
    serve.says(|line| line.contains("late/Cargo.toml"))?;
    write("late/Cargo.toml", "[package]\nname = \"late\"\nedition = \"2024\"\n")?;
    write("late/src/lib.rs", "pub fn say() { println!(\"the late one is here\") }\n")?;
    says_on_request(&serve, "the late one is here")?;

    let script = "fn main() {
    println!(\"cargo::rerun-if-changed=../a text\");
    println!(\"cargo::rustc-env=TEXT={}\", std::fs::read_to_string(\"../a text\").unwrap());
}
";
    write("a text", "the text is one")?;
    write("app/src/main.rs", "fn main() { println!(env!(\"TEXT\")) }\n")?;
    write("app/build.rs", script)?;
    says_on_request(&serve, "the text is one")?;
    write("a text", "the text is two")?;
    says_on_request(&serve, "the text is two")?;

    // An editor writes another file, and gives it the name. The file of the store is mended after that.
    write("store.json", "no JSON")?;
    let store = "[local_server.config_stores.it]\nfile = \"../store.json\"\nformat = \"json\"\n";
    write("new.toml", &format!("{MANIFEST}{store}"))?;
    fs::rename(parent.path().join("new.toml"), folder.join("fastly.toml"))?;
    serve.says(|line| line.contains("configuration for 'it'"))?;
    let so_far = serve.output().iter().filter(|line| line.contains("the new app runs")).count();
    write("store.json", "{\"a\": \"b\"}")?;
    has_said(&serve, "the new app runs", so_far + 1)?;
    assert!(serve.interrupt()?.success());
    Ok(())
}
