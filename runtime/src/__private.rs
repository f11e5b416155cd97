//! What generated code calls. Not part of the API: it changes without notice.

use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::endpoint::websocket::{self, WrongKind};
use crate::endpoint::{Opening, websocket::agreement};
use crate::grip::websocket::InvalidReply;

pub use crate::compute::{MainReturn, fall_back, main, not_found, policy};
pub use crate::endpoint::routing::{Table, count, flatten, normal, report_conflict};
pub use crate::endpoint::websocket::{
    Callbacks, CloseWith, Closed, FromClose, FromMessage, Incoming, IntoClose, IntoEnd, IntoOpen, IntoReply,
    IntoState, Stale, close, message,
};
pub use crate::endpoint::{
    Answer, Argument, Endpoint, Endpoints, GuardValue, InHandler, IntoAnswer, IntoEvents, IntoMessages,
    IntoPoll, IntoStream, IntoSubscriptions, Listed, Methods, RequestHead, Route, found, guard_value_or_run,
    parameter, run_guard, strict_parameter,
};
pub use crate::grip::sig::Policy;
pub use crate::grip::websocket::{Frame, KeepAlive as SocketKeepAlive, Reply};
pub use crate::grip::{Channel, Hold, KeepAlive, Link, Subscription};
pub use core::result::Result;
pub use http::{HeaderName, HeaderValue};

/// What a function comes to.
pub fn answered(run: impl FnOnce() -> Result<Answer, Answer>) -> Answer {
    run().unwrap_or_else(|answer| answer)
}

/// Holds a response that begins with what the function returned, or answers what it refused with.
pub fn hold(hold: Hold, opening: Result<Opening, Answer>) -> Result<Answer, Answer> {
    Ok(opening?.answer(hold))
}

/// The hold, made by `constructor`, of what is to be subscribed to.
pub fn hold_of(
    constructor: fn(Subscription) -> Hold,
    channels: impl IntoSubscriptions,
) -> Result<Hold, Answer> {
    let mut subscriptions = subscriptions(channels)?.into_iter();
    let Some(first) = subscriptions.next() else {
        crate::log::line(
            "a function found no channel for a hold; where the client is to be refused, return an `Err`",
        );
        return Err(Answer::text(500, "there is no channel to listen to\n"));
    };
    Ok(constructor(first).channels(subscriptions))
}

/// A path can make a channel longer than one can be.
fn subscriptions(channels: impl IntoSubscriptions) -> Result<Vec<Subscription>, Answer> {
    let subscriptions = channels.into_subscriptions()?;
    let invalid = subscriptions.iter().find_map(|subscription| subscription.channel().check().err());
    invalid.map_or(Ok(subscriptions), |error| Err(error.into_answer()))
}

/// A part of a text that a path fills in.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// What is always there.
    Text(&'static str),
    /// A parameter of the path.
    Parameter(usize),
}

/// A parameter of the path.
pub fn text<'r>(head: &RequestHead<'r>, index: usize) -> &'r str {
    head.parameters().nth(index)
}

/// A channel that a path fills in. It may be longer than a channel can be: whoever subscribes or publishes looks.
pub fn channel(parts: &[&str]) -> Channel {
    Channel::unchecked(parts.concat())
}

/// A text that the path fills in.
pub fn template(head: &RequestHead<'_>, parts: &[Part]) -> String {
    filled(head, parts, |text| text.into())
}

/// A link that the path fills in.
pub fn link(head: &RequestHead<'_>, parts: &[Part]) -> Result<Link, Answer> {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let url = filled(head, parts, |text| utf8_percent_encode(text, KEPT).into());
    Link::new(url).map_err(IntoAnswer::into_answer)
}

fn filled<'r>(
    head: &RequestHead<'r>,
    parts: &[Part],
    as_it_goes: fn(&'r str) -> std::borrow::Cow<'r, str>,
) -> String {
    let mut filled = String::new();
    for part in parts {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Parameter(index) => filled.push_str(&as_it_goes(text(head, *index))),
        }
    }
    filled
}

/// A status that the attribute has checked.
pub fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or_default()
}

/// Opens a connection: whom it hears, and what is spoken.
pub fn connect(
    head: &RequestHead<'_>,
    reply: &mut Reply,
    channels: impl IntoSubscriptions,
) -> Result<(), Answer> {
    if let Some(route) = head.route()
        && let Some(subprotocol) = agreement::chosen(route, head)?
    {
        said(reply.subprotocol(subprotocol))?;
    }
    for subscription in subscriptions(channels)? {
        said(reply.subscribe(subscription))?;
    }
    Ok(())
}

/// What a reply cannot say is a mistake of the app's.
pub fn said(result: Result<(), InvalidReply>) -> Result<(), Answer> {
    result.map_err(IntoAnswer::into_answer)
}

/// What a function sends when the connection opens.
pub fn begin(reply: &mut Reply, first: Result<Reply, Answer>) -> Result<(), Answer> {
    reply.append(first?);
    Ok(())
}

/// What could not be made for what happened ends the connection.
pub fn for_event<T>(made: Result<T, Answer>) -> Result<T, CloseWith> {
    made.map_err(websocket::close_with)
}

/// Why state does not come back, which is always what a function takes.
pub fn stale(stale: Stale) -> Result<Stale, CloseWith> {
    Ok(stale)
}

/// Refuses a message of a kind that no function takes.
pub fn refuse(message: Incoming<'_>) -> Result<(), CloseWith> {
    Err(match message {
        Incoming::Text(_) => WrongKind::NotBinary.into_close(),
        Incoming::Binary(_) => WrongKind::NotText.into_close(),
    })
}

/// What takes the place of a route that could not be made, beside the error that says why.
pub const STAND_IN: Route = stand_in(|_| Answer::text(500, ""));

/// The same with a function of its own. It answers no method, so that it is in no other's way.
pub const fn stand_in(answer: fn(&RequestHead<'_>) -> Answer) -> Route {
    Route::sse("/", answer).methods(Methods::NONE)
}
