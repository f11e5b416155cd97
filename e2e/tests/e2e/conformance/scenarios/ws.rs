//! WebSockets whose handlers are functions.

use anyhow::Result;
use fanout::publish::Message;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(an_echo_sends_everything_back: Messages, Open),
    scenario!(an_echo_carries_out_no_control_message: Messages, Control),
    scenario!(the_first_messages_come_first: Open),
    scenario!(messages_are_ignored_without_a_handler: Messages),
    scenario!(text_is_not_for_bytes: Messages, Close),
    scenario!(a_handler_takes_both_kinds: Messages),
    scenario!(a_message_is_answered_by_several: Messages),
    scenario!(json_is_read_and_written: Messages, Close),
    scenario!(a_handler_reads_wrong_json: Messages),
    scenario!(messages_of_one_request_come_in_order: Batch, Messages),
    scenario!(a_long_message_arrives_whole: Messages),
    scenario!(a_message_over_the_limit_closes: Messages, Close),
    scenario!(pages_of_one_origin_connect: Origins),
    scenario!(the_first_subprotocol_of_both_is_chosen: Subprotocols),
    scenario!(open_refuses: Open, EarlyAnswer, Query),
    scenario!(a_ping_has_its_pong: Ping),
    scenario!(a_close_is_answered_by_the_same: Close),
    scenario!(the_proxy_pings_at_an_interval: SocketKeepAlive, Ping),
    scenario!(the_proxy_pings_after_a_quiet_time: SocketKeepAlive, Ping),
    scenario!(a_handler_publishes: HandlerPublishes, SeveralClients, Query),
    scenario!(a_reply_subscribes: Control, Channels),
    scenario!(a_reply_has_filters_and_meta: Control, Filters),
    scenario!(a_reply_sends_later: Control),
    scenario!(a_reply_sends_at_once_what_was_for_later: Control),
    scenario!(a_reply_keeps_the_connection_alive: Control, SocketKeepAlive),
    scenario!(a_reply_pings: Control, Ping),
    scenario!(a_reply_detaches: Control),
    scenario!(a_reply_closes_after_its_messages: Control, Close),
    scenario!(a_session_changes_nothing_for_the_client: Control),
    scenario!(an_error_closes: Close),
    scenario!(each_message_has_the_headers_of_the_client: Headers, Messages),
    scenario!(a_channel_twice_is_one_subscription: Control, Channels),
    scenario!(a_later_message_replaces_an_earlier: Control),
    scenario!(an_empty_message_is_published: Formats, Messages),
    scenario!(messages_after_a_close_are_lost: Close, Batch),
];

async fn an_echo_sends_everything_back(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 101",
        r#"ann: text "hello""#,
        r#"ann: text """#,
        r#"ann: text "é €""#,
        r#"ann: binary b"\xff\x00m:""#,
        r#"ann: text "for all""#,
    ]);
    let mut ann = stage.connect("ann", get("/ws/echo/{of}").on("ws-{of}")).await?;
    for text in ["hello", "", "é €"] {
        ann.ask(text).await?;
    }
    ann.say_bytes(b"\xff\x00m:").await?;
    ann.next().await?;
    stage.publish("ws-{of}", "for all").await?;
    ann.next().await
}

async fn an_echo_carries_out_no_control_message(stage: &Stage<'_>) -> Result<()> {
    let subscribe = stage.of(r#"c:{"type":"subscribe","channel":"secret-{of}"}"#);
    let back = format!("ann: text {subscribe:?}");
    stage.expects(&[&back, r#"ann: text "m:hello""#, r#"ann: text "end""#]);
    let mut ann = stage.connect("ann", get("/ws/echo/{of}").on("ws-{of}")).await?;
    ann.ask(&subscribe).await?;
    ann.ask("m:hello").await?;
    stage.publish("secret-{of}", "secret").await?;
    stage.publish("ws-{of}", "end").await?;
    ann.next().await
}

async fn the_first_messages_come_first(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "welcome""#, r#"ann: text "{of}""#, r#"ann: text "hello""#]);
    let mut ann = stage.connect("ann", get("/ws/welcome/{of}").on("ws-{of}").at_the_proxy()).await?;
    ann.next().await?;
    ann.next().await?;
    ann.ask("hello").await
}

async fn messages_are_ignored_without_a_handler(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: pong "a""#, r#"ann: text "for all""#]);
    let mut ann = stage.connect("ann", get("/ws/silent/{of}").on("ws-{of}")).await?;
    ann.say("hello").await?;
    ann.say_bytes(b"hello").await?;
    ann.ping("a").await?;
    ann.next().await?;
    stage.publish("ws-{of}", "for all").await?;
    ann.next().await
}

async fn text_is_not_for_bytes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "HELLO""#,
        r#"ann: close 1003 "text messages only""#,
        r#"bob: binary "olleh""#,
        r#"bob: close 1003 "binary messages only""#,
    ]);
    let mut ann = stage.connect("ann", get("/ws/text/{of}").on("ws-{of}")).await?;
    ann.ask("hello").await?;
    ann.say_bytes(b"hello").await?;
    ann.next().await?;
    let mut bob = stage.connect("bob", get("/ws/binary/{of}").on("ws-{of}")).await?;
    bob.say_bytes(b"hello").await?;
    bob.next().await?;
    bob.ask("hello").await
}

