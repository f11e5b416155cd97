//! Publishing to clients of all kinds.

use anyhow::Result;
use fanout::publish::{Item, Message, WsMessage};
use fanout::websocket::CloseCode;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Proxy, Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(one_item_reaches_clients_of_all_kinds: Formats, SeveralClients),
    scenario!(a_missing_format_is_no_item: Formats),
    scenario!(bytes_reach_all_kinds: Formats),
    scenario!(a_known_id_is_dropped: Ids),
    scenario!(an_id_is_known_on_its_channel: Ids),
    scenario!(an_item_waits_for_the_one_before_it: Ids),
    scenario!(an_item_that_waits_too_long_arrives: Ids),
    scenario!(a_channel_needs_no_clients: Formats),
    scenario!(pings_are_published: Formats, Ping),
    scenario!(closes_have_a_code_and_a_reason: PublishedClose, Close),
    scenario!(a_refresh_asks_the_app: Formats),
];

const SSE: &str = "/keeper/{of}";

async fn one_item_reaches_clients_of_all_kinds(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: ":\n\ndata: goal\n\n""#,
        r#"bob: "data: goal\n\n""#,
        r#"carol: "goal""#,
        r#"dan: text "goal""#,
    ]);
    let mut ann = stage.open("ann", get("/kinds/sse/{of}").on("kinds-{of}")).await?;
    let mut bob = stage.open("bob", get("/kinds/stream/{of}").on("kinds-{of}")).await?;
    let carol = stage.poll("carol", get("/kinds/poll/{of}").on("kinds-{of}")).await?;
    let mut dan = stage.connect("dan", get("/kinds/ws/{of}").on("kinds-{of}")).await?;
    stage.publish("kinds-{of}", "goal").await?;
    ann.until("goal\n\n").await?;
    bob.until("goal\n\n").await?;
    carol.answer().await?;
    dan.next().await
}

async fn a_missing_format_is_no_item(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: ":\n\ndata: no polls\n\ndata: no sockets\n\n""#,
        r#"carol: "no sockets""#,
        r#"dan: text "no polls""#,
        r#"dan: text "no streams""#,
        r#"dan: binary "bytes""#,
    ]);
    let mut ann = stage.open("ann", get("/kinds/sse/{of}").on("kinds-{of}")).await?;
    let carol = stage.poll("carol", get("/kinds/poll/{of}").on("kinds-{of}")).await?;
    let mut dan = stage.connect("dan", get("/kinds/ws/{of}").on("kinds-{of}")).await?;
    let items = [
        Message::text("no polls").without_http_response(),
        Message::text("no streams").without_http_stream().without_http_response(),
        Message::text("no sockets").without_ws_message(),
        Message::new().ws_message(WsMessage::binary("bytes")),
    ];
    stage.publish_all(items.map(|message| stage.item("kinds-{of}", message)).into()).await?;
    ann.until("sockets\n\n").await?;
    carol.answer().await?;
    for _ in 0..3 {
        dan.next().await?;
    }
    Ok(())
}

async fn bytes_reach_all_kinds(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"bob: b"\xff\x00;""#, r#"carol: b"\xff\x00;""#, r#"dan: binary b"\xff\x00;""#]);
    let mut bob = stage.open("bob", get("/kinds/stream/{of}").on("kinds-{of}")).await?;
    let carol = stage.poll("carol", get("/kinds/poll/{of}").on("kinds-{of}")).await?;
    let mut dan = stage.connect("dan", get("/kinds/ws/{of}").on("kinds-{of}")).await?;
    stage.publish("kinds-{of}", Message::bytes(b"\xff\x00;").unframed()).await?;
    bob.until(";").await?;
    carol.answer().await?;
    dan.next().await
}

fn line(stage: &Stage<'_>, text: &str) -> Item {
    stage.item("{of}", Message::text(text).unframed())
}

async fn a_known_id_is_dropped(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "once.twice.end\n""#]);
    let mut ann = stage.open("ann", get(SSE).on("{of}")).await?;
    for _ in 0..3 {
        stage.publish_all(vec![line(stage, "once.").id("1")]).await?;
    }
    stage.publish_all(vec![line(stage, "twice.").id("2"), line(stage, "end\n")]).await?;
    ann.until("end\n").await
}

