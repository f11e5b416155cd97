//! Guards.

use anyhow::Result;
use fanout::http::Method;
use fanout::publish::Message;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get, request};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(a_guard_admits_by_a_header_and_an_address: Guard, Headers, ClientAddr, Sse),
    scenario!(a_guard_refuses_with_its_own_answer: Guard, EarlyAnswer),
    scenario!(a_guard_redirects: Guard, Redirect),
    scenario!(a_guard_value_reaches_a_poll: Guard, LongPoll),
    scenario!(a_guard_value_comes_with_each_message: Guard, Messages, SeveralClients),
    scenario!(a_guard_refuses_a_socket: Guard, Open),
    scenario!(a_guard_value_makes_the_channel: Guard, Channels),
    scenario!(a_guard_reads_cookies: Guard, Headers),
    scenario!(a_guard_knows_the_place: Guard, ClientGeo),
    scenario!(a_guard_value_is_not_the_clients: Guard, Headers),
    scenario!(a_guard_value_has_a_limit: Guard),
    scenario!(a_guard_runs_for_head: Guard, HeadMethod),
];

async fn a_guard_admits_by_a_header_and_an_address(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 200, cache-control: no-store, content-type: text/event-stream",
        r#"ann: "data: ann in red, near: true\n\n""#,
        r#"ann: "data: goal\n\n""#,
    ]);
    let request = get("/guards/sse/{of}/red").header("x-member", "ann").on("guards-{of}");
    let mut ann = stage.open("ann", request).await?;
    ann.until("\n\n").await?;
    stage.publish("guards-{of}", "goal").await?;
    ann.until("\n\n").await
}

async fn a_guard_refuses_with_its_own_answer(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 401, content-type: text/plain; charset=utf-8",
        r#"ann: "who are you?\n""#,
        "bob: 403, content-type: text/plain; charset=utf-8",
        r#"bob: "closed\n""#,
    ]);
    stage.send("ann", get("/guards/sse/{of}/red")).await?;
    stage.send("bob", get("/guards/sse/{of}/closed").header("x-member", "bob")).await
}

async fn a_guard_redirects(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 307, location: /guards/sse/red"]);
    stage.send("ann", get("/guards/sse/{of}/moved").header("x-member", "ann")).await
}

async fn a_guard_value_reaches_a_poll(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "ann in a,b é, near: true""#]);
    stage.send("ann", get("/guards/poll/{of}/a,b%20%C3%A9").header("x-member", "ann")).await
}

async fn a_guard_value_comes_with_each_message(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "ann: hello""#, r#"bob: text "bob: hello""#, r#"ann: text "ann: again""#]);
    let request = get("/guards/ws/{of}/red").on("guards-{of}");
    let mut ann = stage.connect("ann", request.clone().header("x-member", "ann")).await?;
    let mut bob = stage.connect("bob", request.header("x-member", "bob")).await?;
    ann.ask("hello").await?;
    bob.ask("hello").await?;
    ann.ask("again").await
}

async fn a_guard_refuses_a_socket(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 401, content-type: text/plain; charset=utf-8",
        r#"ann: "who are you?\n""#,
        r#"bob: "closed\n""#,
    ]);
    stage.refused("ann", get("/guards/ws/{of}/red")).await?;
    stage.refused("bob", get("/guards/ws/{of}/closed").header("x-member", "bob")).await
}

async fn a_guard_value_makes_the_channel(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "for ann\n""#, r#"bob: "for bob\n""#]);
    let open = |who| get("/guards/own/{of}/red").header("x-member", who).on(&format!("member-{{of}}-{who}"));
    let mut ann = stage.open("ann", open("ann")).await?;
    let mut bob = stage.open("bob", open("bob")).await?;
    for who in ["ann", "bob"] {
        let message = Message::text(format!("for {who}\n")).unframed();
        stage.publish(&format!("member-{{of}}-{who}"), message).await?;
    }
    ann.until("\n").await?;
    bob.until("\n").await
}

async fn a_guard_reads_cookies(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "data: a7\n\n""#, r#"bob: "no session\n""#]);
    let path = "/guards/cookie/{of}";
    let request = get(path).header("cookie", "other=1; session=a7").on("guards-{of}");
    stage.open("ann", request).await?.until("\n\n").await?;
    stage.send("bob", get(path).header("cookie", "other=1")).await
}

async fn a_guard_knows_the_place(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 200, cache-control: no-store, content-type: text/event-stream"]);
    let mut ann = stage.open("ann", get("/guards/place/{of}").on("guards-{of}")).await?;
    stage.publish("guards-{of}", "goal").await?;
    ann.until("goal\n\n").await
}

async fn a_guard_value_is_not_the_clients(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "data: ann in red, near: true\n\n""#, r#"bob: "who are you?\n""#]);
    const FORGED: &str = "4ilKBknqndpS7Ty4FOaBHw.eyJuYW1lIjoibWFsbG9yeSJ9";
    let request = get("/guards/sse/{of}/red").header("fanout-guard", FORGED);
    stage
        .open("ann", request.clone().header("x-member", "ann").on("guards-{of}"))
        .await?
        .until("\n\n")
        .await?;
    stage.send("bob", request).await
}

async fn a_guard_value_has_a_limit(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 500, content-type: text/plain; charset=utf-8"]);
    stage.send("ann", get("/guards/large/{of}")).await
}

async fn a_guard_runs_for_head(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 401, content-type: text/plain; charset=utf-8"]);
    stage.send("ann", request(Method::HEAD, "/guards/sse/{of}/red")).await?;
    stage.send("ann", request(Method::HEAD, "/guards/sse/{of}/red").header("x-member", "ann")).await
}
