//! Everything that a handler can return, and the extractors that it uses.

use fanout::grip::{Link, Subscription};
use fanout::http::StatusCode;
use fanout::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    topic: Vec<String>,
}

/// An event for each topic in the query.
#[fanout::sse(path = "/returns/topics", channel = "returns")]
pub fn topics(Query(wanted): Query<Wanted>) -> impl Iterator<Item = Event> {
    wanted.topic.into_iter().map(|topic| Event::named("topic", topic))
}

/// As many lines as the query says.
#[fanout::stream(path = "/returns/lines", channel = "returns")]
pub fn lines() -> Result<impl Iterator<Item = String>, Answer> {
    Ok((1..=3).map(|number| format!("line {number}\n")))
}

#[derive(Serialize, Deserialize)]
pub struct Asked {
    #[serde(default)]
    now: bool,
    #[serde(default)]
    moved: bool,
}

/// An answer at once, at the timeout, or a redirect.
#[fanout::long_poll(path = "/returns/poll", channel = "returns", timeout = 5)]
pub fn poll(Query(asked): Query<Asked>) -> Result<Poll<Json<Asked>, (StatusCode, &'static str)>, Redirect> {
    match asked {
        Asked { moved: true, .. } => Err(Redirect::see_other(Link::from_static("/returns/poll?now=true"))),
        Asked { now: true, .. } => Ok(Poll::Now(Json(asked))),
        _ => Ok(Poll::Wait((StatusCode::ACCEPTED, "not yet\n"))),
    }
}

/// A refusal that a browser can read.
#[fanout::sse(path = "/returns/refused", channel = "returns")]
pub fn refused() -> Result<Event, Refusal> {
    Err(Refusal::event("forbidden", "not for you"))
}

/// Resumes after the last event that the browser has seen.
#[fanout::sse(path = "/returns/resumed", channel = "returns")]
pub fn resumed(last: LastEventId) -> String {
    format!("seen {:?}", last.get())
}

/// Changes its hold by a value of the request.
#[fanout::stream(path = "/returns/held", channel = "returns")]
pub fn held(method: fanout::http::Method) -> WithHold<&'static str> {
    use fanout::grip::Filter;
    WithHold::new("hello\n", move |hold| {
        let returns = Subscription::new(Channel::from_static("returns")).filter(Filter::VarSubst);
        hold.channel(returns).meta("method", method.as_str())
    })
}
