//! Long polls.

use anyhow::Result;
use fanout::http::{HeaderValue, Method, StatusCode, header};
use fanout::publish::{HttpResponse, Message};
use fanout::websocket::CloseCode;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get, request};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(a_poll_has_its_body_at_the_timeout: LongPoll, Timeout),
    scenario!(a_poll_has_a_status_at_the_timeout: LongPoll, Timeout, Head),
    scenario!(an_item_ends_a_poll_with_the_headers_of_the_hold: LongPoll, Head),
    scenario!(json_ends_a_poll_as_json: LongPoll, Formats),
    scenario!(a_published_response_has_everything: LongPoll, Formats),
    scenario!(one_item_ends_all_polls: LongPoll, SeveralClients),
    scenario!(an_item_of_another_channel_ends_no_poll: LongPoll),
    scenario!(an_answer_can_come_at_once: LongPoll, EarlyAnswer, LastEventId),
    scenario!(an_error_ends_a_poll_at_once: LongPoll, EarlyAnswer),
    scenario!(an_answer_without_a_body: LongPoll, Formats),
    scenario!(a_hint_ends_no_poll: LongPoll, Recovery),
    scenario!(a_close_ends_no_poll: LongPoll, PublishedClose),
    scenario!(a_poll_on_a_channel_of_any_name: LongPoll, JsonForm, Timeout),
];

async fn a_poll_has_its_body_at_the_timeout(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8",
        r#"ann: "nothing yet\n""#,
    ]);
    let ann = stage.poll("ann", get("/long_poll/short/{of}").on("poll-{of}")).await?;
    stage.advance(5).await;
    ann.answer().await
}

async fn a_poll_has_a_status_at_the_timeout(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 202, cache-control: no-store, content-type: application/json", r#"ann: "[1,2]""#]);
    let ann = stage.poll("ann", get("/long_poll/status/{of}").on("poll-{of}")).await?;
    stage.advance(5).await;
    ann.answer().await
}

async fn an_item_ends_a_poll_with_the_headers_of_the_hold(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/csv, x-feed: live",
        r#"ann: "3,4\n""#,
    ]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-{of}", "3,4\n").await?;
    ann.answer().await
}

async fn json_ends_a_poll_as_json(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: application/json, x-feed: live",
        r#"ann: "[3,4]""#,
    ]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-{of}", Message::json(&(3, 4))?).await?;
    ann.answer().await
}

async fn a_published_response_has_everything(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: 410 Over and out, cache-control: private, content-type: text/csv, etag: \"7\", x-feed: live"#,
        r#"ann: b"\xff\x00""#,
    ]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    let response = HttpResponse::new(b"\xff\x00")
        .status(StatusCode::GONE)
        .reason("Over and out")
        .header(header::ETAG, HeaderValue::from_static("\"7\""))
        .header(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    stage.publish("poll-{of}", Message::new().http_response(response)).await?;
    ann.answer().await
}

async fn one_item_ends_all_polls(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "first\n""#, r#"bob: "first\n""#, r#"ann: "second\n""#]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    let bob = stage.poll("bob", get("/long_poll/long/{of}?bob").on("poll-{of}")).await?;
    stage.publish("poll-{of}", "first\n").await?;
    ann.answer().await?;
    bob.answer().await?;
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-{of}", "second\n").await?;
    ann.answer().await
}

async fn an_item_of_another_channel_ends_no_poll(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "for ann\n""#]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-another-{of}", "for others\n").await?;
    stage.publish("poll-{of}", Message::text("for streams\n").without_http_response()).await?;
    stage.publish("poll-{of}", "for ann\n").await?;
    ann.answer().await
}

async fn an_answer_can_come_at_once(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: application/json",
        r#"ann: "{\"method\":\"GET\",\"seen\":\"6\"}""#,
        r#"bob: "{\"method\":\"POST\",\"seen\":\"7\"}""#,
        r#"carol: "8""#,
    ]);
    let path = "/long_poll/now/{of}";
    stage.send("ann", get(path).header("last-event-id", "6")).await?;
    stage.send("bob", request(Method::POST, path).header("last-event-id", "7")).await?;
    let carol = stage.poll("carol", request(Method::POST, path).on("poll-{of}")).await?;
    stage.publish("poll-{of}", "8").await?;
    carol.answer().await
}

async fn an_error_ends_a_poll_at_once(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 409, content-type: text/plain; charset=utf-8", r#"ann: "not now\n""#]);
    stage.send("ann", get("/long_poll/fails/{of}")).await
}

async fn an_answer_without_a_body(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/csv, x-feed: live",
        "bob: 404, cache-control: no-store, content-type: text/csv, x-feed: live",
    ]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-{of}", "").await?;
    ann.answer().await?;
    let bob = stage.poll("bob", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    let response = HttpResponse::new("").status(StatusCode::NOT_FOUND);
    stage.publish("poll-{of}", Message::new().http_response(response)).await?;
    bob.answer().await
}

async fn a_close_ends_no_poll(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "the answer\n""#]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-{of}", Message::close(CloseCode::NORMAL, "over")).await?;
    stage.publish("poll-{of}", "the answer\n").await?;
    ann.answer().await
}

async fn a_poll_on_a_channel_of_any_name(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/csv, x-feed: live",
        r#"ann: "3,4\n""#,
        "bob: 200, cache-control: no-store, content-type: text/plain; charset=utf-8",
        r#"bob: "nothing yet\n""#,
    ]);
    let ann = stage.poll("ann", get("/long_poll/long/{of},x").on("poll-{of},x")).await?;
    stage.publish("poll-{of},x", "3,4\n").await?;
    ann.answer().await?;
    let bob = stage.poll("bob", get("/long_poll/short/{of},y").on("poll-{of},y")).await?;
    stage.advance(5).await;
    bob.answer().await
}

async fn a_hint_ends_no_poll(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "the answer\n""#]);
    let ann = stage.poll("ann", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.hint("poll-{of}", get("/long_poll/long/{of}").on("poll-{of}")).await?;
    stage.publish("poll-{of}", "the answer\n").await?;
    ann.answer().await
}
