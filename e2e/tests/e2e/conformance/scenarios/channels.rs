//! Channels and paths.

use anyhow::Result;
use fanout::publish::Message;

use crate::conformance::scenario::{Scenario, scenario};
use crate::conformance::stage::{Stage, get};

pub const SCENARIOS: &[Scenario] = &[
    scenario!(items_of_both_channels_arrive: Channels),
    scenario!(a_function_makes_the_channels: Channels, Query),
    scenario!(a_function_refuses: Channels, EarlyAnswer),
    scenario!(a_channel_has_any_name: Channels, JsonForm, Paths),
    scenario!(a_socket_has_a_channel_of_any_name: Channels, Open),
    scenario!(a_path_subscribes_to_one_channel: Channels, JsonForm, Paths),
    scenario!(a_parameter_is_decoded_once: Paths),
    scenario!(a_path_keeps_its_characters: Paths, Query),
    scenario!(a_channel_named_twice_delivers_once: Channels),
    scenario!(a_number_is_a_number: Paths, NoEndpoint),
    scenario!(the_rest_of_a_path_is_a_parameter: Paths),
    scenario!(a_connection_has_twenty_channels: Channels),
    scenario!(a_name_that_is_no_channel_is_refused: Channels, EarlyAnswer),
];

fn line(text: &str) -> Message {
    Message::text(text).unframed()
}

async fn items_of_both_channels_arrive(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "1.2.end\n""#]);
    let mut ann = stage.open("ann", get("/channels/both/{of}").on("both-{of}").on("every-{of}")).await?;
    stage.publish("both-{of}", line("1.")).await?;
    stage.publish("every-{of}", line("2.")).await?;
    stage.publish("neither-{of}", line("3.")).await?;
    stage.publish("both-{of}", line("end\n")).await?;
    ann.until("end\n").await
}

async fn a_function_makes_the_channels(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "a.b c.end\n""#]);
    let request = get("/channels/topics/{of}?topic=a&topic=b%20c").on("{of}-a").on("{of}-b c");
    let mut ann = stage.open("ann", request).await?;
    for topic in ["a", "b c", "d"] {
        stage.publish(&format!("{{of}}-{topic}"), line(&format!("{topic}."))).await?;
    }
    stage.publish("{of}-a", line("end\n")).await?;
    ann.until("end\n").await
}

async fn a_function_refuses(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 400, content-type: text/plain; charset=utf-8", r#"ann: "name a topic\n""#]);
    stage.send("ann", get("/channels/topics/{of}")).await
}

/// Names that no header can have as they are: the hold is JSON.
const NAMES: [(&str, &str); 6] = [
    ("a%2Cb", "a,b"),
    ("a%3Bb", "a;b"),
    ("%22a%22", "\"a\""),
    ("%C3%A9%E2%82%AC", "é€"),
    ("a%20", "a "),
    ("a%5Cb%7B%7D", "a\\b{}"),
];

async fn a_channel_has_any_name(stage: &Stage<'_>) -> Result<()> {
    let expected = NAMES.map(|(_, name)| format!("ann: {:?}", format!("{name}:item for {name}\n")));
    stage.expects(&expected.each_ref().map(String::as_str));
    for (encoded, name) in NAMES {
        let channel = format!("{{of}}-{name}");
        let request = get(&format!("/channels/any/{{of}}/{encoded}")).on(&channel);
        let mut ann = stage.open("ann", request).await?;
        stage.publish(&channel, line(&format!("item for {name}\n"))).await?;
        ann.until("\n").await?;
    }
    Ok(())
}

async fn a_socket_has_a_channel_of_any_name(stage: &Stage<'_>) -> Result<()> {
    let expected = NAMES.map(|(_, name)| format!("ann: text {:?}", format!("item for {name}")));
    stage.expects(&expected.each_ref().map(String::as_str));
    for (encoded, name) in NAMES {
        let channel = format!("{{of}}-{name}");
        let request = get(&format!("/channels/socket/{{of}}/{encoded}")).on(&channel);
        let mut ann = stage.connect("ann", request).await?;
        stage.publish(&channel, format!("item for {name}")).await?;
        ann.next().await?;
    }
    Ok(())
}

