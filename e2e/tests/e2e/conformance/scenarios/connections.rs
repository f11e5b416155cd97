//! Connection types.

use anyhow::Result;
use fanout::publish::Message;
use fanout::websocket::CloseCode;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Request, Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(each_connection_has_its_state: State, SeveralClients, Query),
    scenario!(open_refuses_a_player: Open, EarlyAnswer),
    scenario!(a_state_begins_with_its_default: State),
    scenario!(state_goes_on_within_a_batch: State, Batch),
    scenario!(close_runs_before_the_answer: Close, HandlerPublishes),
    scenario!(disconnect_runs_when_the_client_is_gone: Disconnect, HandlerPublishes),
    scenario!(an_error_closes_a_connection: Close, State),
    scenario!(a_published_close_runs_the_method: PublishedClose, Close),
    scenario!(a_detached_connection_ends_for_the_app: Control, Disconnect),
    scenario!(a_state_has_a_limit: State, Close),
    scenario!(a_method_publishes: HandlerPublishes, State),
    scenario!(alone a_state_outlives_a_deployment: Redeployed, State),
    scenario!(alone a_state_of_another_type_is_renewed: Redeployed, State),
    scenario!(alone a_state_that_is_lost_closes: Redeployed, Close),
];

/// A player at the proxy's own port, where their first message arrives.
fn player(name: &str) -> Request {
    get(&format!("/connections/player/{{of}}?name={name}")).on("player-{of}").at_the_proxy()
}

/// The stream of what connections tell.
fn told() -> Request {
    get("/connections/told/{of}").on("told-{of}")
}

async fn each_connection_has_its_state(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "welcome, ann""#,
        r#"bob: text "welcome, bob""#,
        r#"ann: text "ann: 2 points, 3 bytes""#,
        r#"bob: text "bob: 1 points, 0 bytes""#,
    ]);
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    let mut bob = stage.connect("bob", player("bob")).await?;
    bob.next().await?;
    ann.say("goal").await?;
    bob.say("goal").await?;
    ann.say("goal").await?;
    ann.say_bytes(b"\x00\x01\x02").await?;
    ann.ask("score").await?;
    bob.ask("score").await
}

async fn open_refuses_a_player(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 401, content-type: text/plain; charset=utf-8",
        r#"ann: "name yourself\n""#,
        r#"bob: "not you\n""#,
    ]);
    stage.refused("ann", get("/connections/player/{of}")).await?;
    stage.refused("bob", get("/connections/player/{of}?name=mallory")).await
}

async fn a_state_begins_with_its_default(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "1""#, r#"ann: text "2""#, r#"bob: text "1""#]);
    let request = get("/connections/count/{of}").on("ws-{of}");
    let mut ann = stage.connect("ann", request.clone()).await?;
    ann.ask("a").await?;
    ann.ask("b").await?;
    let mut bob = stage.connect("bob", request).await?;
    bob.ask("a").await
}

async fn state_goes_on_within_a_batch(stage: &Stage<'_>) -> Result<()> {
    let lines: Vec<_> = (1..=10).map(|number| format!("ann: text \"{number}\"")).collect();
    stage.expects(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let mut ann = stage.connect("ann", get("/connections/count/{of}").on("ws-{of}")).await?;
    for _ in &lines {
        ann.say("next").await?;
    }
    for _ in &lines {
        ann.next().await?;
    }
    Ok(())
}

async fn close_runs_before_the_answer(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "bye, ann""#,
        r#"ann: close 3001 "so long""#,
        "ann: end",
        r#"carol: "ann closes after 1 points: 3001 so long\n""#,
        r#"bob: text "bye, bob""#,
        r#"carol: "bob closes after 0 points: nothing\n""#,
    ]);
    let mut carol = stage.open("carol", told()).await?;
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    ann.say("goal").await?;
    ann.close(3001, "so long").await?;
    for _ in 0..3 {
        ann.next().await?;
    }
    carol.until("\n").await?;
    let mut bob = stage.connect("bob", player("bob")).await?;
    bob.next().await?;
    bob.close_without_code().await?;
    for _ in 0..3 {
        bob.next().await?;
    }
    carol.until("\n").await
}

async fn disconnect_runs_when_the_client_is_gone(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"carol: "ann is gone after 1 points\n""#]);
    let mut carol = stage.open("carol", told()).await?;
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    ann.say("goal").await?;
    ann.ask("score").await?;
    ann.leave();
    carol.until("\n").await
}

async fn an_error_closes_a_connection(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: close 1000 "left""#,
        "ann: end",
        r#"carol: "ann closes after 1 points: 1000 left\n""#,
    ]);
    let mut carol = stage.open("carol", told()).await?;
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    ann.say("goal").await?;
    ann.ask("leave").await?;
    ann.next().await?;
    carol.until("\n").await
}

async fn a_published_close_runs_the_method(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: close 4000 "the match is over""#,
        "ann: end",
        r#"carol: "ann closes after 0 points: nothing\n""#,
    ]);
    let mut carol = stage.open("carol", told()).await?;
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    stage.publish("player-{of}", Message::close(CloseCode::new(4000)?, "the match is over")).await?;
    ann.next().await?;
    ann.next().await?;
    carol.until("\n").await
}

async fn a_detached_connection_ends_for_the_app(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: text "detached""#,
        r#"carol: "ann closes after 0 points: nothing\n""#,
        r#"ann: text "for players""#,
    ]);
    let mut carol = stage.open("carol", told()).await?;
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    ann.ask("detach").await?;
    carol.until("\n").await?;
    stage.publish("player-{of}", "for players").await?;
    ann.next().await
}

async fn a_state_has_a_limit(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "welcome, ann""#, r#"ann: close 1011 "internal error""#, "ann: end"]);
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    ann.ask("long").await?;
    ann.next().await
}

async fn a_method_publishes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"carol: "ann tells\n""#, r#"ann: text "ann: 0 points, 0 bytes""#]);
    let mut carol = stage.open("carol", told()).await?;
    let mut ann = stage.connect("ann", player("ann")).await?;
    ann.next().await?;
    ann.say("tell").await?;
    carol.until("\n").await?;
    ann.ask("score").await
}

async fn a_state_outlives_a_deployment(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "1 points""#, r#"ann: text "1 points, 1 rounds""#]);
    let mut ann = stage.connect("ann", get("/connections/score/{of}").on("ws-{of}").at_the_proxy()).await?;
    ann.ask("goal").await?;
    stage.redeploy().await?;
    ann.ask("goal").await
}

async fn a_state_of_another_type_is_renewed(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "draft 1""#, r#"ann: text "renewed.""#, r#"ann: text "renewed..""#]);
    let mut ann = stage.connect("ann", get("/connections/draft/{of}").on("ws-{of}").at_the_proxy()).await?;
    ann.ask(".").await?;
    stage.redeploy().await?;
    ann.ask(".").await?;
    ann.ask(".").await
}

async fn a_state_that_is_lost_closes(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: text "still 7""#, "ann: end"]);
    let mut ann = stage.connect("ann", get("/connections/lost/{of}").on("ws-{of}").at_the_proxy()).await?;
    ann.ask(".").await?;
    stage.redeploy().await?;
    ann.ask(".").await?;
    ann.next().await
}
