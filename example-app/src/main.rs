//! Four real-time endpoints on one channel: an item that is published to `test` reaches the clients of all four.

use fanout::prelude::*;
use fanout::publish::PublishError;
use serde::Deserialize;

/// Each message as a server-sent event.
#[fanout::sse(channel = "test")]
fn sse() {}

/// Each message as plain text.
#[fanout::stream(channel = "test")]
fn stream() {}

/// The next message, or this text after 30 seconds without one.
#[fanout::long_poll(channel = "test", timeout = 30)]
fn response() -> &'static str {
    "nothing yet\n"
}

/// Sends each message of the client back, and also what is published.
#[fanout::ws(echo, channel = "test")]
fn ws() {}

const HELP: &str = r#"All four of these listen to the channel `test`:

    /sse         server-sent events
    /stream      plain text
    /response    a long poll
    /ws          a WebSocket, which sends your messages back

This publishes to all of them at once, when the app runs on your machine:

    curl 'http://127.0.0.1:7676/publish?channel=test' -d hello

On Fastly, use `cargo xtask publish test hello`, with the service's GRIP_URL in the environment.
"#;

/// The query of `/publish`.
#[derive(Deserialize)]
struct To {
    channel: Option<String>,
}

/// Publishes the body as text, if the app is configured to publish, as it is on your machine. There every client may
/// publish. A service on Fastly should check first who the client is, in a guard.
#[fanout::post]
fn publish(Query(to): Query<To>, Body(text): Body<String>) -> Result<&'static str, Answer> {
    let channel = Channel::new(to.channel.unwrap_or("test".to_owned())).map_err(IntoAnswer::into_answer)?;
    match fanout::publish(channel, text) {
        Ok(()) => Ok("published\n"),
        Err(PublishError::NotConfigured(_)) => {
            Err(Answer::text(404, "this app is not configured to publish\n"))
        }
        Err(error) => Err(error.into_answer()),
    }
}

/// Says what there is to try.
#[fanout::get(path = "/")]
fn help() -> &'static str {
    HELP
}

#[fanout::main(sse, stream, response, ws, publish, help)]
fn main() {}

#[cfg(test)]
mod tests;
