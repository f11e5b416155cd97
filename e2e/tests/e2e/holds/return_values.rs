//! The return values of handlers, as clients see them.

use anyhow::Result;
use e2e::{Answer, App, Held, media_type, on_app};
use reqwest::header::HeaderMap;
use serde_json::json;

async fn hold(app: &App, path: &str) -> Result<Held> {
    let held = Held::open(app.client().get(app.url(path))).await?;
    app.subscribed(path, "returns").await?;
    Ok(held)
}

#[test]
fn iterators_are_the_beginning_of_a_stream() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = hold(app, "/returns/topics?topic=a&topic=b%20c").await?;
        app.publish("returns", "end").await?;
        let expected = "event: topic\ndata: a\n\nevent: topic\ndata: b c\n\ndata: end\n\n";
        assert_eq!(client.heard_until("end\n\n").await?, expected);
        let mut client = hold(app, "/returns/lines").await?;
        assert_eq!(client.heard_until("3\n").await?, "line 1\nline 2\nline 3\n");
        Ok(())
    })
}

#[test]
fn a_query_that_is_wrong_is_not_held() -> Result<()> {
    on_app("probe", async |app| {
        let answer = app.get("/returns/poll?now=perhaps").await?;
        assert_eq!(answer.status, 400);
        assert!(answer.body.contains("\"perhaps\""), "{answer:?}");
        Ok(())
    })
}

#[test]
fn a_poll_is_answered_at_once_at_its_timeout_or_elsewhere() -> Result<()> {
    on_app("probe", async |app| {
        let is_json = |headers: &HeaderMap| assert_eq!(media_type(headers), "application/json");
        let now = app.get("/returns/poll?now=true").await?;
        assert_eq!((now.status, now.body.as_str()), (200, r#"{"now":true,"moved":false}"#));
        is_json(&now.headers);
        // The client follows the redirect.
        let moved = app.get("/returns/poll?moved=true").await?;
        assert_eq!((moved.status, &moved.body), (200, &now.body));
        let later = app.get("/returns/poll").await?;
        assert_eq!((later.status, later.body.as_str()), (202, "not yet\n"));
        Ok(())
    })
}

#[test]
fn a_function_changes_its_hold() -> Result<()> {
    on_app("probe", async |app| {
        let mut client = hold(app, "/returns/held").await?;
        app.publish_formats("returns", json!({"http-stream": {"content": "by %(method)s\n"}})).await?;
        assert_eq!(client.heard_until("GET\n").await?, "hello\nby GET\n");
        Ok(())
    })
}

#[test]
fn a_refusal_is_one_event() -> Result<()> {
    on_app("probe", async |app| {
        let answer: Answer = app.get("/returns/refused").await?;
        assert_eq!((answer.status, media_type(&answer.headers)), (200, "text/event-stream"));
        assert_eq!(answer.body, "event: forbidden\nretry: 86400000\ndata: not for you\n\n");
        Ok(())
    })
}
