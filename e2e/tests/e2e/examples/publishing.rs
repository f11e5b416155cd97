//! The example app's own `POST /publish`, and those of the docs of `#[fanout::main]`.

use std::fs;

use anyhow::Result;
use e2e::{Answer, Held, on_app, on_stack, on_stack_with};
use tokio_tungstenite::tungstenite::protocol::Message as Frame;

#[test]
fn it_reaches_every_kind_of_client() -> Result<()> {
    on_stack(async |app| {
        let poll = app.poll("/response").await?;
        let mut stream = app.hold("/sse").await?;
        let mut plain = app.hold("/stream").await?;
        let mut socket = app.connect("/ws").await?;
        let request = app.client().post(app.url("/publish?channel=te%73t")).body("two\nlines");
        let answer = Answer::of(request).await?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "published\n"));
        assert_eq!(poll.answer().await?.body, "two\nlines");
        assert_eq!(stream.heard_until("lines\n\n").await?, "data: two\ndata: lines\n\n");
        assert_eq!(plain.heard_until("\n\n").await?, "data: two\ndata: lines\n\n");
        assert_eq!(socket.hear().await?, Frame::text("two\nlines"));
        Ok(())
    })
}

#[test]
fn a_wrong_publish_request_is_a_400() -> Result<()> {
    on_stack(async |app| {
        let paths = ["/publish?channel=", "/publish?channel=%ff", "/publish?channel=a&channel=b"];
        for (path, body) in
            paths.map(|path| (path, &b"text"[..])).into_iter().chain([("/publish", &b"\xff"[..])])
        {
            let answer = Answer::of(app.client().post(app.url(path)).body(body)).await?;
            assert_eq!(answer.status, 400, "{path}: {answer:?}");
        }
        let get = app.get("/publish").await?;
        assert_eq!((get.status, get.header("allow")), (405, "POST, OPTIONS"));
        Ok(())
    })
}

/// The example in the docs is the code of the probe.
#[test]
fn the_docs_show_what_is_tested() {
    let docs = include_str!("../../../../runtime/src/lib.rs");
    let code = include_str!("../../../probe/src/documented.rs");
    let code = code.replace("pub fn", "fn").replace("pub struct", "struct");
    let start = code.find("#[fanout::sse").expect("an endpoint");
    let shown: String =
        code[start..].lines().map(|line| format!("/// {line}").trim_end().to_owned() + "\n").collect();
    assert!(docs.contains(&shown), "the docs of `main` lack\n{shown}");
}

#[test]
fn the_example_of_the_docs_publishes_to_every_name() -> Result<()> {
    on_app("probe", async |app| {
        for (sent, channel) in [
            ("red", "red"),
            ("a%20b", "a b"),
            ("a%2Fb%3Fc%25", "a/b?c%"),
            ("gr%C3%BCn", "grün"),
            ("a+b", "a b"),
        ] {
            // In a path, a plus is a plus.
            let path = format!("/scores/{}", sent.replace('+', "%20"));
            let mut client = Held::open(app.client().get(app.url(&path))).await?;
            app.subscribed(&path, &format!("scores-{channel}")).await?;
            let goal = app.client().post(app.url(&format!("/goals?game={sent}"))).body("1 : 0");
            let answer = Answer::of(goal).await?;
            assert_eq!((answer.status, answer.body.as_str()), (202, "published\n"), "{sent}");
            assert_eq!(client.heard_until("0\n\n").await?, "data: 1 : 0\n\n", "{sent}");
            // The endpoint at the path of the stream takes no path apart either.
            let goal = Answer::of(app.client().post(app.url(&path)).body("2 : 0")).await?;
            assert_eq!((goal.status, goal.body.as_str()), (202, "published\n"), "{sent}");
            assert_eq!(client.heard_until("2 : 0\n\n").await?, "data: 1 : 0\n\ndata: 2 : 0\n\n", "{sent}");
        }
        for (query, reason) in [("?game=%ff", "`game` is not UTF-8\n"), ("", "missing field `game`\n")] {
            let answer = Answer::of(app.client().post(app.url(&format!("/goals{query}")))).await?;
            assert!(answer.status == 400 && answer.body.ends_with(reason), "{query}: {answer:?}");
        }
        Ok(())
    })
}

/// As on Compute without a secret store.
#[test]
fn without_a_secret_store_publishing_is_a_404() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("fastly.toml");
    fs::write(&manifest, "manifest_version = 3\nname = \"bare\"\nlanguage = \"rust\"\n")?;
    on_stack_with(
        |config| config.manifest = manifest,
        async |app| {
            let answer = Answer::of(app.client().post(app.url("/publish")).body("text")).await?;
            assert_eq!(
                (answer.status, answer.body.as_str()),
                (404, "this app is not configured to publish\n")
            );
            Ok(())
        },
    )
}
