//! The four real-time endpoints of the example app, on the plain `fastly` crate: the baseline of the benchmarks.
//!
//! It believes every request with a `Grip-Sig`, and a client of its echo can subscribe itself to any channel. Nobody should
//! deploy it.

use std::io::Write as _;

use fastly::handle::{BodyHandle, ResponseHandle};
use fastly::http::{HeaderName, HeaderValue, header};
use fastly::{Error, Request, Response};

const EVENTS: &str = "application/websocket-events";

/// Answers a request.
///
/// # Errors
///
/// If Compute does not hand the request off.
pub fn answer(request: Request) -> Result<(), Error> {
    let path = request.get_path();
    if !matches!(path, "/sse" | "/stream" | "/response" | "/ws") {
        Response::from_status(404).with_body("not found\n").send_to_client();
        return Ok(());
    }
    if !request.contains_header("Grip-Sig") {
        request.handoff_fanout("self")?;
        return Ok(());
    }
    let answer = match path {
        "/sse" => hold("stream", "text/event-stream", ":\n\n"),
        "/stream" => hold("stream", "text/plain", ""),
        "/response" => hold("response", "text/plain", "nothing yet\n").with_header("Grip-Timeout", "30"),
        _ => events(request),
    };
    answer.send_to_client();
    Ok(())
}

/// Answers every request with the same hold, and reads nothing: the floor of the benchmarks, which no app can be faster than.
///
/// # Panics
///
/// If the host does not take the body.
pub fn answer_unread() {
    const HOLD: HeaderName = HeaderName::from_static("grip-hold");
    const CHANNEL: HeaderName = HeaderName::from_static("grip-channel");
    let mut response = ResponseHandle::new();
    for (name, value) in [(header::CONTENT_TYPE, "text/event-stream"), (HOLD, "stream"), (CHANNEL, "test")] {
        response.insert_header(&name, &HeaderValue::from_static(value));
    }
    let mut body = BodyHandle::new();
    body.write_all(b":\n\n").expect("a new body takes everything");
    response.send_to_client(body);
}

fn hold(mode: &str, content_type: &str, body: &str) -> Response {
    Response::from_status(200)
        .with_header(header::CONTENT_TYPE, content_type)
        .with_header("Grip-Hold", mode)
        .with_header("Grip-Channel", "test")
        .with_body(body)
}

/// Sends the events back. An opening is answered with a subscription too.
fn events(mut request: Request) -> Response {
    let mut events = request.take_body_bytes();
    let mut answer = Response::from_status(200).with_header(header::CONTENT_TYPE, EVENTS);
    if events.starts_with(b"OPEN\r\n") {
        let subscribe = br#"c:{"type":"subscribe","channel":"test"}"#;
        events.extend(format!("TEXT {:x}\r\n", subscribe.len()).bytes());
        events.extend(subscribe);
        events.extend(b"\r\n");
        answer.set_header("Sec-WebSocket-Extensions", "grip; message-prefix=\"\"");
    }
    answer.set_body(events);
    answer
}
