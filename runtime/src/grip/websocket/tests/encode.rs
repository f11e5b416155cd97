use proptest::prelude::*;

use super::super::{Event, Unknown, encode};
use super::{all, events};

#[test]
fn writes_each_type() {
    let events = [
        Event::Open,
        Event::Text(b""),
        Event::Binary(&[b'x'; 10]),
        Event::Ping(b"\r\n"),
        Event::Pong(&[b'y'; 17]),
        Event::Close(b"\x03\xe8"),
        Event::Close(b""),
        Event::Unknown(Unknown::new("NEWS", b"n").unwrap()),
        Event::Disconnect,
    ];
    assert_eq!(
        encode(events),
        b"OPEN\r\nTEXT 0\r\n\r\nBINARY a\r\nxxxxxxxxxx\r\nPING 2\r\n\r\n\r\nPONG 11\r\nyyyyyyyyyyyyyyyyy\r\n\
          CLOSE 2\r\n\x03\xe8\r\nCLOSE\r\nNEWS 1\r\nn\r\nDISCONNECT\r\n"
    );
}

#[test]
fn writes_every_width_of_a_length() {
    for len in [0, 1, 15, 16, 255, 256, 4095, 4096, 65_535, 65_536, 1_048_575, 1_048_576] {
        let body = encode([Event::Text(&vec![b'x'; len])]);
        assert!(body.starts_with(format!("TEXT {len:x}\r\nx").as_bytes()) || len == 0, "{len}");
        assert_eq!(body.len(), format!("TEXT {len:x}\r\n\r\n").len() + len);
    }
}

#[test]
fn an_unknown_type_cannot_break_out_of_its_line() {
    for kind in ["", "A B", "A\r\nOPEN", "A\n", "\u{e4}", "A\u{7f}"] {
        let error = Unknown::new(kind, b"").unwrap_err();
        assert_eq!(
            error.to_string(),
            "an event's type is printable ASCII characters and no space",
            "{kind:?}"
        );
    }
    for kind in ["OPEN", "TEXT", "BINARY", "PING", "PONG", "CLOSE", "DISCONNECT"] {
        assert!(Unknown::new(kind, b"").is_err(), "{kind}");
    }
}

proptest! {
    #[test]
    fn encoded_events_decode_to_the_same(made in events()) {
        let events: Vec<_> = made.iter().map(|made| made.event()).collect();
        let body = encode(events.iter().copied());
        prop_assert_eq!(all(&body).unwrap(), events);
    }
}
