//! Endpoints with a history.

use anyhow::Result;
use fanout::Event;
use fanout::http::{HeaderName, HeaderValue};
use fanout::publish::{HttpResponse, Item, Message};

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Request, Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(entries_in_order_need_no_recovery: History, Sse, Ids),
    scenario!(entries_that_the_proxy_did_not_get_are_recovered_once: History, Sse, Recovery, Ids),
    scenario!(a_client_that_comes_back_gets_the_rest: History, Sse, LastEventId),
    scenario!(an_id_in_the_query_counts: History, Sse, LastEventId, Query),
    scenario!(an_expired_id_resets_the_stream: History, Sse, LastEventId),
    scenario!(an_unknown_id_resets_the_stream: History, Sse, LastEventId),
    scenario!(a_recovery_after_an_expired_id_resets_the_stream: History, Sse, Recovery),
    scenario!(a_new_client_gets_the_newest_entries: History, Sse),
    scenario!(a_quiet_stream_gets_what_is_new: History, Sse, Recovery),
    scenario!(a_guarded_stream_recovers: History, Sse, Guard, Recovery),
    scenario!(a_poll_gets_the_oldest_entry_that_it_missed: History, LongPoll, LastEventId),
    scenario!(a_poll_waits_and_its_timeout_has_an_id: History, LongPoll, Timeout),
    scenario!(an_item_for_a_poll_that_missed_one_makes_it_ask_again: History, LongPoll, Recovery),
    scenario!(a_poll_learns_of_a_reset: History, LongPoll),
    scenario!(a_stream_of_bytes_recovers: History, Stream, Recovery),
    scenario!(a_stream_of_bytes_ends_if_entries_are_gone: History, Stream, Recovery),
];

/// The item of an entry, as a history publishes it.
fn entry(stage: &Stage<'_>, number: u32) -> Item {
    let id = number.to_string();
    let header = (HeaderName::from_static("last-event-id"), HeaderValue::from_str(&id).expect("digits"));
    let poll = HttpResponse::new(&*id).header(header.0, header.1);
    let message = Message::event(Event::data(&*id).id_number(number)).http_response(poll);
    stage.item("history-{of}", message).id(id).prev_id((number - 1).to_string())
}

fn on_history(path: &str) -> Request {
    get(path).on("history-{of}")
}

async fn entries_in_order_need_no_recovery(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "event: greeting\ndata: hello\n\nid: 4\n\nid: 5\ndata: 5\n\n""#,
        r#"ann: "id: 6\ndata: 6\n\n""#,
    ]);
    let mut ann = stage.open("ann", on_history("/histories/events/{of}/4/9")).await?;
    stage.publish_all(vec![entry(stage, 5)]).await?;
    ann.until("data: 5\n\n").await?;
    stage.publish_all(vec![entry(stage, 6)]).await?;
    ann.until("data: 6\n\n").await
}

async fn entries_that_the_proxy_did_not_get_are_recovered_once(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "event: greeting\ndata: hello\n\nid: 4\n\n""#,
        r#"ann: "id: 5\ndata: 5\n\nid: 6\ndata: 6\n\nid: 7\ndata: 7\n\n""#,
        r#"ann: "id: 8\ndata: 8\n\n""#,
    ]);
    let mut ann = stage.open("ann", on_history("/histories/events/{of}/4/7")).await?;
    ann.until("id: 4\n\n").await?;
    stage.publish_all(vec![entry(stage, 7)]).await?;
    ann.until("data: 7\n\n").await?;
    stage.publish_all(vec![entry(stage, 8)]).await?;
    ann.until("data: 8\n\n").await
}

async fn a_client_that_comes_back_gets_the_rest(stage: &Stage<'_>) -> Result<()> {
    let rest = "id: 5\\ndata: 5\\n\\nid: 6\\ndata: 6\\n\\n";
    stage.expects(&[
        &format!(r#"ann: "event: greeting\ndata: hello\n\n{rest}""#),
        r#"ann: "id: 7\ndata: 7\n\n""#,
    ]);
    let request = on_history("/histories/events/{of}/4/6").header("last-event-id", "4");
    let mut ann = stage.open("ann", request).await?;
    ann.until("data: 6\n\n").await?;
    stage.publish_all(vec![entry(stage, 7)]).await?;
    ann.until("data: 7\n\n").await
}

async fn an_id_in_the_query_counts(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "id: 6\ndata: 6\n\nid: 7\ndata: 7\n\n""#,
        r#"bob: "id: 7\ndata: 7\n\nid: 8\ndata: 8\n\n""#,
    ]);
    let path = "/histories/replayed/{of}/7/7?lastEventId=5";
    let mut ann = stage.open("ann", on_history(path)).await?;
    ann.until("data: 7\n\n").await?;
    let mut bob = stage.open("bob", on_history(path).header("last-event-id", "6")).await?;
    stage.publish_all(vec![entry(stage, 8)]).await?;
    bob.until("data: 8\n\n").await
}

async fn an_expired_id_resets_the_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "event: reset\ndata: {\"reason\":\"expired\"}\n\nid: 3\ndata: 3\n\nid: 4\ndata: 4\n\nid: 5\ndata: 5\n\n""#,
    ]);
    let request = on_history("/histories/replayed/{of}/4/4").header("last-event-id", "1");
    let mut ann = stage.open("ann", request).await?;
    stage.publish_all(vec![entry(stage, 5)]).await?;
    ann.until("data: 5\n\n").await
}

