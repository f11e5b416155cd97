mod decode;
mod encode;
mod reply;

use proptest::prelude::*;

use super::{DecodeError, Event, Unknown};

fn all(body: &[u8]) -> Result<Vec<Event<'_>>, DecodeError> {
    super::decode(body).collect()
}

/// An event that owns what it holds, as proptest makes it.
#[derive(Clone, Debug)]
enum Made {
    Bare(Event<'static>),
    With(fn(&[u8]) -> Event<'_>, Vec<u8>),
    Unknown(String, Vec<u8>),
}

impl Made {
    fn event(&self) -> Event<'_> {
        match self {
            Self::Bare(event) => *event,
            Self::With(kind, content) => kind(content),
            Self::Unknown(kind, content) => Event::Unknown(Unknown::new(kind, content).unwrap()),
        }
    }
}

/// Any event, with content that sometimes looks like the protocol.
fn event() -> impl Strategy<Value = Made> {
    let kinds: [fn(&[u8]) -> Event<'_>; 5] = [
        |content| Event::Text(content),
        |content| Event::Binary(content),
        |content| Event::Ping(content),
        |content| Event::Pong(content),
        |content| Event::Close(content),
    ];
    let content = prop_oneof![
        any::<Vec<u8>>(),
        prop::collection::vec(prop::sample::select(&b"\r\nOPEN TXI0f"[..]), 0..300),
    ]
    .boxed();
    let kind = "[!-~]{1,8}".prop_filter("known", |kind| Unknown::new(kind, b"").is_ok());
    prop_oneof![
        prop::sample::select(vec![Event::Open, Event::Disconnect]).prop_map(Made::Bare),
        (prop::sample::select(kinds.to_vec()), content.clone())
            .prop_map(|(kind, content)| Made::With(kind, content)),
        (kind, content).prop_map(|(kind, content)| Made::Unknown(kind, content)),
    ]
}

fn events() -> impl Strategy<Value = Vec<Made>> {
    prop::collection::vec(event(), 0..8)
}
