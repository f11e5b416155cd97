//! The example app's own `POST /publish`.

use std::fs;

use anyhow::Result;
use e2e::{Answer, on_stack, on_stack_with};
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
fn it_says_what_is_wrong_with_a_request() -> Result<()> {
    on_stack(async |app| {
        for (path, body) in [("/publish?channel=", &b"text"[..]), ("/publish", b"\xff")] {
            let answer = Answer::of(app.client().post(app.url(path)).body(body)).await?;
            assert_eq!(answer.status, 400, "{path}: {answer:?}");
        }
        assert_eq!(app.get("/publish").await?.status, 404);
        Ok(())
    })
}

/// As on Compute, where nobody has made a secret store.
#[test]
fn it_is_not_there_where_nothing_is_set_up() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("fastly.toml");
    fs::write(&manifest, "manifest_version = 3\nname = \"bare\"\nlanguage = \"rust\"\n")?;
    on_stack_with(
        |config| config.manifest = Some(manifest),
        async |app| {
            let answer = Answer::of(app.client().post(app.url("/publish")).body("text")).await?;
            assert_eq!((answer.status, answer.body.as_str()), (404, ""));
            Ok(())
        },
    )
}