async fn an_unknown_id_resets_the_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "event: reset\ndata: {\"reason\":\"unknown\"}\n\nid: 3\ndata: 3\n\nid: 4\ndata: 4\n\nid: 5\ndata: 5\n\n""#,
    ]);
    let request = on_history("/histories/replayed/{of}/4/4").header("last-event-id", "of another server, 7");
    let mut ann = stage.open("ann", request).await?;
    stage.publish_all(vec![entry(stage, 5)]).await?;
    ann.until("data: 5\n\n").await
}

async fn a_recovery_after_an_expired_id_resets_the_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "event: greeting\ndata: hello\n\nid: 1\n\n""#,
        r#"ann: "event: reset\ndata: {\"reason\":\"expired\"}\n\nid: 1\n\n""#,
    ]);
    // Nothing is kept, and the entry 2 is lost.
    let mut ann = stage.open("ann", on_history("/histories/events/{of}/1/1")).await?;
    ann.until("id: 1\n\n").await?;
    stage.publish_all(vec![entry(stage, 3)]).await?;
    ann.until("id: 1\n\n").await
}

async fn a_new_client_gets_the_newest_entries(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "id: 6\ndata: 6\n\nid: 7\ndata: 7\n\nid: 8\ndata: 8\n\n""#]);
    let mut ann = stage.open("ann", on_history("/histories/replayed/{of}/7/7")).await?;
    stage.publish_all(vec![entry(stage, 8)]).await?;
    ann.until("data: 8\n\n").await
}

async fn a_quiet_stream_gets_what_is_new(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "id: 5\ndata: 5\n\nid: 6\ndata: 6\n\n""#,
        r#"ann: "id: 7\ndata: 7\n\nid: 8\ndata: 8\n\n""#,
    ]);
    let mut ann = stage.open("ann", on_history("/histories/replayed/{of}/6/8")).await?;
    ann.until("data: 6\n\n").await?;
    stage.advance(2).await;
    ann.until("data: 8\n\n").await
}

async fn a_guarded_stream_recovers(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "event: greeting\ndata: a7\n\nid: 4\n\n""#,
        r#"ann: "id: 5\ndata: 5\n\nid: 6\ndata: 6\n\n""#,
        r#"ann: "id: 7\ndata: 7\n\n""#,
        r#"bob: "no session\n""#,
    ]);
    let path = "/histories/guarded/{of}/4/6";
    let mut ann = stage.open("ann", on_history(path).header("cookie", "session=a7")).await?;
    ann.until("id: 4\n\n").await?;
    stage.publish_all(vec![entry(stage, 6)]).await?;
    ann.until("data: 6\n\n").await?;
    stage.publish_all(vec![entry(stage, 7)]).await?;
    ann.until("data: 7\n\n").await?;
    stage.send("bob", get(path).header("last-event-id", "4")).await
}

async fn a_poll_gets_the_oldest_entry_that_it_missed(stage: &Stage<'_>) -> Result<()> {
    let head = |id| {
        format!(
            "ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8, last-event-id: {id}"
        )
    };
    stage.expects(&[&head(5), r#"ann: "5""#, &head(6), r#"ann: "6""#, &head(7), r#"ann: "7""#]);
    let path = "/histories/poll/{of}/6/6";
    for id in ["4", "5"] {
        stage.send("ann", get(path).header("last-event-id", id)).await?;
    }
    let ann = stage.poll("ann", on_history(path).header("last-event-id", "6")).await?;
    stage.publish_all(vec![entry(stage, 7)]).await?;
    ann.answer().await
}

async fn a_poll_waits_and_its_timeout_has_an_id(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8, last-event-id: 6",
        r#"ann: "nothing yet\n""#,
    ]);
    let ann = stage.poll("ann", on_history("/histories/poll/{of}/6/6")).await?;
    stage.advance(5).await;
    ann.answer().await
}

async fn an_item_for_a_poll_that_missed_one_makes_it_ask_again(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8, last-event-id: 5",
        r#"ann: "5""#,
    ]);
    // With another subscriber before it, the poll is not repeated after a second.
    let mut bob = stage.open("bob", on_history("/histories/events/{of}/4/4")).await?;
    bob.until("id: 4\n\n").await?;
    let path = "/histories/poll/{of}/4/6";
    let ann = stage.poll("ann", get(path)).await?;
    stage.subscribed(path, "history-{of}").await?;
    stage.publish_all(vec![entry(stage, 6)]).await?;
    ann.answer().await
}

async fn a_poll_learns_of_a_reset(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/plain; charset=utf-8, history-reset: expired, last-event-id: 3",
        r#"ann: "3""#,
    ]);
    stage.send("ann", get("/histories/poll/{of}/6/6").header("last-event-id", "1")).await
}

async fn a_stream_of_bytes_recovers(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "open\n""#,
        r#"ann: "id: 5\ndata: 5\n\nid: 6\ndata: 6\n\n""#,
        r#"ann: "id: 7\ndata: 7\n\n""#,
    ]);
    let mut ann = stage.open("ann", on_history("/histories/lines/{of}/4/6")).await?;
    ann.until("open\n").await?;
    stage.publish_all(vec![entry(stage, 6)]).await?;
    ann.until("data: 6\n\n").await?;
    stage.publish_all(vec![entry(stage, 7)]).await?;
    ann.until("data: 7\n\n").await
}

async fn a_stream_of_bytes_ends_if_entries_are_gone(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n""#]);
    let mut ann = stage.open("ann", on_history("/histories/lines/{of}/1/1")).await?;
    ann.until("open\n").await?;
    stage.publish_all(vec![entry(stage, 3)]).await?;
    ann.until_the_end().await
}
