//! Everything else that a client chooses: the query, the ids in headers, which are the cookies too, the connection state, and
//! the events of a WebSocket that answers them. The bytes are these, one on each line, and then the events.

#![no_main]

use fanout::grip::websocket::{Event, decode};
use fanout::http::{HeaderMap, HeaderValue, Method};
use fanout::prelude::*;
use fanout::websocket::{Callbacks, Incoming};
use fanout::{LastIds, RequestHead};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    topic: Vec<String>,
    since: Option<u32>,
}

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(5, |&byte| byte == b'\n');
    let mut next = || parts.next().unwrap_or_default();
    let query = String::from_utf8_lossy(next()).into_owned();
    let mut headers = HeaderMap::new();
    for name in ["last-event-id", "grip-last", "meta-fanout-state"] {
        if let Ok(value) = HeaderValue::from_bytes(next()) {
            if name == "last-event-id" {
                headers.insert("cookie", value.clone());
            }
            headers.insert(name, value);
        }
    }
    let head = RequestHead::new(&Method::POST, "/", Some(&query), &headers);
    as_arguments(&head);
    as_socket(&head, next());
});

/// Text arrives unchanged, and nothing is added.
fn as_arguments(head: &RequestHead<'_>) {
    if let Ok(Query(Asked { topic, since })) = Query::from_request(head) {
        let query = head.query().unwrap_or_default();
        assert!(topic.iter().map(String::len).sum::<usize>() <= 3 * query.len());
        assert!(since.is_none() || query.contains('='));
    }
    let last = LastEventId::from_request(head).ok().and_then(LastEventId::into_inner);
    let sent = head.header("last-event-id").map(HeaderValue::as_bytes);
    assert!(last.is_none_or(|last| sent == Some(last.as_bytes())));
    let Ok(cookies) = Cookies::from_request(head);
    if let Some(sent) = head.header("cookie") {
        let sent = String::from_utf8_lossy(sent.as_bytes());
        assert!(cookies.iter().all(|(name, value)| sent.contains(name) && sent.contains(value)));
        assert!(cookies.iter().all(|(name, value)| !name.contains(['=', ';']) && !value.contains(';')));
    }
    let Ok(ids) = LastIds::from_request(head);
    if let (Some(id), Some(sent)) = (ids.of(&Channel::from_static("a")), head.header("grip-last")) {
        assert!(String::from_utf8_lossy(sent.as_bytes()).contains(&format!("a; last-id={id}")));
    }
}

/// Every answer has the client's own messages, which stay for the client, or it is no WebSocket answer.
fn as_socket(head: &RequestHead<'_>, body: &[u8]) {
    let answer = Callbacks::new(&|_| Ok(0))
        .message(&|count: &mut u32, message, reply| {
            *count = count.wrapping_add(1);
            match message {
                Incoming::Text(text) => reply.text(text),
                Incoming::Binary(bytes) => reply.binary(bytes),
            }
            Ok(())
        })
        .renew(&|_| Ok(0))
        .answer(head, decode(body));
    if answer.status() != 200 {
        return;
    }
    let typed = |content: &[u8]| {
        decode(body)
            .flatten()
            .any(|event| matches!(event, Event::Text(sent) | Event::Binary(sent) if sent == content))
    };
    for event in decode(answer.body()) {
        if let Event::Text(message) | Event::Binary(message) = event.expect("it is events") {
            assert!(message.strip_prefix(b"m:").is_some_and(typed));
        }
    }
    let state = answer.header("set-meta-fanout-state").map(HeaderValue::as_bytes);
    assert!(state.is_none_or(|state| state.iter().all(u8::is_ascii_digit)));
}
