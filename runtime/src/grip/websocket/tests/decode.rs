use proptest::prelude::*;

use super::super::{Close, Event, InvalidClose, Unknown, decode, encode};
use super::{all, events};

#[test]
fn reads_each_type() {
    let body = b"OPEN\r\nTEXT 0\r\n\r\nBINARY A\r\n0\r\n3456789\r\nPING\r\nPONG 1\r\nx\r\nCLOSE 2\r\n\x03\xe8\r\nNEWS 1\r\nn\r\nnews\r\nDISCONNECT\r\n";
    assert_eq!(
        all(body).unwrap(),
        [
            Event::Open,
            Event::Text(b""),
            Event::Binary(b"0\r\n3456789"),
            Event::Ping(b""),
            Event::Pong(b"x"),
            Event::Close(b"\x03\xe8"),
            Event::Unknown(Unknown::new("NEWS", b"n").unwrap()),
            Event::Unknown(Unknown::new("news", b"").unwrap()),
            Event::Disconnect,
        ]
    );
}

#[test]
fn reads_a_length_as_it_is_written() {
    for length in ["b", "B", "0B", "0000000000000000000000b"] {
        let body = format!("TEXT {length}\r\nhello\r\nyou!\r\n");
        assert_eq!(all(body.as_bytes()).unwrap(), [Event::Text(b"hello\r\nyou!")], "{length}");
    }
}

#[test]
fn a_type_may_begin_like_another() {
    let body = b"TEX\r\nTEXT\r\nTEXTS 1\r\na\r\nBINARY\r\n";
    let unknown = |kind, content| Event::Unknown(Unknown::new(kind, content).unwrap());
    assert_eq!(
        all(body).unwrap(),
        [unknown("TEX", b""), Event::Text(b""), unknown("TEXTS", b"a"), Event::Binary(b"")]
    );
}

#[test]
fn an_error_has_its_offset_and_says_if_the_body_is_incomplete() {
    let fails = |body: &[u8]| {
        let error = all(body).unwrap_err();
        (error.offset(), error.is_incomplete())
    };
    const INCOMPLETE: bool = true;
    const MALFORMED: bool = false;
    assert_eq!(fails(b"OPEN"), (0, INCOMPLETE));
    assert_eq!(fails(b"OPEN\r"), (0, INCOMPLETE));
    assert_eq!(fails(b"OPEN\r\nTEXT"), (6, INCOMPLETE));
    assert_eq!(fails(b"OPEN\r\nTEXT "), (6, INCOMPLETE));
    assert_eq!(fails(b"OPEN\r\nTEXT 1"), (6, INCOMPLETE));
    assert_eq!(fails(b"OPEN\r\nNEWS 1\r"), (6, INCOMPLETE));
    assert_eq!(fails(b"TEXT 2\r\na"), (8, INCOMPLETE));
    assert_eq!(fails(b"TEXT 7fffffff\r\na\r\n"), (15, INCOMPLETE));
    assert_eq!(fails(b"TEXT 1\r\na"), (9, INCOMPLETE));
    assert_eq!(fails(b"TEXT 1\r\na\r"), (9, INCOMPLETE));

    assert_eq!(fails(b"\r"), (0, MALFORMED));
    assert_eq!(fails(b"\r\n"), (0, MALFORMED));
    assert_eq!(fails(b" 1\r\na\r\n"), (0, MALFORMED));
    assert_eq!(fails(b"OPEN\n"), (4, MALFORMED));
    assert_eq!(fails(b"OPEN\rTEXT"), (4, MALFORMED));
    assert_eq!(fails(b"OPEN\r\nN\xc3\xa4h"), (7, MALFORMED));
    assert_eq!(fails(b"OPEN\r\nTEXT x\r\n"), (11, MALFORMED));
    assert_eq!(fails(b"TEXT \r\n"), (5, MALFORMED));
    assert_eq!(fails(b"TEXT +1\r\na\r\n"), (5, MALFORMED));
    assert_eq!(fails(b"TEXT 0x1\r\na\r\n"), (5, MALFORMED));
    assert_eq!(fails(b"TEXT 1 \r\na\r\n"), (5, MALFORMED));
    assert_eq!(fails(b"NEWS 1\n"), (5, MALFORMED));
    assert_eq!(fails(b"TEXT fffffffffffffffff\r\na\r\n"), (5, MALFORMED));
    assert_eq!(fails(b"TEXT 1\r\nab\r\n"), (9, MALFORMED));
    assert_eq!(fails(b"TEXT 1\r\na\rb"), (9, MALFORMED));

    assert_eq!(
        all(b"TEXT 2\r\na").unwrap_err().to_string(),
        "an event's content is shorter than its length (at byte 8)"
    );
}

#[test]
fn an_error_ends_the_events() {
    let mut events = decode(b"OPEN\r\n\r\nOPEN\r\n");
    assert_eq!(events.next(), Some(Ok(Event::Open)));
    assert!(events.next().unwrap().is_err());
    assert_eq!(events.next(), None);
}

#[test]
fn reads_a_close() {
    assert_eq!(Close::parse(b""), Ok(None));
    assert_eq!(Close::parse(b"\x0f\xa1"), Ok(Some(Close { code: 4001, reason: "" })));
    assert_eq!(
        Close::parse("\u{3}\u{0}na\u{ef}ve".as_bytes()),
        Ok(Some(Close { code: 768, reason: "naïve" }))
    );
    assert_eq!(Close::parse(b"\x03"), Err(InvalidClose::HalfACode));
    assert_eq!(Close::parse(b"\x03\xe8\xff"), Err(InvalidClose::ReasonNotUtf8 { code: 1000 }));
}

proptest! {
    #[test]
    fn any_bytes_are_events_and_an_error_behind_them(body in any::<Vec<u8>>()) {
        if let Err(error) = all(&body) {
            prop_assert!(error.offset() <= body.len());
        }
    }

    #[test]
    fn a_prefix_is_the_first_events_and_what_is_incomplete(made in events(), cut in any::<prop::sample::Index>()) {
        let events: Vec<_> = made.iter().map(|made| made.event()).collect();
        let body = encode(events.iter().copied());
        let cut = cut.index(body.len() + 1);
        let mut read = 0;
        let mut ends = 0;
        for event in decode(&body[..cut]) {
            match event {
                Ok(event) => {
                    prop_assert_eq!(event, events[read]);
                    read += 1;
                    ends += encode([event]).len();
                }
                Err(error) => {
                    prop_assert!(error.is_incomplete(), "{}", error);
                    prop_assert!((ends..=cut).contains(&error.offset()));
                    ends = cut;
                }
            }
        }
        prop_assert_eq!(ends, cut);
    }
}
