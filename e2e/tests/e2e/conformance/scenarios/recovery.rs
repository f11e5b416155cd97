//! Recovery.

use anyhow::Result;
use fanout::publish::{HttpStream, Item, Message};

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(items_in_order_need_no_recovery: Recovery, Ids),
    scenario!(missed_items_are_recovered: Recovery, Ids),
    scenario!(a_client_that_reconnects_goes_on: Recovery, LastEventId),
    scenario!(a_recovery_request_knows_the_guard_value: Recovery, Guard),
    scenario!(streams_of_different_links_recover_apart: Recovery, Ids),
    scenario!(a_guarded_stream_without_ids_recovers: Recovery, Guard),
    scenario!(a_stream_keeps_the_channels_of_its_function: Recovery, Channels),
    scenario!(an_item_without_the_id_before_it_is_skipped: Recovery, Ids),
    scenario!(a_quiet_stream_asks_again: Recovery),
    scenario!(each_channel_has_its_last_id: Recovery, Channels, Ids),
    scenario!(a_recovery_that_fails_ends_the_stream: Recovery),
    scenario!(a_channel_that_is_no_header_cannot_recover: Recovery, EarlyAnswer),
    scenario!(an_answer_without_a_hold_ends_the_stream: Recovery, PublishedClose),
];

/// Item `id`, after the one before it.
fn numbered(stage: &Stage<'_>, id: u32) -> Item {
    let item = stage.item("recovery-{of}", Message::text(format!("{id}\n")).unframed());
    item.id(id.to_string()).prev_id((id - 1).to_string())
}

async fn items_in_order_need_no_recovery(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n4\n5\n""#]);
    let mut ann = stage.open("ann", get("/recovery/lines/{of}").on("recovery-{of}")).await?;
    stage.publish_all(vec![numbered(stage, 4), numbered(stage, 5)]).await?;
    ann.until("5\n").await
}

async fn missed_items_are_recovered(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n2\n3\n""#, r#"ann: "4\n""#]);
    let mut ann = stage.open("ann", get("/recovery/behind/{of}").on("recovery-{of}")).await?;
    // The client has 1, and the app has stored 2 and 3.
    stage.publish_all(vec![numbered(stage, 3)]).await?;
    ann.until("3\n").await?;
    stage.publish_all(vec![numbered(stage, 4)]).await?;
    ann.until("4\n").await
}

async fn a_client_that_reconnects_goes_on(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n2\n3\n4\n""#]);
    let request = get("/recovery/lines/{of}").header("last-event-id", "1").on("recovery-{of}");
    let mut ann = stage.open("ann", request).await?;
    stage.publish_all(vec![numbered(stage, 4)]).await?;
    ann.until("4\n").await
}

async fn a_recovery_request_knows_the_guard_value(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "a7 opens\n""#,
        r#"ann: "a7 missed 2 and 3\n""#,
        r#"ann: "4\n""#,
        r#"bob: "no session\n""#,
    ]);
    let path = "/recovery/guarded/{of}";
    let mut ann = stage.open("ann", get(path).header("cookie", "session=a7").on("recovery-{of}")).await?;
    ann.until("\n").await?;
    stage.publish_all(vec![numbered(stage, 3)]).await?;
    ann.until("\n").await?;
    stage.publish_all(vec![numbered(stage, 4)]).await?;
    ann.until("\n").await?;
    stage.send("bob", get(path)).await
}

async fn streams_of_different_links_recover_apart(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "ann missed 2 and 3\n""#, r#"bob: "bob missed 2 and 3\n""#, r#"bob: "4\n""#]);
    let mut ann = stage.open("ann", get("/recovery/named/{of}?name=ann").on("recovery-{of}")).await?;
    let mut bob = stage.open("bob", get("/recovery/named/{of}?name=bob").on("recovery-{of}")).await?;
    ann.until("\n").await?;
    bob.until("\n").await?;
    stage.publish_all(vec![numbered(stage, 3)]).await?;
    ann.until("\n").await?;
    bob.until("\n").await?;
    stage.publish_all(vec![numbered(stage, 4)]).await?;
    ann.until("\n").await?;
    bob.until("\n").await
}

