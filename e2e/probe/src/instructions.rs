//! Everything that a hold can say. Each endpoint says it in headers, or as JSON if the query asks for that.

use fanout::grip::{Filter, Hold, KeepAlive, Link, Subscription};
use fanout::http::{HeaderName, HeaderValue, StatusCode};
use fanout::prelude::*;
use fanout::{Endpoint, LastIds, Route};

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

/// The default keep-alive.
pub enum ByDefault {}

impl Endpoint for ByDefault {
    const ROUTE: Route = Route::sse("/grip/default", |head| Hold::sse(channel(head)).into());
}

/// A response with something in every part.
pub enum Response {}

impl Endpoint for Response {
    const ROUTE: Route = Route::stream("/grip/response", |head| dressed(Hold::stream(channel(head))).into());
}

/// The same for a poll, with the shortest timeout unless the query has another.
pub enum Poll {}

impl Endpoint for Poll {
    const ROUTE: Route = Route::long_poll("/grip/poll", |head| {
        let hold = dressed(Hold::long_poll(channel(head)));
        if parameter(head, "wait") == Some("long") { hold.into() } else { hold.timeout(5).into() }
    });
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

/// A user by name, who does not receive their own items, and for whom the proxy fills in `%(text)s`.
pub enum Meta {}

impl Endpoint for Meta {
    const ROUTE: Route = Route::stream("/grip/meta", |head| {
        let user = parameter(head, "user").unwrap_or_default();
        let chat = Subscription::new(channel(head)).filter(Filter::SkipSelf).filter(Filter::VarSubst);
        Hold::stream(chat).meta("user", user).meta("text", "a \"b\", c=\\d; e").into()
    });
}

/// A stream that resumes after the item with the given id, and answers recovery requests with the items up to id 3. The
/// ids need quotes in a header.
pub enum Reliable {}

impl Endpoint for Reliable {
    const ROUTE: Route = Route::sse("/grip/reliable", |head| {
        let channel = Channel::from_static("grip");
        let Ok(asked) = LastIds::from_request(head);
        let (body, last) = match asked.of(&channel) {
            None => (String::from(": open\n\n"), "id, \"1\"; x"),
            Some("id, \"1\"; x") => (String::from(": since 1\n\ndata: 2\n\ndata: 3\n\n"), "id, \"3\"; x"),
            // An item that is published during a recovery request makes the proxy send another.
            Some(_) => (String::from(": nothing since 3\n\n"), "id, \"3\"; x"),
        };
        Hold::sse(Subscription::new(channel).prev_id(last))
            .next(Link::from_static("/grip/reliable?missed"))
            .gone(Link::from_static("/grip/gone"))
            .body(body)
            .into()
    });
}

/// As much as fits into headers.
pub enum Full {}

impl Endpoint for Full {
    const ROUTE: Route = Route::stream("/grip/full", full);
}

/// The path that the proxy requests about a second after the first subscription.
pub enum Next {}

impl Endpoint for Next {
    const ROUTE: Route = Route::stream("/next/{long}", full);
}

fn full(head: &RequestHead<'_>) -> Answer {
    let link = |name| Link::new(format!("/{name}/{}", "x".repeat(Link::MAX_LEN - 6)));
    let (Ok(next), Ok(gone)) = (link("next"), link("gone")) else {
        return Answer::text(500, "no links\n");
    };
    Hold::stream(channel(head))
        .keep_alive(KeepAlive::from_static(&[b'\n'; KeepAlive::MAX_LEN]).idle(1))
        .next(next)
        .gone(gone)
        .meta("long", "x".repeat(2000))
        .into()
}

fn channel(head: &RequestHead<'_>) -> Channel {
    Channel::from_static(if parameter(head, "form") == Some("json") { "grip,json" } else { "grip" })
}

fn parameter<'r>(head: &RequestHead<'r>, name: &str) -> Option<&'r str> {
    let mut pairs = head.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(this, _)| *this == name).map(|(_, value)| value)
}
