//! Filters.

use anyhow::Result;
use fanout::grip::Filter;
use fanout::publish::{HttpResponse, HttpStream, Item, Message};

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Proxy, Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(a_user_does_not_hear_themselves: Filters, SeveralClients),
    scenario!(an_item_skips_users: Filters, SeveralClients),
    scenario!(an_item_is_for_subscribers_of_another_channel: Filters, SeveralClients),
    scenario!(names_are_replaced: Filters, SeveralClients),
    scenario!(meta_is_any_text: Filters, JsonForm),
    scenario!(a_percent_alone_is_a_mistake: Filters),
    scenario!(an_id_is_made: Filters),
    scenario!(names_are_replaced_in_the_answer_to_a_poll: Filters, LongPoll),
    scenario!(content_filters_choose_their_clients: ContentFilters),
    scenario!(content_filters_of_other_clients_skip_this_one: ContentFilters),
    scenario!(a_sixth_filter_is_refused: Filters),
];

/// A line on the channel of [`scenarios::filters`].
fn line(stage: &Stage<'_>, text: &str) -> Item {
    stage.item("filters-{of}", Message::text(text).unframed())
}

async fn a_user_does_not_hear_themselves(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "by bob.end\n""#, r#"bob: "by ann.end\n""#]);
    let mut ann = stage.open("ann", get("/filters/others/{of}/ann").on("filters-{of}")).await?;
    let mut bob = stage.open("bob", get("/filters/others/{of}/bob").on("filters-{of}")).await?;
    let items = [
        line(stage, "by ann.").meta("sender", "ann"),
        line(stage, "by bob.").meta("sender", "bob"),
        line(stage, "end\n"),
    ];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await?;
    bob.until("end\n").await
}

async fn an_item_skips_users(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "not for bob.end\n""#, r#"bob: "end\n""#]);
    let mut ann = stage.open("ann", get("/filters/others/{of}/ann").on("filters-{of}")).await?;
    let mut bob = stage.open("bob", get("/filters/others/{of}/bob").on("filters-{of}")).await?;
    let items = [
        line(stage, "not for both.").meta("skip_users", "ann,bob"),
        line(stage, "not for bob.").meta("skip_users", "anna,bob"),
        line(stage, "end\n"),
    ];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await?;
    bob.until("end\n").await
}

async fn an_item_is_for_subscribers_of_another_channel(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "for members.end\n""#, r#"bob: "end\n""#]);
    let mut ann = stage.open("ann", get("/filters/members/{of}").on("filters-{of}")).await?;
    let mut bob = stage.open("bob", get("/filters/anyone/{of}").on("filters-{of}")).await?;
    let items = [
        line(stage, "for members.").meta("require_sub", stage.of("members-{of}")),
        line(stage, "for others.").meta("require_sub", stage.of("others-{of}")),
        line(stage, "end\n"),
    ];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await?;
    bob.until("end\n").await
}

async fn names_are_replaced(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "hello ann: 100%, a \"b\", c=\\d; e\n""#,
        r#"bob: "hello bob: 100%, a \"b\", c=\\d; e\n""#,
    ]);
    let mut ann = stage.open("ann", get("/filters/named/{of}/ann").on("filters-{of}")).await?;
    let mut bob = stage.open("bob", get("/filters/named/{of}/bob").on("filters-{of}")).await?;
    stage.publish_all(vec![line(stage, "hello %(user)s: 100%%, %(text)s\n")]).await?;
    ann.until("\n").await?;
    bob.until("\n").await
}

async fn meta_is_any_text(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "hello é, \"ann\"; c=1\n""#]);
    let request = get("/filters/named/{of}/%C3%A9,%20%22ann%22%3B%20c=1").on("filters-{of}");
    let mut ann = stage.open("ann", request).await?;
    stage.publish_all(vec![line(stage, "hello %(user)s\n")]).await?;
    ann.until("\n").await
}

async fn a_percent_alone_is_a_mistake(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "before.after\n""#]);
    stage.differs(
        Proxy::Old,
        "1.36 ends the stream; the simulation loses the item only, as current versions do",
        &[r#"ann: "before.""#, "ann: end"],
    );
    let mut ann = stage.open("ann", get("/filters/named/{of}/ann").on("filters-{of}")).await?;
    let items = ["before.", "100% of it.", "%(nobody)s.", "after\n"].map(|text| line(stage, text));
    stage.publish_all(items.into()).await?;
    ann.until("after\n").await
}

async fn an_id_is_made(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "616263, 37, 100%\n""#]);
    let mut ann = stage.open("ann", get("/filters/numbered/{of}").on("filters-{of}")).await?;
    stage.publish_all(vec![line(stage, "%I, %(7)I, 100%%\n")]).await?;
    ann.until("\n").await
}

async fn names_are_replaced_in_the_answer_to_a_poll(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "hello ann""#]);
    let ann = stage.poll("ann", get("/filters/poll/{of}/ann").on("filters-{of}")).await?;
    stage.publish("filters-{of}", Message::text("hello %(user)s")).await?;
    ann.answer().await
}

fn with_filters(stage: &Stage<'_>, text: &str, filters: &[Filter]) -> Item {
    let stream = HttpStream::send(text).content_filters(filters);
    stage.item("filters-{of}", Message::new().http_stream(stream))
}

async fn content_filters_choose_their_clients(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "for ann.end\n""#]);
    let mut ann = stage.open("ann", get("/filters/named/{of}/ann").on("filters-{of}")).await?;
    let items = [with_filters(stage, "for %(user)s.", &[Filter::VarSubst]), line(stage, "end\n")];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await
}

async fn content_filters_of_other_clients_skip_this_one(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "before.end\n""#, r#"bob: "before.for others.end\n""#]);
    stage.differs(
        Proxy::Old,
        "1.36 ends connections with other filters; the simulation skips them, as current versions do",
        &[r#"ann: "before.""#, "ann: end"],
    );
    let mut ann = stage.open("ann", get("/filters/named/{of}/ann").on("filters-{of}")).await?;
    let mut bob = stage.open("bob", get("/filters/others/{of}/bob").on("filters-{of}")).await?;
    let items = [line(stage, "before."), with_filters(stage, "for others.", &[]), line(stage, "end\n")];
    stage.publish_all(items.into()).await?;
    ann.until("end\n").await?;
    bob.until("end\n").await?;
    let response = HttpResponse::new("nobody").content_filters([Filter::BuildId]);
    stage.publish("filters-{of}", Message::new().http_response(response)).await
}

async fn a_sixth_filter_is_refused(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        "ann: 500, content-type: text/plain; charset=utf-8",
        r#"ann: "the connection could not be held\n""#,
    ]);
    stage.send("ann", get("/filters/many/{of}")).await
}