async fn a_guarded_stream_without_ids_recovers(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "a7 opens\n""#, r#"ann: "item\n""#]);
    let path = "/recovery/member/{of}";
    let mut ann = stage.open("ann", get(path).header("cookie", "session=a7").on("recovery-{of}")).await?;
    ann.until("\n").await?;
    stage.publish("recovery-{of}", Message::new().http_stream(HttpStream::hint())).await?;
    stage.publish("recovery-{of}", Message::text("item\n").unframed()).await?;
    ann.until("\n").await
}

async fn a_stream_keeps_the_channels_of_its_function(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n""#, r#"ann: "for a7\n""#]);
    let path = "/recovery/session/{of}";
    let mut ann = stage.open("ann", get(path).header("cookie", "session=a7").on("recovery-{of}-a7")).await?;
    ann.until("\n").await?;
    stage.publish("recovery-{of}-a7", Message::new().http_stream(HttpStream::hint())).await?;
    stage.publish("recovery-{of}-nobody", Message::text("for nobody\n").unframed()).await?;
    stage.publish("recovery-{of}-a7", Message::text("for a7\n").unframed()).await?;
    ann.until("\n").await
}

async fn an_item_without_the_id_before_it_is_skipped(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n""#, r#"ann: "4\n""#]);
    let mut ann = stage.open("ann", get("/recovery/lines/{of}").on("recovery-{of}")).await?;
    ann.until("\n").await?;
    let unnumbered = stage.item("recovery-{of}", Message::text("lost\n").unframed());
    stage.publish_all(vec![unnumbered]).await?;
    stage.publish_all(vec![numbered(stage, 4)]).await?;
    ann.until("4\n").await
}

async fn a_quiet_stream_asks_again(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n""#, r#"ann: "quiet\n""#, r#"ann: "quiet\n""#]);
    let mut ann = stage.open("ann", get("/recovery/quiet/{of}").on("recovery-{of}")).await?;
    ann.until("\n").await?;
    for _ in 0..2 {
        stage.advance(2).await;
        ann.until("\n").await?;
    }
    Ok(())
}

async fn a_channel_that_is_no_header_cannot_recover(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 400, content-type: text/plain; charset=utf-8"]);
    stage.send("ann", get("/recovery/quiet/{of},x")).await
}

async fn each_channel_has_its_last_id(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n2\n""#, r#"ann: "after 2 and 1\n""#, r#"ann: "4\n""#]);
    let item = |channel, id: u32| {
        let item = stage.item(channel, Message::text(format!("{id}\n")).unframed());
        item.id(id.to_string()).prev_id((id - 1).to_string())
    };
    let mut ann = stage.open("ann", get("/recovery/two/{of}").on("one-{of}").on("two-{of}")).await?;
    stage.publish_all(vec![item("one-{of}", 2)]).await?;
    ann.until("2\n").await?;
    stage.publish_all(vec![item("two-{of}", 3)]).await?;
    ann.until("\n").await?;
    stage.publish_all(vec![item("two-{of}", 4)]).await?;
    ann.until("4\n").await
}

async fn a_recovery_that_fails_ends_the_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\n""#, "ann: end"]);
    let mut ann = stage.open("ann", get("/recovery/fails/{of}").on("recovery-{of}")).await?;
    ann.until("\n").await?;
    stage.publish("recovery-{of}", Message::new().http_stream(HttpStream::hint())).await?;
    stage.advance(3).await;
    stage.publish("recovery-{of}", Message::text("item\n").unframed()).await?;
    // The proxy tries again for about half a minute.
    stage.advance(32).await;
    ann.until_the_end().await
}

async fn an_answer_without_a_hold_ends_the_stream(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "open\nthe end\n""#, "ann: end"]);
    let ann = stage.open("ann", get("/recovery/ends/{of}").on("recovery-{of}")).await?;
    stage.publish("recovery-{of}", Message::new().http_stream(HttpStream::hint())).await?;
    ann.until_the_end().await
}