async fn an_id_is_known_on_its_channel(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "1.end\n""#, r#"bob: "one.end\n""#]);
    let mut ann = stage.open("ann", get("/keeper/{of}-a").on("{of}-a")).await?;
    let mut bob = stage.open("bob", get("/keeper/{of}-b").on("{of}-b")).await?;
    let line = |channel, text| stage.item(channel, Message::text(text).unframed());
    let items = [
        line("{of}-a", "1.").id("1"),
        line("{of}-b", "one.").id("1"),
        line("{of}-a", "end\n"),
        line("{of}-b", "end\n"),
    ];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await?;
    bob.until("end\n").await
}

async fn an_item_waits_for_the_one_before_it(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "1now23end\n""#]);
    let mut ann = stage.open("ann", get(SSE).on("{of}")).await?;
    let items = [
        line(stage, "1").id("1"),
        line(stage, "3").id("3").prev_id("2"),
        line(stage, "now").no_seq().id("x").prev_id("2"),
        line(stage, "2").id("2").prev_id("1"),
        line(stage, "end\n").id("4").prev_id("3"),
    ];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await
}

async fn an_item_that_waits_too_long_arrives(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "1.""#, r#"ann: "3.""#]);
    let mut ann = stage.open("ann", get(SSE).on("{of}")).await?;
    let items = [line(stage, "1.").id("1"), line(stage, "3.").id("3").prev_id("2")];
    stage.publish_all(items.into()).await?;
    ann.until(".").await?;
    stage.advance(6).await;
    ann.until(".").await
}

async fn a_channel_needs_no_clients(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "later\n""#]);
    stage.publish_all(vec![line(stage, "earlier\n")]).await?;
    let mut ann = stage.open("ann", get(SSE).on("{of}")).await?;
    stage.publish_all(vec![line(stage, "later\n")]).await?;
    ann.until("\n").await
}

async fn pings_are_published(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"dan: ping "are you there?""#, r#"dan: pong b"\xff""#, r#"dan: text "good""#]);
    let mut dan = stage.connect("dan", get("/kinds/ws/{of}").on("kinds-{of}")).await?;
    stage.publish("kinds-{of}", Message::new().ws_message(WsMessage::ping("are you there?"))).await?;
    stage.publish("kinds-{of}", Message::new().ws_message(WsMessage::pong(b"\xff"))).await?;
    stage.publish("kinds-{of}", "good").await?;
    for _ in 0..3 {
        dan.next().await?;
    }
    Ok(())
}

async fn closes_have_a_code_and_a_reason(stage: &Stage<'_>) -> Result<()> {
    const CLOSES: [(u16, &str); 4] =
        [(1000, ""), (1001, "away"), (3000, "taken"), (4999, "the match is over")];
    let expected = CLOSES.map(|(code, reason)| format!("dan: close {code} {reason:?}"));
    let mut lines = vec![r#"dan: text "last words""#];
    lines.extend(expected.iter().map(String::as_str));
    stage.expects(&lines);
    for (code, reason) in CLOSES {
        let mut dan = stage.connect("dan", get("/kinds/ws/{of}").on("kinds-{of}")).await?;
        stage.publish("kinds-{of}", "last words").await?;
        stage.publish("kinds-{of}", Message::close(CloseCode::new(code)?, reason)).await?;
        for _ in 0..3 {
            dan.next().await?;
        }
    }
    Ok(())
}

async fn a_refresh_asks_the_app(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"dan: text "still there""#]);
    stage.differs(
        Proxy::Old,
        "1.36 refuses the request; the simulation accepts it, as current versions do",
        &["publisher: refused", r#"dan: text "still there""#],
    );
    let mut dan = stage.connect("dan", get("/kinds/ws/{of}").on("kinds-{of}")).await?;
    stage.publish("kinds-{of}", Message::new().ws_message(WsMessage::refresh())).await?;
    stage.publish("kinds-{of}", "still there").await?;
    dan.next().await
}
