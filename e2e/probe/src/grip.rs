//! Everything that a hold can say. Each endpoint says it in headers, and as JSON where the query asks for that.

use fanout::grip::{Filter, Hold, KeepAlive, Link, Subscription};
use fanout::http::{HeaderName, HeaderValue, StatusCode};
use fanout::prelude::*;
use fanout::{Endpoint, Route};

/// Keep-alives of all kinds of data, once a second.
pub enum Awake {}

impl Endpoint for Awake {
    const ROUTE: Route = Route::stream("/grip/awake", |head| {
        let data: &[u8] = match parameter(head, "data") {
            Some("raw") => b"still, \"here\" \\",
            Some("text") => b" a; \\\r\n\t ",
            Some("bytes") => b"\xff\x00;\x80,\xfe",
            _ => return Answer::text(404, "no such data\n"),
        };
        let keep_alive = KeepAlive::from_static(data);
        let keep_alive = if parameter(head, "mode") == Some("interval") {
            keep_alive.interval(1)
        } else {
            keep_alive.idle(1)
        };
        Hold::stream(channel(head)).keep_alive(keep_alive).into()
    });
}

/// A keep-alive that nobody asked for.
pub enum ByDefault {}

impl Endpoint for ByDefault {
    const ROUTE: Route = Route::sse("/grip/default", |head| Hold::sse(channel(head)).into());
}

/// A response with something in every part.
pub enum Response {}

impl Endpoint for Response {
    const ROUTE: Route = Route::stream("/grip/response", |head| dressed(Hold::stream(channel(head))).into());
}

/// The same of a poll, which waits as short as it can.
pub enum Poll {}

impl Endpoint for Poll {
    const ROUTE: Route =
        Route::long_poll("/grip/poll", |head| dressed(Hold::long_poll(channel(head))).timeout(5).into());
}

fn dressed(hold: Hold) -> Hold {
    const SHOWN: HeaderName = HeaderName::from_static("x-shown");
    hold.status(StatusCode::CREATED)
        .reason(HeaderValue::from_static("Made It"))
        .content_type(HeaderValue::from_static("text/csv"))
        .header(SHOWN, HeaderValue::from_static("a, \"b\"; c"))
        .header(SHOWN, HeaderValue::from_static("twice"))
        .header(HeaderName::from_static("x-hidden"), HeaderValue::from_static("yes"))
        .expose_headers([SHOWN, fanout::http::header::CONTENT_TYPE])
        .body("a;b\n")
}

/// A user by name, who does not hear what they send, and has values put in for `%(text)s`.
pub enum Meta {}

impl Endpoint for Meta {
    const ROUTE: Route = Route::stream("/grip/meta", |head| {
        let user = parameter(head, "user").unwrap_or_default();
        let chat = Subscription::new(channel(head)).filter(Filter::SkipSelf).filter(Filter::VarSubst);
        Hold::stream(chat).meta("user", user).meta("text", "a \"b\", c=\\d; e").into()
    });
}

/// A stream that goes on after the message whose id it was given, and says what came up to the id 3 when it is asked
/// what was missed.
pub enum Reliable {}

impl Endpoint for Reliable {
    const ROUTE: Route = Route::sse("/grip/reliable", |head| {
        let asked = head.header("grip-last").and_then(|last| last.to_str().ok());
        let (body, last) = match asked {
            None => (String::from(": open\n\n"), "1"),
            Some(last) => (format!(": {last}\n\ndata: 2\n\ndata: 3\n\n"), "3"),
        };
        let link = Link::new(format!("{}?{}", head.path(), head.query().unwrap_or_default()));
        let (Ok(link), gone) = (link, Link::from_static("/grip/gone")) else {
            return Answer::text(500, "no link\n");
        };
        Hold::sse(Subscription::new(channel(head)).prev_id(last)).next(link).gone(gone).body(body).into()
    });
}

fn channel(head: &RequestHead<'_>) -> Channel {
    Channel::from_static(if parameter(head, "form") == Some("json") { "grip,json" } else { "grip" })
}

fn parameter<'r>(head: &RequestHead<'r>, name: &str) -> Option<&'r str> {
    let mut pairs = head.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(this, _)| *this == name).map(|(_, value)| value)
}
