//! The `fastly.toml` of another app: the files beside it, and the ways in which it names this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use e2e::{Answer, on_stack_with};

/// The manifest is in another folder, and is named by a relative path, as on a command line.
fn is_served(manifest: &str, file: &str, content: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join(file), content)?;
    let path = folder.path().join("fastly.toml");
    fs::write(&path, manifest)?;
    let configure = |config: &mut cargo_fanout::stack::Config| {
        assert_ne!(config.publish_port, 5561);
        config.manifest = from_here(&path);
        config.wasm = from_here(&config.wasm);
        config.viceroy = from_here(&config.viceroy);
    };
    on_stack_with(configure, async |app| {
        for (text, is_restarted) in [("one", false), ("two", true)] {
            if is_restarted {
                app.restart_viceroy(None)?;
            }
            let mut held = app.hold("/sse").await?;
            let request = app.client().post(app.url("/publish?channel=test")).body(text);
            // A kept-alive connection would lead to the Viceroy that has ended.
            let answer = Answer::of(request.header("connection", "close")).await?;
            assert_eq!((answer.status, answer.body.as_str()), (200, "published\n"));
            assert_eq!(held.heard_until("\n\n").await?, format!("data: {text}\n\n"));
        }
        Ok(())
    })?;
    assert_eq!(fs::read_to_string(folder.path().join(file))?, content);
    Ok(())
}

/// A path relative to this folder.
fn from_here(path: &Path) -> PathBuf {
    let here = env::current_dir().expect("there is a folder");
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    up.join(path.strip_prefix("/").expect("it is absolute"))
}

#[test]
fn localhost_is_this_machine_and_a_store_is_beside_the_manifest() -> Result<()> {
    is_served(
        r#"
manifest_version = 3
[local_server.backends]
self.url = "http://LocalHost:7676"
publisher.url = "http://localhost:5561"
[local_server.secret_stores.fanout]
file = "secrets.json"
format = "json"
"#,
        "secrets.json",
        r#"{"GRIP_URL": "http://localhost:5561"}"#,
    )
}

#[test]
fn another_spelling_and_a_secret_beside_the_manifest() -> Result<()> {
    is_served(
        r#"
manifest_version = 3
[local_server.pushpin]
publish_port = 5571
[local_server.backends]
self = { url = "http://[::1]:7676/" }
publisher = { url = "http://[::1]:5571/?", override_host = "[::1]:5571" }
[local_server.kv_stores]
other = [{ key = "picture", file = "grip_url" }]
[[local_server.secret_stores.fanout]]
key = "GRIP_URL"
file = "./grip_url"
"#,
        "grip_url",
        "http://[::1]:5571/",
    )
}
