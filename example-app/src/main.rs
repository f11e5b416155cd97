//! Four real-time endpoints on one channel: what is published to `test` reaches every one of them.

use fanout::prelude::*;

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

    curl http://127.0.0.1:5561/publish/ -d '{"items": [{"channel": "test", "formats": {
        "http-stream": {"content": "data: hello\n\n"},
        "http-response": {"body": "hello\n"},
        "ws-message": {"content": "hello"}}}]}'

On Fastly, publish to https://api.fastly.com/service/{service-id}/publish/ with a `Fastly-Key` header.
"#;

#[fanout::main(sse, stream, response, ws)]
fn main(request: Request) -> Result<Response, Error> {
    Ok(match request.get_path() {
        "/" => Response::from_status(200).with_body_text_plain(HELP),
        path => Response::from_status(404).with_body_text_plain(&format!("nothing at {path}\n")),
    })
}