async fn a_path_subscribes_to_one_channel(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "a,{of}-admin:end\n""#]);
    let request = get("/channels/any/{of}/a%2C{of}-admin").on("{of}-a,{of}-admin");
    let mut ann = stage.open("ann", request).await?;
    stage.publish("{of}-a", line("for a\n")).await?;
    stage.publish("{of}-admin", line("for admin\n")).await?;
    stage.publish("{of}-a,{of}-admin", line("end\n")).await?;
    ann.until("end\n").await
}

async fn a_parameter_is_decoded_once(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "a%2Fb:item\n""#]);
    let mut ann = stage.open("ann", get("/channels/any/{of}/a%252Fb").on("{of}-a%2Fb")).await?;
    stage.publish("{of}-a%2Fb", line("item\n")).await?;
    ann.until("\n").await
}

/// On the way to the handler, nothing decodes or cleans a path.
async fn a_path_keeps_its_characters(stage: &Stage<'_>) -> Result<()> {
    const PATHS: [(&str, &str); 4] =
        [("a%2Fb", "a/b"), ("a+b", "a+b"), ("a%25b", "a%b"), ("a~b!$&'()*;=:@", "a~b!$&'()*;=:@")];
    let expected = PATHS.map(|(_, name)| format!("ann: {:?}", format!("{name}:\n")));
    stage.expects(&expected.each_ref().map(String::as_str));
    for (encoded, name) in PATHS {
        let channel = format!("{{of}}-{name}");
        let request = get(&format!("/channels/any/{{of}}/{encoded}")).on(&channel);
        let mut ann = stage.open("ann", request).await?;
        stage.publish(&channel, line("\n")).await?;
        ann.until("\n").await?;
    }
    stage.send("bob", get("/channels/any//{of}")).await?;
    stage.send("carol", get("/channels/any/{of}/")).await
}

async fn a_channel_named_twice_delivers_once(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "once.end\n""#]);
    let mut ann = stage.open("ann", get("/channels/topics/{of}?topic=a&topic=a").on("{of}-a")).await?;
    stage.publish("{of}-a", line("once.")).await?;
    stage.publish("{of}-a", line("end\n")).await?;
    ann.until("end\n").await
}

async fn a_number_is_a_number(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[
        r#"ann: "7:item\n""#,
        "bob: 404, content-type: text/plain; charset=utf-8",
        "carol: 400, content-type: text/plain; charset=utf-8",
    ]);
    let mut ann = stage.open("ann", get("/channels/number/{of}/007").on("{of}-007")).await?;
    stage.publish("{of}-007", line("item\n")).await?;
    ann.until("\n").await?;
    stage.send("bob", get("/channels/number/{of}/seven")).await?;
    stage.send("carol", get("/channels/strict/{of}/256")).await
}

async fn the_rest_of_a_path_is_a_parameter(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "a/b c/d:item\n""#]);
    let mut ann = stage.open("ann", get("/channels/rest/{of}/a/b%20c/d").on("{of}-a/b c/d")).await?;
    stage.publish("{of}-a/b c/d", line("item\n")).await?;
    ann.until("\n").await
}

async fn a_connection_has_twenty_channels(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&[r#"ann: "20.end\n""#]);
    let topics: Vec<_> = (1..=21).map(|topic| format!("topic={topic}")).collect();
    let mut request = get(&format!("/channels/topics/{{of}}?{}", topics.join("&")));
    for topic in 1..=20 {
        request = request.on(&format!("{{of}}-{topic}"));
    }
    let mut ann = stage.open("ann", request).await?;
    stage.publish("{of}-20", line("20.")).await?;
    stage.publish("{of}-21", line("21.")).await?;
    stage.publish("{of}-1", line("end\n")).await?;
    ann.until("end\n").await
}

async fn a_name_that_is_no_channel_is_refused(stage: &Stage<'_>) -> Result<()> {
    stage.expects(&["ann: 400, content-type: text/plain; charset=utf-8"]);
    stage.send("ann", get(&format!("/channels/any/{{of}}/{}", "x".repeat(2048)))).await?;
    stage.send("bob", get("/channels/any/{of}/a%00b")).await
}
