//! Channels: templates, lists, functions.

use fanout::grip::{Filter, Subscription};
use fanout::http::StatusCode;
use fanout::prelude::*;
use fanout::{Guarded, LastIds};
use serde::Deserialize;

/// One channel for each room, for every name that a room can have.
#[fanout::sse(path = "/language/room/{room}", channel = "room-{room}")]
pub fn room() {}

/// The same for messages.
#[fanout::ws(path = "/language/chat/{room}", channel = "room-{room}")]
fn chat() {}

/// Two channels.
#[fanout::sse(path = "/language/both/{room}", channel = ["room-{room}", "everybody"])]
fn both() {}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    topic: Vec<String>,
}

/// A channel for each topic in the query, which names at least one.
fn of_query(Query(wanted): Query<Wanted>) -> Result<Vec<Channel>, Answer> {
    if wanted.topic.is_empty() {
        return Err(Answer::text(400, "name a topic\n"));
    }
    wanted.topic.into_iter().map(|topic| Channel::new(topic).map_err(IntoAnswer::into_answer)).collect()
}

/// Topics.
#[fanout::sse(path = "/language/topics", channel = of_query)]
fn topics() {}

/// The channels of a room, from the first level to the given one.
fn of_room(room: &str, level: u8) -> Result<Vec<Channel>, (StatusCode, String)> {
    let channel = |level| Channel::new(format!("room-{room}-{level}"));
    let channels: Result<_, _> = (1..=level).map(channel).collect();
    channels.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

/// Levels.
#[fanout::stream(path = "/language/levels/{room}/{level}", channel = of_room(room, level))]
fn levels() {}

/// The channel of a room in capital letters.
fn shouted(room: String) -> Channel {
    room::channel(&room.to_uppercase())
}

/// A channel that a function returns.
#[fanout::sse(path = "/language/shouted/{room}", channel = shouted(room))]
fn loud() {}

/// The subscription to everything but the user's own items.
fn of_others() -> [Subscription; 2] {
    let filtered = Subscription::new(Channel::from_static("filtered")).filter(Filter::SkipSelf);
    [filtered, Channel::from_static("everybody").into()]
}

/// A user, who receives nothing that they themselves publish to one of the channels.
#[fanout::stream(path = "/language/others/{user}", channel = of_others, meta = ("user", "{user}"))]
fn others() {}

/// A stream that resumes after the last item that the client has.
fn after(id: u32, asked: LastIds) -> Subscription {
    const CHANNEL: Channel = Channel::from_static("counted");
    let last = asked.of(&CHANNEL).map_or_else(|| id.to_string(), str::to_owned);
    Subscription::new(CHANNEL).prev_id(if asked.is_empty() { last } else { "3".to_owned() })
}

/// Numbered items. The app keeps those up to the third for recovery.
#[fanout::sse(
    path = "/language/counted/{id}",
    channel = after(id),
    guard = by_cookie,
    next = "/language/counted/{id}?missed"
)]
fn counted(id: u32, asked: LastIds, user: Guarded<&String>) -> Vec<Event> {
    let last = asked.of(&Channel::from_static("counted")).and_then(|last| last.parse().ok());
    let missed = |last: u32| (last + 1..=3).map(|id| Event::data(id.to_string())).collect();
    last.map_or_else(|| vec![Event::data(format!("{} from {id}", user.0))], missed)
}

/// The client request has a cookie, and the recovery request has none.
fn by_cookie(cookies: Cookies) -> Result<String, Answer> {
    cookies.get("user").map(str::to_owned).ok_or_else(|| Answer::text(401, "no cookie\n"))
}

/// The endpoints of this module.
#[fanout::endpoints(room, chat, both, topics, levels, loud, others, counted)]
pub enum Endpoints {}
