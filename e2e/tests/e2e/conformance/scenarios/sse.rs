//! Event streams.

use std::time::Duration;

use anyhow::Result;
use fanout::Event;
use fanout::publish::Message;
use fanout::websocket::CloseCode;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(a_text_is_an_event: Sse),
    scenario!(each_line_of_a_text_is_a_line_of_data: Sse),
    scenario!(the_first_events_come_first: Sse),
    scenario!(a_published_event_has_its_name_and_id: Sse),
    scenario!(json_is_one_event: Sse, Query),
    scenario!(a_client_that_reconnects_has_a_last_event: Sse, LastEventId),
    scenario!(options_make_the_head: Sse, Head),
    scenario!(a_comment_comes_at_an_interval: Sse, KeepAlive),
    scenario!(a_hold_in_json_has_every_option: Sse, JsonForm, Head, KeepAlive),
    scenario!(an_event_comes_after_a_quiet_time: Sse, KeepAlive),
    scenario!(a_comment_comes_by_default: Sse, KeepAlive),
    scenario!(no_keep_alive_comes_if_it_is_off: Sse, KeepAlive),
    scenario!(an_error_is_an_early_answer: Sse, EarlyAnswer, Redirect),
    scenario!(two_clients_see_the_same: Sse, SeveralClients),
    scenario!(a_close_ends_an_event_stream: Sse, PublishedClose),
];

async fn a_text_is_an_event(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/event-stream",
        r#"ann: ":\n\ndata: goal\n\n""#,
        r#"ann: "data: second goal\n\n""#,
    ]);
    let mut ann = stage.open("ann", get("/sse/plain/{of}").on("sse-{of}")).await?;
    stage.publish("sse-{of}", "goal").await?;
    ann.until("goal\n\n").await?;
    stage.publish("sse-{of}", "second goal").await?;
    ann.until("goal\n\n").await
}

async fn each_line_of_a_text_is_a_line_of_data(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\ndata: a\ndata: b\ndata: \ndata: é\n\n""#]);
    let mut ann = stage.open("ann", get("/sse/plain/{of}").on("sse-{of}")).await?;
    stage.publish("sse-{of}", "a\nb\r\n\ré").await?;
    ann.until("é\n\n").await
}

async fn the_first_events_come_first(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: ": welcome\n\nevent: goal\nid: 7\ndata: one\ndata: two\n\ndata: \n\n""#,
        r#"ann: "data: goal\n\n""#,
        r#"bob: "data: café & more\n\n""#,
    ]);
    let mut ann = stage.open("ann", get("/sse/first/{of}").on("sse-{of}")).await?;
    ann.until("data: \n\n").await?;
    stage.publish("sse-{of}", "goal").await?;
    ann.until("goal\n\n").await?;
    let mut bob = stage.open("bob", get("/sse/text/{of}/caf%C3%A9%20&%20more").on("sse-{of}")).await?;
    bob.until("\n\n").await
}

async fn a_published_event_has_its_name_and_id(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: ":\n\nevent: news\nid: 7\ndata: a\ndata: b\n\n""#,
        r#"ann: ": only a comment\n\nretry: 2000\ndata: later\n\n""#,
    ]);
    let mut ann = stage.open("ann", get("/sse/plain/{of}").on("sse-{of}")).await?;
    stage.publish("sse-{of}", Event::data("a\nb").event("news")?.id("7")?).await?;
    ann.until("b\n\n").await?;
    stage.publish("sse-{of}", Event::comment("only a comment")).await?;
    stage.publish("sse-{of}", Event::data("later").retry(Duration::from_secs(2))).await?;
    ann.until("later\n\n").await
}

async fn json_is_one_event(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "data: {\"topic\":[\"a b\",\"c\"],\"since\":3}\n\n""#,
        r#"ann: "data: [1,null,\"\\n\"]\n\n""#,
        "bob: 400, content-type: text/plain; charset=utf-8",
    ]);
    let mut ann = stage.open("ann", get("/sse/json/{of}?topic=a%20b&topic=c&since=3").on("sse-{of}")).await?;
    ann.until("\n\n").await?;
    stage.publish("sse-{of}", Message::json(&(1, None::<()>, "\n"))?).await?;
    ann.until("\n\n").await?;
    stage.send("bob", get("/sse/json/{of}?since=yesterday")).await
}

async fn a_client_that_reconnects_has_a_last_event(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "data: None\n\n""#, r#"ann: "data: Some(\"42\")\n\n""#]);
    let request = get("/sse/resumed/{of}").on("sse-{of}");
    stage.open("ann", request.clone()).await?.until("\n\n").await?;
    stage.open("ann", request.header("last-event-id", "42")).await?.until("\n\n").await
}