async fn a_handler_takes_both_kinds(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "a""#, r#"ann: text "a""#, r#"ann: binary "b""#, r#"ann: binary "b""#]);
    let mut ann = stage.connect("ann", get("/ws/both/{of}").on("ws-{of}")).await?;
    ann.ask("a").await?;
    ann.next().await?;
    ann.say_bytes(b"b").await?;
    ann.next().await?;
    ann.next().await
}

async fn a_message_is_answered_by_several(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "one""#, r#"ann: text "two""#, r#"ann: text "three""#]);
    let mut ann = stage.connect("ann", get("/ws/words/{of}").on("ws-{of}")).await?;
    ann.ask("one two three").await?;
    ann.next().await?;
    ann.next().await
}

async fn json_is_read_and_written(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "{\"x\":2,\"y\":1}""#]);
    let mut ann = stage.connect("ann", get("/ws/json/{of}").on("ws-{of}")).await?;
    ann.ask(r#"{"y": 2, "x": 1}"#).await?;
    ann.ask(r#"{"y": 256, "x": 1}"#).await?;
    ann.next().await
}

async fn a_handler_reads_wrong_json(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "1 2""#]);
    let mut ann = stage.connect("ann", get("/ws/lenient/{of}").on("ws-{of}")).await?;
    ann.ask(r#"{"x": 1, "y": 2}"#).await?;
    ann.ask(r#"{"x": 1}"#).await?;
    ann.say_bytes(b"{}").await?;
    ann.next().await
}

async fn messages_of_one_request_come_in_order(stage: &Stage<'_>) -> Result<()> {
    let texts: Vec<_> = (0..20).map(|number| format!("message {number}")).collect();
    let lines: Vec<_> = texts.iter().map(|text| format!("ann: text {text:?}")).collect();
    stage.expects(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let mut ann = stage.connect("ann", get("/ws/echo/{of}").on("ws-{of}")).await?;
    for text in &texts {
        ann.say(text).await?;
    }
    for _ in texts {
        ann.next().await?;
    }
    Ok(())
}

async fn a_long_message_arrives_whole(stage: &Stage<'_>) -> Result<()> {
    let long = "x".repeat(50_000);
    let line = format!("ann: text 50000 bytes, \"{}…", "x".repeat(199));
    stage.expects(&[&line, &line, r#"ann: text "done""#]);
    let mut ann = stage.connect("ann", get("/ws/echo/{of}").on("ws-{of}")).await?;
    ann.ask(&long).await?;
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("long 50000").await?;
    ann.next().await
}

async fn a_message_over_the_limit_closes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "ten bytes.""#]);
    let mut ann = stage.connect("ann", get("/ws/strict/{of}").on("ws-{of}")).await?;
    ann.ask("ten bytes.").await?;
    ann.ask("eleven byte").await?;
    ann.next().await
}

async fn pages_of_one_origin_connect(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 101", "bob: 101", r#"carol: "pages of this origin may not connect\n""#]);
    let request = get("/ws/strict/{of}");
    stage.connect("ann", request.clone().on("ws-{of}").header("origin", "https://www.example.com")).await?;
    stage.connect("bob", request.clone().on("ws-{of}")).await?;
    stage.refused("carol", request.header("origin", "https://example.com")).await
}

async fn the_first_subprotocol_of_both_is_chosen(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 101, sec-websocket-protocol: v1.example",
        r#"ann: text "v1.example""#,
        "bob: 101, sec-websocket-protocol: v2.example",
        r#"bob: text "v2.example""#,
        r#"carol: "this endpoint speaks v2.example, v1.example\n""#,
    ]);
    let request = |offered| get("/ws/spoken/{of}").header("sec-websocket-protocol", offered);
    let mut ann = stage.connect("ann", request("mqtt, v1.example").on("ws-{of}")).await?;
    ann.ask("which?").await?;
    let mut bob = stage.connect("bob", request("v1.example,v2.example").on("ws-{of}")).await?;
    bob.ask("which?").await?;
    stage.refused("carol", request("mqtt")).await?;
    stage.refused("dan", get("/ws/spoken/{of}")).await
}

async fn open_refuses(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 101", r#"ann: text "hello ann""#, r#"bob: "an empty nickname\n""#]);
    let request = get("/ws/asked/{of}?nickname=ann").on("ws-{of}").at_the_proxy();
    stage.connect("ann", request).await?.next().await?;
    stage.refused("bob", get("/ws/asked/{of}?nickname=")).await?;
    stage.refused("carol", get("/ws/asked/{of}")).await
}

async fn a_ping_has_its_pong(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: pong "are you there?""#, r#"ann: pong """#, r#"ann: text "hello""#]);
    let mut ann = stage.connect("ann", get("/ws/echo/{of}").on("ws-{of}")).await?;
    ann.ping("are you there?").await?;
    ann.next().await?;
    ann.ping("").await?;
    ann.next().await?;
    ann.ask("hello").await
}

async fn a_close_is_answered_by_the_same(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: close 1000 """#,
        "ann: end",
        r#"bob: close 4321 "going home""#,
        "bob: end",
        r#"carol: close 1000 """#,
    ]);
    let request = get("/ws/echo/{of}").on("ws-{of}");
    let mut ann = stage.connect("ann", request.clone()).await?;
    ann.close(1000, "").await?;
    ann.next().await?;
    ann.next().await?;
    let mut bob = stage.connect("bob", request.clone()).await?;
    bob.close(4321, "going home").await?;
    bob.next().await?;
    bob.next().await?;
    let mut carol = stage.connect("carol", request).await?;
    carol.close_without_code().await?;
    carol.next().await?;
    carol.next().await
}

async fn the_proxy_pings_at_an_interval(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ping "awake?""#, r#"ann: ping "awake?""#]);
    let mut ann = stage.connect("ann", get("/ws/pinged/{of}").on("ws-{of}")).await?;
    stage.advance(2).await;
    ann.next().await?;
    stage.advance(2).await;
    ann.next().await
}

async fn the_proxy_pings_after_a_quiet_time(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "hello""#, r#"ann: ping """#]);
    let mut ann = stage.connect("ann", get("/ws/quiet/{of}").on("ws-{of}")).await?;
    ann.ask("hello").await?;
    stage.advance(8).await;
    ann.next().await
}

async fn a_handler_publishes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "ann: hello""#,
        r#"bob: text "ann: hello""#,
        r#"bob: text "bob: hi""#,
        r#"ann: text "bob: hi""#,
    ]);
    let join = |nickname| get(&format!("/ws/chat/{{of}}?nickname={nickname}")).on("chat-{of}");
    let mut ann = stage.connect("ann", join("ann")).await?;
    let mut bob = stage.connect("bob", join("bob")).await?;
    ann.ask("hello").await?;
    bob.next().await?;
    bob.ask("hi").await?;
    ann.next().await
}

async fn a_reply_subscribes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "done""#,
        r#"ann: text "for a""#,
        r#"ann: text "done""#,
        r#"ann: text "done""#,
        r#"ann: text "for b""#,
    ]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("subscribe a").await?;
    stage.subscribed("/ws/told/{of}", "told-{of}-a").await?;
    stage.publish("told-{of}-a", "for a").await?;
    ann.next().await?;
    ann.ask("subscribe b").await?;
    stage.subscribed("/ws/told/{of}", "told-{of}-b").await?;
    ann.ask("unsubscribe a").await?;
    stage.publish("told-{of}-a", "for nobody").await?;
    stage.publish("told-{of}-b", "for b").await?;
    ann.next().await
}

async fn a_reply_has_filters_and_meta(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "by bob""#, r#"ann: text "done""#, r#"ann: text "by ann, who is nobody""#]);
    let by = |sender, text: &str| stage.item("told-{of}-a", Message::text(text)).meta("sender", sender);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("meta user ann").await?;
    ann.ask("subscribe a skip-self").await?;
    stage.subscribed("/ws/told/{of}", "told-{of}-a").await?;
    stage.publish_all(vec![by("ann", "by ann"), by("bob", "by bob")]).await?;
    ann.next().await?;
    ann.ask("meta user").await?;
    stage.publish_all(vec![by("ann", "by ann, who is nobody")]).await?;
    ann.next().await
}

async fn a_reply_sends_later(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: text "later""#]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("delay later 3").await?;
    stage.advance(3).await;
    ann.next().await
}

async fn a_reply_sends_at_once_what_was_for_later(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: text "later""#]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("delay later 3600").await?;
    ann.ask("flush").await?;
    ann.next().await
}

async fn a_reply_keeps_the_connection_alive(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "done""#,
        r#"ann: text "awake?""#,
        r#"bob: binary b"\x00\xff""#,
        r#"bob: binary b"\x00\xff""#,
        r#"carol: text "done""#,
        r#"carol: text "for all""#,
    ]);
    let request = get("/ws/told/{of}").on("ws-{of}");
    let mut ann = stage.connect("ann", request.clone()).await?;
    ann.ask("awake text").await?;
    let mut bob = stage.connect("bob", request.clone()).await?;
    bob.ask("awake binary").await?;
    stage.advance(2).await;
    ann.next().await?;
    bob.next().await?;
    stage.advance(2).await;
    bob.next().await?;
    let mut carol = stage.connect("carol", request).await?;
    carol.say("awake text").await?;
    carol.say("asleep").await?;
    carol.next().await?;
    carol.next().await?;
    stage.advance(4).await;
    stage.publish("ws-{of}", "for all").await?;
    carol.next().await
}

async fn a_reply_pings(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: ping "hello""#, r#"ann: text "done""#]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("ping hello").await?;
    ann.next().await
}

async fn a_reply_detaches(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: text "done""#, r#"ann: text "for a""#]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("subscribe a").await?;
    stage.subscribed("/ws/told/{of}", "told-{of}-a").await?;
    ann.ask("detach").await?;
    ann.say("is anybody there?").await?;
    stage.publish("told-{of}-a", "for a").await?;
    ann.next().await
}

async fn a_reply_closes_after_its_messages(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: close 4321 "as you say""#, "ann: end"]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("close 4321").await?;
    ann.next().await?;
    ann.next().await
}

async fn a_session_changes_nothing_for_the_client(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: text "done""#]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("session {of}").await?;
    ann.ask("nothing").await
}

async fn each_message_has_the_headers_of_the_client(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 101"]);
    let mut ann = stage.connect("ann", super::stream::with_headers("/ws/headers/{of}").on("ws-{of}")).await?;
    ann.ask("which?").await?;
    ann.ask("and now?").await
}

async fn a_channel_twice_is_one_subscription(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "done""#,
        r#"ann: text "done""#,
        r#"ann: text "for a""#,
        r#"ann: text "done""#,
    ]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("subscribe a").await?;
    ann.ask("subscribe a").await?;
    stage.subscribed("/ws/told/{of}", "told-{of}-a").await?;
    stage.publish("told-{of}-a", "for a").await?;
    ann.next().await?;
    ann.ask("nothing").await
}

async fn a_later_message_replaces_an_earlier(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: text "done""#]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.ask("delay first 30").await?;
    ann.ask("delay second 2").await?;
    stage.advance(5).await;
    stage.publish("ws-{of}", "end").await?;
    ann.next().await?;
    ann.next().await
}

async fn an_empty_message_is_published(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text """#, r#"ann: text "end""#]);
    let mut ann = stage.connect("ann", get("/ws/echo/{of}").on("ws-{of}")).await?;
    stage.publish("ws-{of}", "").await?;
    stage.publish("ws-{of}", "end").await?;
    ann.next().await?;
    ann.next().await
}

/// No handler runs for what the client sends after the app has closed.
async fn messages_after_a_close_are_lost(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "done""#, r#"ann: close 4321 "as you say""#, "ann: end"]);
    let mut ann = stage.connect("ann", get("/ws/told/{of}").on("ws-{of}")).await?;
    ann.say_all(&["close 4321", "close 4322", "nothing"]).await?;
    ann.next().await?;
    ann.next().await?;
    ann.next().await
}

async fn an_error_closes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "hello""#,
        r#"ann: close 1011 "internal error""#,
        "ann: end",
        r#"bob: close 1008 "not that word""#,
        "bob: end",
    ]);
    let request = get("/ws/fails/{of}").on("ws-{of}");
    let mut ann = stage.connect("ann", request.clone()).await?;
    ann.ask("hello").await?;
    ann.ask("fail").await?;
    ann.next().await?;
    let mut bob = stage.connect("bob", request).await?;
    bob.ask("refuse").await?;
    bob.next().await
}
