//! Four real-time endpoints on one channel: what is published to `test` reaches every one of them.

use fanout::prelude::*;
use fanout::publish::PublishError;
use serde::Deserialize;

/// Every message, as server-sent events.
#[fanout::sse(channel = "test")]
fn sse() {}

/// Every message, as plain text.
#[fanout::stream(channel = "test")]
fn stream() {}

/// The next message, or this text after 30 seconds without one.
#[fanout::long_poll(channel = "test", timeout = 30)]
fn response() -> &'static str {
    "nothing yet\n"
}

/// Sends back what it is sent, and hears every message too.
#[fanout::ws(echo, channel = "test")]
fn ws() {}

const HELP: &str = r#"All four of these listen to the channel `test`:

    /sse         server-sent events
    /stream      plain text
    /response    a long poll
    /ws          a WebSocket, which sends back what it is sent

This publishes to all of them at once, when the app runs on your machine:

    curl 'http://127.0.0.1:7676/publish?channel=test' -d hello

On Fastly, `cargo xtask publish test hello` does, with the service's GRIP_URL in the environment.
"#;

/// The query of `/publish`.
#[derive(Deserialize)]
struct Asked {
    channel: Option<String>,
}

/// Publishes the text that it is sent, where the app is told how: on your machine it is. There anybody may; a service
/// that is told how should ask who they are first.
fn publish(mut request: Request) -> Response {
    let asked = match Query::<Asked>::parse(request.get_query_str().unwrap_or_default()) {
        Ok(Query(asked)) => asked,
        Err(error) => return error.into_answer().into(),
    };
    let channel = Channel::new(asked.channel.unwrap_or("test".to_owned()));
    let text = String::from_utf8(request.take_body_bytes());
    let (Ok(channel), Ok(text)) = (channel, text) else {
        return Response::from_status(400)
            .with_body_text_plain("a channel has a name, and a text is UTF-8\n");
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
