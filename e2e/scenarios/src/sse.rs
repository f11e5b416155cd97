//! Event streams.

use fanout::grip::Link;
use fanout::http::StatusCode;
use fanout::prelude::*;
use serde::{Deserialize, Serialize};

/// Only what is published.
#[fanout::sse(path = "/sse/plain/{of}", channel = "sse-{of}")]
pub fn plain() {}

/// Several events first.
#[fanout::sse(path = "/sse/first/{of}", channel = "sse-{of}")]
pub fn first() -> Result<Vec<Event>, Answer> {
    let goal = Event::named("goal", "one\ntwo").id("7").map_err(IntoAnswer::into_answer)?;
    Ok(vec![Event::comment("welcome"), goal, Event::data("")])
}

/// The text of a path parameter.
#[fanout::sse(path = "/sse/text/{of}/{text}", channel = "sse-{of}")]
pub fn text(text: &str) -> String {
    text.to_owned()
}

/// The query of [`json`].
#[derive(Serialize, Deserialize)]
pub struct Asked {
    #[serde(default)]
    topic: Vec<String>,
    since: Option<u32>,
}

/// The query as JSON.
#[fanout::sse(path = "/sse/json/{of}", channel = "sse-{of}")]
pub fn json(Query(asked): Query<Asked>) -> Json<Asked> {
    Json(asked)
}

/// The id of the last event, for a client that reconnects.
#[fanout::sse(path = "/sse/resumed/{of}", channel = "sse-{of}")]
pub fn resumed(seen: LastEventId) -> Event {
    Event::data(format!("{:?}", seen.get()))
}

/// Options for the head of the response.
#[fanout::sse(
    path = "/sse/dressed/{of}",
    channel = "sse-{of}",
    keep_alive = off,
    headers = [("X-Feed", "a, \"b\"; c"), ("X-Hidden", "yes"), ("Cache-Control", "private")],
    expose_headers = ["X-Feed"],
    status = 202
)]
pub fn dressed() -> &'static str {
    "dressed"
}

/// A comment every two seconds.
#[fanout::sse(path = "/sse/every/{of}", channel = "sse-{of}", keep_alive = every("2s"))]
pub fn every() {}

/// An event after six quiet seconds.
#[fanout::sse(path = "/sse/idle/{of}", channel = "sse-{of}", keep_alive = idle("6s", "event: idle\ndata: \n\n"))]
pub fn idle() {}

/// No keep-alive.
#[fanout::sse(path = "/sse/off/{of}", channel = "sse-{of}", keep_alive = off)]
pub fn off() {}

/// The early answer that the query of [`early`] asks for.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Early {
    /// A refusal for an `EventSource`.
    Refusal,
    /// A status and a text.
    Status,
    /// A redirect.
    Redirect,
}

/// The query of [`early`].
#[derive(Deserialize)]
pub struct Wanted {
    early: Option<Early>,
}

/// An early answer, if the query asks for one.
#[fanout::sse(path = "/sse/early/{of}", channel = "sse-{of}")]
pub fn early(Query(wanted): Query<Wanted>) -> Result<&'static str, Answer> {
    match wanted.early {
        None => Ok("held"),
        Some(Early::Refusal) => Err(Refusal::event("forbidden", "not for you").into_answer()),
        Some(Early::Status) => Err((StatusCode::IM_A_TEAPOT, "no events\n").into_answer()),
        Some(Early::Redirect) => {
            Err(Redirect::see_other(Link::from_static("/sse/plain/elsewhere")).into_answer())
        }
    }
}

/// The endpoints of this module.
#[fanout::endpoints(plain, first, text, json, resumed, dressed, every, idle, off, early)]
pub enum Endpoints {}
