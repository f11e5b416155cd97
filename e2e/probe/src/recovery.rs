//! Streams whose recovery link carries what they depend on.

use std::time::{SystemTime, UNIX_EPOCH};

use fanout::grip::Subscription;
use fanout::prelude::*;
use fanout::{Guarded, LastIds};
use serde::Deserialize;

/// A channel of every stream, on which a hint makes the proxy ask for all of them at the same moment.
const ALL: Channel = Channel::from_static("recovery-all");

/// The word for the opening, or for a recovery request.
fn moment(missed: &LastIds) -> &'static str {
    if missed.is_empty() { "opened" } else { "again" }
}

/// Logs the proofs of a link, which the tests steal.
fn log_proofs(head: &RequestHead<'_>) {
    for proof in head.headers("grip-last") {
        println!("grip-last: {}", String::from_utf8_lossy(proof.as_bytes()));
    }
}

#[derive(Deserialize)]
struct WithDefault {
    #[serde(default = "by_default")]
    topic: String,
}

fn by_default() -> String {
    "default".to_owned()
}

fn topic_or_default(Query(wanted): Query<WithDefault>) -> Result<[Channel; 2], Answer> {
    Ok([Channel::new(format!("topic-{}", wanted.topic))?, ALL])
}

/// A topic of the query, or the default one.
#[fanout::sse(path = "/recovery/q", channel = topic_or_default, next = "/recovery/q")]
fn by_query(Query(wanted): Query<WithDefault>, missed: LastIds) -> Event {
    Event::data(format!("{} {}", moment(&missed), wanted.topic))
}

#[derive(Deserialize)]
struct Needed {
    topic: String,
}

fn topic_alone(Query(needed): Query<Needed>) -> Result<[Channel; 2], Answer> {
    Ok([Channel::new(format!("topic-{}", needed.topic))?, ALL])
}

/// A topic of the query, which must name one.
#[fanout::sse(path = "/recovery/topic", channel = topic_alone, next = "/recovery/topic")]
fn by_needed_query(Query(needed): Query<Needed>, missed: LastIds) -> Event {
    Event::data(format!("{} {}", moment(&missed), needed.topic))
}

/// The user of a session `NAME-TIME` that has not expired.
fn who(cookies: Cookies) -> Result<String, Answer> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let session = cookies.get("session").and_then(|session| session.split_once('-'));
    match session {
        Some((name, until)) if until.parse::<u64>().is_ok_and(|until| now < until) => Ok(name.to_owned()),
        _ => Err(Answer::text(401, "sign in first\n")),
    }
}

/// One channel for all users, without ids.
#[fanout::sse(path = "/recovery/mine", channel = "recovery-all", guard = who, next = "/recovery/mine")]
fn mine(head: &RequestHead<'_>, Guarded(user): Guarded<&String>, missed: LastIds) -> Event {
    log_proofs(head);
    Event::data(format!("{} {user}", moment(&missed)))
}

/// A link to an endpoint with another guard value.
#[fanout::sse(path = "/recovery/elsewhere", channel = "recovery-all", guard = who, next = "/recovery/mine")]
fn elsewhere() {}

/// The same, with one id for every user, so nothing but the link tells the requests of two users apart.
#[fanout::sse(path = "/recovery/numbered", channel = "recovery-all", guard = who, next = "/recovery/numbered")]
fn numbered(Guarded(user): Guarded<&String>, missed: LastIds) -> WithHold<Event> {
    let first = Event::data(format!("{} {user} {:?}", moment(&missed), missed.of(&ALL)));
    WithHold::new(first, |hold| hold.channel(Subscription::new(ALL).prev_id("1")))
}

fn of_cookie(cookies: Cookies) -> Result<[Channel; 2], Answer> {
    Ok([Channel::new(format!("inbox-{}", cookies.get("user").unwrap_or("nobody")))?, ALL])
}

/// The channel of the user in the cookie.
#[fanout::sse(path = "/recovery/inbox", channel = of_cookie, next = "/recovery/inbox")]
fn inbox(head: &RequestHead<'_>, missed: LastIds) -> Event {
    log_proofs(head);
    Event::data(moment(&missed))
}

/// The endpoints of this module.
#[fanout::endpoints(by_query, by_needed_query, mine, elsewhere, numbered, inbox)]
pub enum Endpoints {}
