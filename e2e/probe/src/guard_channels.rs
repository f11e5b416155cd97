//! Channels that are made of the guard value.

use fanout::grip::{InvalidChannel, Subscription};
use fanout::prelude::*;
use fanout::publish::PublishError;
use fanout::{Guarded, LastIds};
use serde::{Deserialize, Serialize};

/// The user of a request.
#[derive(Clone, Serialize, Deserialize)]
pub struct User {
    name: String,
    team: Team,
}

#[derive(Clone, Serialize, Deserialize)]
struct Team {
    id: u32,
}

#[derive(Deserialize)]
struct Session {
    user: Option<String>,
    team: Option<u32>,
}

/// Takes the word of a client for its name.
fn signed_in(Query(session): Query<Session>) -> Result<User, Answer> {
    let name = session.user.ok_or_else(|| Answer::text(401, "say who you are\n"))?;
    Ok(User { name, team: Team { id: session.team.unwrap_or(0) } })
}

/// The items of a user.
#[fanout::sse(path = "/language/mine/events", channel = "mine-{guard.name}", guard = signed_in)]
fn events() {}

/// The same, once.
#[fanout::long_poll(path = "/language/mine/poll", channel = "mine-{guard.name}", guard = signed_in, timeout = 100)]
fn poll() -> &'static str {
    "nothing\n"
}

/// Publishes each message to the user that it names.
#[fanout::ws(path = "/language/mine/socket", channel = "mine-{guard.name}", guard = signed_in)]
fn socket(Guarded(user): Guarded<&User>, message: &str) -> Result<(), PublishError> {
    fanout::publish(socket::channel(message), format!("from {}", user.name))
}

/// The items of a user in a room and those of the team, in a hold with values for filters.
#[fanout::stream(
    path = "/language/mine/rooms/{room}",
    channel = ["{room}-{guard.team.id}-{guard.name}", "team-{guard.team.id}"],
    guard = signed_in,
    meta = ("user", "{guard.name}")
)]
fn rooms() {}

/// A stream that resumes after the item 1.
#[fanout::sse(
    path = "/language/mine/resumed",
    channel = "resumed-{guard.name}",
    guard = signed_in,
    next = "/language/mine/resumed"
)]
fn resumed(Guarded(user): Guarded<&User>, missed: LastIds) -> WithHold<Event> {
    let channel = resumed::channel(&user.name);
    let last = missed.of(&channel).map_or("1", |_| "3");
    let seen = Subscription::new(channel).prev_id(last);
    WithHold::new(Event::data(format!("{} after {last}", user.name)), move |hold| hold.channel(seen))
}

/// The inbox of a user, which publishers name too.
struct Inbox(Channel);

impl Inbox {
    fn of(user: &str) -> Result<Self, InvalidChannel> {
        Channel::new(format!("inbox-{user}")).map(Self)
    }
}

impl From<Inbox> for Channel {
    fn from(inbox: Inbox) -> Self {
        inbox.0
    }
}

fn inbox_of(Guarded(user): Guarded<&User>) -> Result<Inbox, InvalidChannel> {
    Inbox::of(&user.name)
}

/// Publishes each message to the inbox that it names.
#[fanout::ws(path = "/language/mine/inbox", channel = inbox_of, guard = signed_in)]
fn inbox(Guarded(user): Guarded<&User>, message: &str) -> Result<(), PublishError> {
    let inbox = Inbox::of(message).expect("the test names users");
    fanout::publish(inbox, format!("from {}", user.name))
}

/// The endpoints of this module.
#[fanout::endpoints(events, poll, socket, rooms, resumed, inbox)]
pub enum Endpoints {}
