//! WebSocket events: the bytes as a body, and as the content of a handler's messages.
//!
//! Run it with `cargo +nightly fuzz run events corpus/events seeds/events`, in `fuzz/`.

#![no_main]

use fanout::grip::websocket::{Event, decode, encode};
use fanout::websocket::{Close, Frame, KeepAlive, Reply};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    as_body(body);
    as_content(body);
});

/// A body decodes to events and at most one error after them. Decoded and encoded again, it decodes to the same, and every
/// prefix of it decodes to the first events and an incomplete rest.
fn as_body(body: &[u8]) {
    let mut events = Vec::new();
    for event in decode(body) {
        match event {
            Ok(event) => events.push(event),
            Err(error) => assert!(error.offset() <= body.len()),
        }
    }
    let again = encode(events.iter().copied());
    assert!(again.len() <= body.len() + events.len() * b" 0\r\n".len());
    assert_eq!(decode(&again).collect::<Result<Vec<_>, _>>().as_ref(), Ok(&events));

    // All prefixes of a long body would take long.
    for cut in (0..again.len()).take(64).chain(again.len().saturating_sub(64)..again.len()) {
        let mut read = 0;
        for event in decode(&again[..cut]) {
            match event {
                Ok(event) => assert_eq!(event, events[read]),
                Err(error) => assert!(error.is_incomplete(), "{error} of {cut} bytes"),
            }
            read += 1;
        }
        assert!(read <= events.len());
    }
    for event in events {
        if let Event::Close(content) = event {
            as_close(content);
        }
    }
}

/// A client can read the answer to any close.
fn as_close(content: &[u8]) {
    let mut reply = Reply::new();
    reply.answer_close(content);
    let body = reply.into_bytes();
    let answer: Vec<_> = decode(&body).collect();
    let [Ok(Event::Close(answer))] = answer[..] else { panic!("not one close: {answer:?}") };
    let answer = Close::parse(answer).unwrap();
    assert_eq!(answer.is_none(), content.is_empty());
}

/// A handler's messages are for the client. A text in a control message stays in that message.
fn as_content(content: &[u8]) {
    let mut reply = Reply::new();
    reply.binary(content);
    let mut controls = 0;
    if let Ok(text) = str::from_utf8(content) {
        reply.text(text);
        controls += usize::from(reply.session(text).is_ok());
        controls += usize::from(reply.set_meta(text, text).is_ok());
        controls += usize::from(reply.send_delayed(Frame::Text(text), 1).is_ok());
        if let Ok(()) = reply.set_connection_meta("state", text) {
            let (_, value) = reply.headers().last().unwrap();
            assert_eq!(value, text);
        }
    }
    controls += usize::from(reply.keep_alive(KeepAlive::idle(Frame::Binary(content), 1)).is_ok());
    let body = reply.into_bytes();
    for event in decode(&body) {
        match event.unwrap() {
            Event::Binary(message) => assert_eq!(message.strip_prefix(b"m:"), Some(content)),
            Event::Text(message) => match message.strip_prefix(b"c:") {
                Some(json) => {
                    assert!(message.len() <= 16_384);
                    let told: serde_json::Value = serde_json::from_slice(json).unwrap();
                    for field in ["id", "name", "value"] {
                        assert!(
                            told.get(field).is_none_or(|text| text.as_str().unwrap().as_bytes() == content)
                        );
                    }
                    controls -= 1;
                }
                None => assert_eq!(message.strip_prefix(b"m:"), Some(content)),
            },
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(controls, 0);
}
