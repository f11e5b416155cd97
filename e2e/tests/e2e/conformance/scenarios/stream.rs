//! Streams of text and bytes.

use anyhow::Result;
use fanout::publish::{HttpStream, Message};
use fanout::websocket::CloseCode;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Request, Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(a_stream_begins_with_nothing: Stream),
    scenario!(an_item_is_framed_unless_it_is_not: Stream, Formats),
    scenario!(the_first_lines_come_first: Stream, Head, Paths),
    scenario!(bytes_arrive_as_they_are: Stream, Formats),
    scenario!(any_bytes_keep_a_stream_alive: Stream, KeepAlive),
    scenario!(a_text_comes_at_an_interval: Stream, KeepAlive),
    scenario!(a_handler_changes_its_hold: Stream, Channels, Head),
    scenario!(a_status_has_a_reason: Stream, Head),
    scenario!(a_handler_sees_the_headers_of_the_client: Stream, Headers),
    scenario!(a_hint_without_a_link_does_nothing: Stream, Recovery),
    scenario!(an_empty_item_is_nothing: Stream, Formats),
    scenario!(a_long_item_arrives_whole: Stream),
    scenario!(a_close_ends_a_stream: Stream, PublishedClose),
];

fn line(text: &str) -> Message {
    Message::text(text).unframed()
}

async fn a_stream_begins_with_nothing(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8",
        r#"ann: "goal\n""#,
    ]);
    let mut ann = stage.open("ann", get("/stream/plain/{of}").on("stream-{of}")).await?;
    stage.publish("stream-{of}", line("goal\n")).await?;
    ann.until("goal\n").await
}

async fn an_item_is_framed_unless_it_is_not(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "data: framed\n\nnot framed.raw\n""#]);
    let mut ann = stage.open("ann", get("/stream/plain/{of}").on("stream-{of}")).await?;
    stage.publish("stream-{of}", "framed").await?;
    stage.publish("stream-{of}", line("not framed.")).await?;
    stage.publish("stream-{of}", Message::text("framed").http_stream(HttpStream::send("raw\n"))).await?;
    ann.until("raw\n").await
}

async fn the_first_lines_come_first(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/csv",
        r#"ann: "1,1\n2,4\n3,9\n""#,
        r#"ann: "4,16\n""#,
    ]);
    let mut ann = stage.open("ann", get("/stream/lines/{of}/3").on("stream-{of}")).await?;
    ann.until("3,9\n").await?;
    stage.publish("stream-{of}", line("4,16\n")).await?;
    ann.until("\n").await
}

async fn bytes_arrive_as_they_are(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: application/octet-stream",
        r#"ann: b"\xff\x00;""#,
        r#"ann: b"\x00\x80,\r\n\xfe;""#,
    ]);
    let mut ann = stage.open("ann", get("/stream/bytes/{of}").on("stream-{of}")).await?;
    ann.until(";").await?;
    stage.publish("stream-{of}", Message::bytes(b"\x00\x80,\r\n\xfe;").unframed()).await?;
    ann.until(";").await
}

async fn any_bytes_keep_a_stream_alive(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ".;\0""#, r#"ann: ".;\0""#]);
    let mut ann = stage.open("ann", get("/stream/idle/{of}").on("stream-{of}")).await?;
    stage.advance(2).await;
    ann.until("\0").await?;
    stage.advance(2).await;
    ann.until("\0").await
}

async fn a_text_comes_at_an_interval(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "first\ntick\n""#, r#"ann: "tick\n""#]);
    let mut ann = stage.open("ann", get("/stream/every/{of}").on("stream-{of}")).await?;
    stage.advance(2).await;
    ann.until("tick\n").await?;
    stage.advance(2).await;
    ann.until("tick\n").await
}

async fn a_handler_changes_its_hold(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 202, cache-control: no-store, content-type: text/plain; charset=utf-8, x-other: {of}-two",
        r#"ann: "also {of}-two\n""#,
        r#"ann: "one.two\n""#,
    ]);
    let request = get("/stream/changed/{of}/{of}-two").on("stream-{of}").on("stream-{of}-two");
    let mut ann = stage.open("ann", request).await?;
    ann.until("\n").await?;
    stage.publish("stream-{of}", line("one.")).await?;
    stage.publish("stream-{of}-two", line("two\n")).await?;
    ann.until("two\n").await
}

async fn a_status_has_a_reason(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200 Fine By Me, cache-control: no-store, content-type: text/plain; charset=utf-8",
        r#"ann: "goal\n""#,
    ]);
    let mut ann = stage.open("ann", get("/stream/reason/{of}").on("stream-{of}")).await?;
    stage.publish("stream-{of}", line("goal\n")).await?;
    ann.until("\n").await
}

async fn a_handler_sees_the_headers_of_the_client(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8"]);
    let mut ann = stage.open("ann", with_headers("/stream/headers/{of}").on("stream-{of}")).await?;
    ann.until("fanout-guard: []\n").await
}

/// Headers that a client sends, some of them of the proxy's own.
pub(super) fn with_headers(path: &str) -> Request {
    get(path)
        .header("x-member", "ann")
        .header("x-member", "anna, too")
        .header("cookie", "a=1; b=2")
        .header("accept-language", "en")
        .header("authorization", "Bearer x")
        .header("meta-member", "mallory")
        .header("set-meta-member", "mallory")
        .header("grip-last", "admin; last-id=1")
        .header("grip-channel", "admin")
        .header("fanout-guard", "mallory")
}

async fn a_hint_without_a_link_does_nothing(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "goal\n""#]);
    let mut ann = stage.open("ann", get("/stream/plain/{of}").on("stream-{of}")).await?;
    stage.publish("stream-{of}", Message::new().http_stream(HttpStream::hint())).await?;
    stage.publish("stream-{of}", line("goal\n")).await?;
    ann.until("\n").await
}

async fn an_empty_item_is_nothing(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "goal\n""#]);
    let mut ann = stage.open("ann", get("/stream/plain/{of}").on("stream-{of}")).await?;
    stage.publish("stream-{of}", line("")).await?;
    stage.publish("stream-{of}", line("goal\n")).await?;
    ann.until("\n").await
}

async fn a_long_item_arrives_whole(stage: &Stage<'_>) -> Result<()> {
    let long = "x".repeat(100_000) + "\n";
    stage.expects(&[&format!("ann: 100001 bytes, \"{}…", "x".repeat(199))]);
    let mut ann = stage.open("ann", get("/stream/plain/{of}").on("stream-{of}")).await?;
    stage.publish("stream-{of}", line(&long)).await?;
    ann.until("\n").await
}

async fn a_close_ends_a_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "last words\n""#, "ann: end", r#"bob: "still there\n""#]);
    let ann = stage.open("ann", get("/stream/plain/{of}").on("stream-{of}")).await?;
    let mut bob = stage.open("bob", get("/stream/changed/{of}-two/{of}-three").on("stream-{of}-two")).await?;
    bob.until("\n").await?;
    stage.publish("stream-{of}", line("last words\n")).await?;
    let close = Message::new().http_stream(HttpStream::close());
    stage.publish_all(vec![stage.item("stream-{of}", close)]).await?;
    ann.until_the_end().await?;
    // For other kinds of clients than this one.
    let close = Message::close(CloseCode::NORMAL, "").without_http_stream();
    stage.publish("stream-{of}-two", close).await?;
    stage.publish("stream-{of}-two", line("still there\n")).await?;
    bob.until("there\n").await
}
