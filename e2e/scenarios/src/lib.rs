//! The endpoints of the scenarios that run on the proxy and on its simulation, `fanout::testing`.
//!
//! Each path begins with the name of its module, and has a parameter `{of}` that is also part of the channel: the name of
//! the scenario. So scenarios at the same time do not hear each other. No handler takes a `Request`, since a host cannot
//! make one.

pub mod channels;
pub mod connections;
pub mod filters;
pub mod guards;
pub mod histories;
pub mod http;
pub mod kinds;
pub mod long_poll;
pub mod plain;
pub mod recovery;
pub mod redeployed;
pub mod sse;
pub mod stream;
pub mod ws;

/// A line for each of the headers that a client of a scenario may send.
fn headers(head: &fanout::RequestHead<'_>) -> String {
    const NAMES: [&str; 9] = [
        "x-member",
        "cookie",
        "accept-language",
        "authorization",
        "meta-member",
        "set-meta-member",
        "grip-last",
        "grip-channel",
        "fanout-guard",
    ];
    NAMES.iter().fold(String::new(), |lines, name| format!("{lines}{name}: {:?}\n", head.headers(name)))
}

/// All of them.
#[fanout::endpoints(
    sse::Endpoints,
    stream::Endpoints,
    long_poll::Endpoints,
    kinds::Endpoints,
    channels::Endpoints,
    filters::Endpoints,
    guards::Endpoints,
    http::Endpoints,
    plain::Endpoints,
    histories::Endpoints,
    recovery::Endpoints,
    ws::Endpoints,
    connections::Endpoints
)]
pub enum Endpoints {}
