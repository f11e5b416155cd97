//! Channels of any name, which the query gives.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use fanout::grip::Hold;
use fanout::grip::websocket::Event;
use fanout::prelude::*;
use fanout::websocket::Reply;
use fanout::{Endpoint, Route};

/// The channels of the path: both parameters.
#[fanout::stream(path = "/trust/rooms/{room}/{end}", channel = ["{room}", "{end}"])]
pub fn rooms() {}

/// A stream of `?NAME&NAME`, each in base64url.
pub enum Stream {}

impl Endpoint for Stream {
    const ROUTE: Route = Route::stream("/trust/stream", |head| match channels(head) {
        Some([one, other]) => Hold::stream(one).channel(other).into(),
        None => Answer::text(400, "two channels, please\n"),
    });
}

/// A WebSocket of the same.
pub enum Socket {}

impl Endpoint for Socket {
    const ROUTE: Route = Route::ws("/trust/socket", |head, mut events| {
        let Some(channels) = channels(head) else { return Answer::text(400, "two channels, please\n") };
        let mut reply = Reply::new();
        if events.any(|event| event == Ok(Event::Open)) {
            reply.open();
            for channel in channels {
                reply.subscribe(channel).expect("it has no filters");
            }
        }
        reply.into()
    });
}

fn channels(head: &RequestHead<'_>) -> Option<[Channel; 2]> {
    let channel = |encoded| {
        let name = Base64UrlUnpadded::decode_vec(encoded).ok()?;
        Channel::new(String::from_utf8(name).ok()?).ok()
    };
    let (one, other) = head.query()?.split_once('&')?;
    Some([channel(one)?, channel(other)?])
}