async fn options_make_the_head(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: 202, cache-control: private, content-type: text/event-stream, x-feed: a, \"b\"; c"#,
        r#"ann: "data: dressed\n\n""#,
    ]);
    let mut ann = stage.open("ann", get("/sse/dressed/{of}").on("sse-{of}")).await?;
    ann.until("dressed\n\n").await
}

async fn a_comment_comes_at_an_interval(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\n:\n\n""#, r#"ann: ":\n\n""#]);
    let mut ann = stage.open("ann", get("/sse/every/{of}").on("sse-{of}")).await?.with_comments();
    stage.advance(2).await;
    ann.until(":\n\n:\n\n").await?;
    stage.advance(2).await;
    ann.until(":\n\n").await
}

/// The comma in the name of the channel rules out the header.
async fn a_hold_in_json_has_every_option(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: 202, cache-control: private, content-type: text/event-stream, x-feed: a, \"b\"; c"#,
        r#"ann: "data: dressed\n\n""#,
        r#"ann: "data: goal\n\n""#,
        r#"bob: ":\n\n:\n\n""#,
    ]);
    let mut ann = stage.open("ann", get("/sse/dressed/{of},x").on("sse-{of},x")).await?;
    ann.until("\n\n").await?;
    stage.publish("sse-{of},x", "goal").await?;
    ann.until("\n\n").await?;
    let mut bob = stage.open("bob", get("/sse/every/{of},y").on("sse-{of},y")).await?.with_comments();
    stage.advance(2).await;
    bob.until(":\n\n:\n\n").await
}

async fn an_event_comes_after_a_quiet_time(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\ndata: goal\n\n""#, r#"ann: "event: idle\ndata: \n\n""#]);
    let mut ann = stage.open("ann", get("/sse/idle/{of}").on("sse-{of}")).await?;
    stage.publish("sse-{of}", "goal").await?;
    ann.until("goal\n\n").await?;
    stage.advance(8).await;
    ann.until("\n\n").await
}

async fn a_comment_comes_by_default(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\n:\n\n""#]);
    let mut ann = stage.open("ann", get("/sse/plain/{of}").on("sse-{of}")).await?.with_comments();
    stage.advance(15).await;
    ann.until(":\n\n:\n\n").await
}

async fn no_keep_alive_comes_if_it_is_off(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\ndata: goal\n\n""#]);
    let mut ann = stage.open("ann", get("/sse/off/{of}").on("sse-{of}")).await?.with_comments();
    stage.advance(17).await;
    stage.publish("sse-{of}", "goal").await?;
    ann.until("goal\n\n").await
}

async fn an_error_is_an_early_answer(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "data: held\n\n""#,
        "bob: 200, cache-control: no-store, content-type: text/event-stream",
        r#"bob: "event: forbidden\nretry: 86400000\ndata: not for you\n\n""#,
        "carol: 418, content-type: text/plain; charset=utf-8",
        r#"carol: "no events\n""#,
        "dan: 303, location: /sse/plain/elsewhere",
    ]);
    let mut ann = stage.open("ann", get("/sse/early/{of}").on("sse-{of}")).await?;
    ann.until("\n\n").await?;
    stage.send("bob", get("/sse/early/{of}?early=refusal")).await?;
    stage.send("carol", get("/sse/early/{of}?early=status")).await?;
    stage.send("dan", get("/sse/early/{of}?early=redirect")).await
}

async fn two_clients_see_the_same(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\ndata: for both\n\n""#, r#"bob: ":\n\ndata: for both\n\n""#]);
    let mut ann = stage.open("ann", get("/sse/plain/{of}").on("sse-{of}")).await?;
    let mut bob = stage.open("bob", get("/sse/plain/{of}").on("sse-{of}")).await?;
    stage.publish("another-{of}", "for others").await?;
    stage.publish("sse-{of}", "for both").await?;
    ann.until("both\n\n").await?;
    bob.until("both\n\n").await
}

async fn a_close_ends_an_event_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ":\n\ndata: last words\n\n""#, "ann: end"]);
    let ann = stage.open("ann", get("/sse/plain/{of}").on("sse-{of}")).await?;
    stage.publish("sse-{of}", "last words").await?;
    stage.publish("sse-{of}", Message::close(CloseCode::NORMAL, "the match is over")).await?;
    ann.until_the_end().await
}
