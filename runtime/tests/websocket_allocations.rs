//! Decoding a body allocates nothing; encoding allocates nothing but room for the body.

use allocation_counter::measure;
use fanout::grip::websocket::{Event, decode, encode};
use fanout::websocket::Close;

fn events(text: &[u8]) -> Vec<Event<'_>> {
    let mut events = vec![Event::Open];
    events.extend([Event::Text(text), Event::Binary(text), Event::Ping(b"ping")].repeat(16));
    events.extend([Event::Close(b"\x03\xe8done"), Event::Disconnect]);
    events
}

#[test]
fn decoding_allocates_nothing() {
    for len in [0, 64, 65_536] {
        let text = vec![b'x'; len];
        let mut body = encode(events(&text));
        body.extend_from_slice(b"NEWS 1\r\nn\r\nTEXT 5\r\ncut");
        let (mut bytes, mut closes, mut errors) = (0, 0, 0);
        let allocations = measure(|| {
            for event in decode(&body) {
                match event {
                    Ok(Event::Text(content) | Event::Binary(content)) => bytes += content.len(),
                    Ok(Event::Close(content)) => closes += usize::from(Close::parse(content).is_ok()),
                    Ok(Event::Unknown(unknown)) => assert_eq!(unknown.kind(), "NEWS"),
                    Ok(_) => {}
                    Err(error) => errors += usize::from(error.is_incomplete()),
                }
            }
        });
        assert_eq!((bytes, closes, errors), (32 * len, 1, 1));
        assert_eq!(allocations.count_total, 0);
    }
}

#[test]
fn encoding_allocates_nothing_where_there_is_room() {
    let text = [b'x'; 1000];
    let events = events(&text);
    let mut body = Vec::with_capacity(1 << 16);
    let allocations = measure(|| events.iter().for_each(|event| event.encode(&mut body)));
    assert!(!body.is_empty());
    assert_eq!(allocations.count_total, 0);
}

/// Shows that the counter counts.
#[test]
fn collecting_events_allocates() {
    let body = encode(events(b"text"));
    let allocations = measure(|| assert!(decode(&body).collect::<Result<Vec<_>, _>>().is_ok()));
    assert!(allocations.count_total > 0);
}
