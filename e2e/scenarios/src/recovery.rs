//! Streams that recover what they missed.

use fanout::prelude::*;
use fanout::{Guarded, LastIds};
use serde::Deserialize;

/// The app has the items up to this id.
const STORED: u32 = 3;

fn after(last: u32) -> impl Iterator<Item = u32> {
    last + 1..=STORED
}

/// The id from which a request goes on.
fn last_of(channel: &Channel, seen: &LastEventId, missed: &LastIds) -> Option<u32> {
    missed.of(channel).or(seen.get())?.parse().ok()
}

/// Numbered lines. A client names the last one that it has, and begins after the first without it.
#[fanout::stream(path = "/recovery/lines/{of}", channel = "recovery-{of}", next = "/recovery/lines/{of}")]
pub fn lines(of: &str, seen: LastEventId, missed: LastIds) -> WithHold<Vec<String>> {
    let channel = lines::channel(of);
    let last = last_of(&channel, &seen, &missed);
    // A recovery request for a later item has nothing to add, and goes on from there.
    let from = last.unwrap_or(STORED);
    let first = if missed.is_empty() { vec!["open\n".to_owned()] } else { Vec::new() };
    let lines = first.into_iter().chain(after(from).map(|id| format!("{id}\n"))).collect();
    let last = from.max(STORED).to_string();
    WithHold::new(lines, move |hold| hold.channel(Subscription::new(channel).prev_id(last)))
}

/// A stream that has the items up to 1, although the app has stored more.
#[fanout::stream(
    path = "/recovery/behind/{of}",
    channel = "recovery-{of}",
    next = "/recovery/behind/{of}?missed"
)]
pub fn behind(of: &str, missed: LastIds) -> WithHold<Vec<String>> {
    let channel = behind::channel(of);
    let missed = missed.of(&channel).and_then(|id| id.parse::<u32>().ok());
    let (lines, last) = match missed {
        None => (vec!["open\n".to_owned()], "1".to_owned()),
        Some(last) => (after(last).map(|id| format!("{id}\n")).collect(), last.max(STORED).to_string()),
    };
    WithHold::new(lines, move |hold| hold.channel(Subscription::new(channel).prev_id(last)))
}

fn by_cookie(cookies: Cookies) -> Result<String, Answer> {
    cookies.get("session").map(str::to_owned).ok_or_else(|| Answer::text(403, "no session\n"))
}

/// The same for a member, whom the recovery request knows by its link alone.
#[fanout::stream(
    path = "/recovery/guarded/{of}",
    channel = "recovery-{of}",
    guard = by_cookie,
    next = "/recovery/guarded/{of}?missed"
)]
pub fn guarded(of: &str, missed: LastIds, Guarded(session): Guarded<&String>) -> WithHold<String> {
    let channel = guarded::channel(of);
    let (line, last) = match missed.of(&channel) {
        None => (format!("{session} opens\n"), "1"),
        Some("1") => (format!("{session} missed 2 and 3\n"), "3"),
        Some(_) => (String::new(), "3"),
    };
    WithHold::new(line, move |hold| hold.channel(Subscription::new(channel).prev_id(last)))
}

/// The name of a client.
#[derive(Deserialize)]
pub struct Named {
    name: String,
}

/// A stream of a client that the query names. All have one channel and the same ids, so the proxy could take their recovery
/// requests for one.
#[fanout::stream(path = "/recovery/named/{of}", channel = "recovery-{of}", next = "/recovery/named/{of}")]
pub fn named(of: &str, Query(Named { name }): Query<Named>, missed: LastIds) -> WithHold<String> {
    let channel = named::channel(of);
    let (line, last) = match missed.of(&channel) {
        None => (format!("{name} opens\n"), "1"),
        Some("1") => (format!("{name} missed 2 and 3\n"), "3"),
        Some(_) => (String::new(), "3"),
    };
    WithHold::new(line, move |hold| hold.channel(Subscription::new(channel).prev_id(last)))
}

/// A stream of members, without ids.
#[fanout::stream(
    path = "/recovery/member/{of}",
    channel = "recovery-{of}",
    guard = by_cookie,
    next = "/recovery/member/{of}"
)]
pub fn member(missed: LastIds, Guarded(session): Guarded<&String>) -> String {
    if missed.is_empty() { format!("{session} opens\n") } else { String::new() }
}

fn of_session(of: &str, cookies: Cookies) -> Result<Channel, Answer> {
    Ok(Channel::new(format!("recovery-{of}-{}", cookies.get("session").unwrap_or("nobody")))?)
}

/// The channel of a session, which a recovery request does not have.
#[fanout::stream(path = "/recovery/session/{of}", channel = of_session(of), next = "/recovery/session/{of}")]
pub fn session(missed: LastIds) -> &'static str {
    if missed.is_empty() { "open\n" } else { "" }
}

/// Asks again after each two quiet seconds, without ids.
#[fanout::stream(
    path = "/recovery/quiet/{of}",
    channel = "recovery-{of}",
    next = "/recovery/quiet/{of}?again",
    next_after = 2
)]
pub fn quiet(head: &RequestHead<'_>) -> &'static str {
    if head.query() == Some("again") { "quiet\n" } else { "open\n" }
}

/// Asks again when a hint is published. What comes then ends the stream.
#[fanout::stream(path = "/recovery/ends/{of}", channel = "recovery-{of}", next = "/recovery/ends/{of}?again")]
pub fn ends(head: &RequestHead<'_>) -> Result<&'static str, Answer> {
    if head.query() == Some("again") { Err(Answer::text(200, "the end\n")) } else { Ok("open\n") }
}

/// Two channels, each with an id of its own.
#[fanout::stream(
    path = "/recovery/two/{of}",
    channel = ["one-{of}", "two-{of}"],
    next = "/recovery/two/{of}"
)]
pub fn two(of: &str, missed: LastIds) -> WithHold<&'static str> {
    let [one, two] = two::channels(of);
    let (line, one_last, two_last) = match (missed.of(&one), missed.of(&two)) {
        (Some("2"), Some("1")) => ("after 2 and 1\n", "3", "3"),
        // The proxy also asks when nothing is missing.
        (Some(one), Some(two)) => ("", one, two),
        _ => ("open\n", "1", "1"),
    };
    let (one, two) = (Subscription::new(one).prev_id(one_last), Subscription::new(two).prev_id(two_last));
    WithHold::new(line, move |hold| hold.channels([one, two]))
}

/// Fails when the proxy asks again.
#[fanout::stream(
    path = "/recovery/fails/{of}",
    channel = "recovery-{of}",
    next = "/recovery/fails/{of}?again"
)]
pub fn fails(head: &RequestHead<'_>) -> Result<&'static str, Answer> {
    if head.query() == Some("again") { Err(Answer::text(503, "not now\n")) } else { Ok("open\n") }
}

/// The endpoints of this module.
#[fanout::endpoints(two, fails, lines, behind, guarded, named, member, session, quiet, ends)]
pub enum Endpoints {}
