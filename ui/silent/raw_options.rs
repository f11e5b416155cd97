//! Keywords as the names of types, path parameters, messages, and functions that options name.

#![deny(warnings)]
#![forbid(unsafe_code)]
#![allow(non_camel_case_types)]

use fanout::websocket::{CloseWith, FromMessage, Incoming};
use fanout::{Answer, Channel, Event};

#[fanout::sse(
    path = "/{type}/{async}",
    channel = "{type}-{async}",
    guard = r#fn(r#type),
    name = r#struct,
)]
fn r#match(r#type: &str, r#async: u8) -> Event {
    Event::comment(r#type.repeat(r#async.into()))
}

fn r#fn(r#type: &str) -> Result<(), Answer> {
    if r#type.is_empty() { Err(Answer::text(403, "")) } else { Ok(()) }
}

mod r#impl {
    #[derive(Default, serde::Serialize, serde::Deserialize)]
    pub struct r#enum {
        r#in: u8,
    }

    #[fanout::ws(path = "/enum/{loop}", channel = ["{loop}"])]
    impl r#enum {
        fn text(&mut self, r#loop: u8, r#where: &str) {
            self.r#in += r#loop;
            assert!(!r#where.is_empty());
        }
    }
}

#[fanout::ws(path = "/dyn/{loop}", message = r#where, channel = r#return(r#loop))]
fn r#dyn(r#where: Said, r#loop: &str) -> String {
    r#where.0 + r#loop
}

fn r#return(r#loop: &str) -> Result<Channel, fanout::grip::InvalidChannel> {
    Channel::new(r#loop)
}

struct Said(String);

impl<'m> FromMessage<'m> for Said {
    type Rejection = CloseWith;

    fn from_message(message: Incoming<'m>) -> Result<Self, CloseWith> {
        Ok(Self(format!("{message:?}")))
    }
}

#[fanout::main(r#struct, r#impl::r#enum, r#dyn)]
fn main() {
    let _ = r#struct::channel("a", "b");
}
