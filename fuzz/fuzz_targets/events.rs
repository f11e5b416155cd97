//! Any body is events, or an error inside it; what is read comes out of a reply as it went in.

#![no_main]

use fanout::grip::websocket::{Event, Reply, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for event in decode(body) {
        let event = match event {
            Ok(event) => event,
            Err(error) => return assert!(error.offset() <= body.len()),
        };
        let (Event::Text(content) | Event::Binary(content)) = event else { continue };
        let mut reply = Reply::new();
        reply.text(content);
        let reply = reply.into_bytes();
        let sent: Vec<_> = decode(&reply).collect();
        let [Ok(Event::Text(message))] = sent[..] else { panic!("not one message: {sent:?}") };
        assert_eq!(message.strip_prefix(b"m:"), Some(content));
    }
});
