//! Channels: lists, functions, and names of every kind.

use fanout::prelude::*;
use serde::Deserialize;

/// Two channels.
#[fanout::stream(path = "/channels/both/{of}", channel = ["both-{of}", "every-{of}"])]
pub fn both() {}

/// The query of [`topics`].
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    topic: Vec<String>,
}

/// A channel for each topic in the query, which names at least one.
fn of_query(of: &str, Query(wanted): Query<Wanted>) -> Result<Vec<Channel>, Answer> {
    if wanted.topic.is_empty() {
        return Err(Answer::text(400, "name a topic\n"));
    }
    let channels = wanted.topic.into_iter().map(|topic| Channel::new(format!("{of}-{topic}")));
    channels.collect::<Result<_, _>>().map_err(IntoAnswer::into_answer)
}

/// The channels of the query.
#[fanout::stream(path = "/channels/topics/{of}", channel = of_query(of))]
pub fn topics() {}

/// A channel of any name, on a stream.
#[fanout::stream(path = "/channels/any/{of}/{name}", channel = "{of}-{name}")]
pub fn any(name: &str) -> String {
    format!("{name}:")
}

/// A channel of any name, on a WebSocket.
#[fanout::ws(path = "/channels/socket/{of}/{name}", channel = "{of}-{name}")]
pub fn socket(_message: &str) {}

/// A number, which a path either has or matches no endpoint.
#[fanout::stream(path = "/channels/number/{of}/{number}", channel = "{of}-{number}")]
pub fn number(number: u8) -> String {
    format!("{number}:")
}

/// A number, or a 400.
#[fanout::stream(path = "/channels/strict/{of}/{number}", channel = "{of}-{number}", strict)]
pub fn strict(number: u8) -> String {
    format!("{number}:")
}

/// The rest of a path.
#[fanout::stream(path = "/channels/rest/{of}/{*rest}", channel = "{of}-{rest}")]
pub fn rest(rest: &str) -> String {
    format!("{rest}:")
}

/// The channel of this name.
#[fanout::stream(path = "/keeper/{channel}", channel = "{channel}")]
pub fn keeper() {}

/// The endpoints of this module.
#[fanout::endpoints(keeper, both, topics, any, socket, number, strict, rest)]
pub enum Endpoints {}
