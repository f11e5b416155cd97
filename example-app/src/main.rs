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
/// publish. A service on Fastly should check first who the client is.
fn publish(mut request: Request) -> Response {
    let to = match Query::<To>::parse(request.get_query_str().unwrap_or_default()) {
        Ok(Query(to)) => to,
        Err(error) => return error.into_answer().into(),
    };
    let channel = Channel::new(to.channel.unwrap_or("test".to_owned()));
    let text = String::from_utf8(request.take_body_bytes());
    let (Ok(channel), Ok(text)) = (channel, text) else {
        return Response::from_status(400)
            .with_body_text_plain("the channel name is empty, or the text is not UTF-8\n");
    };
    match fanout::publish(channel, text) {
        Ok(()) => Response::from_status(200).with_body_text_plain("published\n"),
        Err(PublishError::NotConfigured(_)) => Response::from_status(404),
        Err(error) => {
            eprintln!("{error}");
            Response::from_status(502).with_body_text_plain("not published\n")
        }
    }
}

#[fanout::main(sse, stream, response, ws)]
fn main(request: Request) -> Result<Response, Error> {
    Ok(match (request.get_method_str(), request.get_path()) {
        ("POST", "/publish") => publish(request),
        (_, "/") => Response::from_status(200).with_body_text_plain(HELP),
        (_, path) => Response::from_status(404).with_body_text_plain(&format!("nothing at {path}\n")),
    })
}
