use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

use crate::endpoint::request::{FromRequest as _, LastEventId, LastIds, RequestHead};
use crate::endpoint::response::{Answer, IntoAnswer as _, Opening};
use crate::endpoint::routing::Kind;
use crate::grip::hold::Instruction;
use crate::grip::{Event, Hold, Link, Subscription};
use crate::history::{EntryId, History, HistoryError, Kept, Latest, Missed};
use crate::log;
use crate::publish::LAST_EVENT_ID;

/// The header of a poll whose id was unknown or expired: the reason.
const HISTORY_RESET: HeaderName = HeaderName::from_static("history-reset");

/// The recovery link of an endpoint with a history: its own path.
///
/// # Errors
///
/// A 400, if the path is too long for a link.
pub fn own_link(head: &RequestHead<'_>) -> Result<Link, Answer> {
    Link::new(head.path()).map_err(Answer::from)
}

/// Holds the response of an endpoint with a history. The first bytes are what `open` returns, unless this is a recovery, and the
/// entries that the client missed. Without an id, a client gets the newest `replay` entries.
///
/// # Errors
///
/// The answer, if the history fails or cannot serve this hold, or `open` returns an early answer.
pub fn from_history(
    head: &RequestHead<'_>,
    hold: Hold,
    history: impl History,
    kind: Kind,
    replay: u32,
    open: impl FnOnce() -> Result<Opening, Answer>,
) -> Result<Answer, Answer> {
    let mut open = Some(open);
    let mut open = || open.take().expect("a handler runs once")();
    // One copy of the code serves all endpoints.
    held(head, hold, &history, kind, replay, &mut open)
}

fn held(
    head: &RequestHead<'_>,
    hold: Hold,
    history: &dyn History,
    kind: Kind,
    replay: u32,
    open: &mut dyn FnMut() -> Result<Opening, Answer>,
) -> Result<Answer, Answer> {
    let subscription = the_only(&hold, head)?;
    let client = Client::new(head, &subscription, kind);
    let place = match Place::find(history, &subscription, client.id.as_deref(), replay) {
        Ok(place) => place,
        Err(error) => return Err(unavailable(head, kind, &client, error)),
    };
    let hold = hold.channel(subscription.prev_id(place.last.as_str()));
    match kind {
        Kind::LongPoll => poll(head, hold, place, open()?),
        _ => stream(head, hold, kind, &client, place, open),
    }
}

/// The subscription of a hold, which can only be one: a client remembers the id of one event.
fn the_only(hold: &Hold, head: &RequestHead<'_>) -> Result<Subscription, Answer> {
    let path = head.path();
    let [only] = &hold.instruction.subscriptions[..] else {
        return Err(Answer::mistake(format_args!(
            "{path}: an endpoint with a history has one channel, and its channel function returned {}: return one",
            hold.instruction.subscriptions.len(),
        )));
    };
    if let [filter, ..] = only.filters() {
        return Err(Answer::mistake(format_args!(
            "{path}: the channel function returned the filter `{}`, which the entries of a history do not pass: leave it out",
            filter.as_str(),
        )));
    }
    Ok(only.clone())
}

/// The place and the kind of a request.
struct Client {
    /// The id of the last entry that it has, as it was sent.
    id: Option<String>,
    /// True for a request that the proxy makes itself.
    is_recovery: bool,
}

impl Client {
    fn new(head: &RequestHead<'_>, subscription: &Subscription, kind: Kind) -> Self {
        let Ok(ids) = LastIds::from_request(head);
        let is_recovery = !ids.is_empty();
        let of_proxy = || ids.of(subscription.channel()).map(str::to_owned);
        let of_client = || LastEventId::sent(head).and_then(LastEventId::into_inner);
        let id = match kind {
            // The proxy repeats the client's own request, and the client has got nothing since.
            Kind::LongPoll => of_client().or_else(of_proxy),
            // The stream went on, so there is an id, and the header of the client is not there.
            _ if is_recovery => Some(of_proxy().unwrap_or_default()),
            // Its bytes have told the client no ids.
            Kind::Stream => None,
            _ => of_client(),
        };
        Self { id, is_recovery }
    }
}

/// The place of a client in the history.
struct Place {
    /// The entries that it gets.
    entries: Vec<Kept>,
    /// The id from which it goes on after them.
    last: EntryId,
    /// The reason why these are not the entries after the id that it has.
    reset: Option<&'static str>,
}

impl Place {
    fn find(
        history: &dyn History,
        subscription: &Subscription,
        id: Option<&str>,
        replay: u32,
    ) -> Result<Self, HistoryError> {
        let channel = subscription.channel();
        let latest = |count| history.latest(channel, count);
        let at = |Latest { entries, newest }: Latest, reset| Self { entries, last: newest, reset };
        let Some(id) = id else {
            return Ok(at(latest(usize::try_from(replay).unwrap_or(usize::MAX))?, None));
        };
        let missed = match EntryId::new(id) {
            Ok(id) => entries(history.after(channel, &id)?, id),
            Err(_) => Err("unknown"),
        };
        match missed {
            Ok((entries, last)) => Ok(Self { entries, last, reset: None }),
            Err(reason) => Ok(at(latest(usize::MAX)?, Some(reason))),
        }
    }
}

/// The entries after an id with the last of all these ids, or the reason why there are none.
fn entries(missed: Missed, id: EntryId) -> Result<(Vec<Kept>, EntryId), &'static str> {
    match missed {
        Missed::Entries(entries) => {
            let last = entries.last().map_or(id, |newest| newest.id().clone());
            Ok((entries, last))
        }
        Missed::Expired => Err("expired"),
        Missed::Unknown => Err("unknown"),
    }
}

/// The answer if the history cannot be read.
///
/// A browser's `EventSource` never connects again after a status other than 200. So a stream of events ends at once if the error
/// may pass, and the client comes back with its id. The proxy repeats a recovery request after a 503.
fn unavailable(head: &RequestHead<'_>, kind: Kind, client: &Client, error: HistoryError) -> Answer {
    if kind != Kind::Sse || client.is_recovery || !error.is_transient() {
        return error.into_answer();
    }
    let path = head.path();
    log::line(format_args!(
        "{path}: the history failed: {error}; the client reconnects, with the id that it has"
    ));
    Answer::new(StatusCode::OK)
        .with_header(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))
        .with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
        .with_body(Event::comment("the history is not available").to_string())
}

fn stream(
    head: &RequestHead<'_>,
    hold: Hold,
    kind: Kind,
    client: &Client,
    place: Place,
    open: &mut dyn FnMut() -> Result<Opening, Answer>,
) -> Result<Answer, Answer> {
    let Place { entries, last, reset } = place;
    let path = head.path();
    if let (Kind::Stream, Some(reason)) = (kind, reset) {
        // Its bytes have no place for a reset, so the end of the stream tells the client that something is missing.
        log::line(format_args!(
            "{path}: a stream ends, because the proxy asked for what is after an {reason} id"
        ));
        return Ok(Answer::new(StatusCode::OK));
    }
    let is_events = kind == Kind::Sse;
    // The last id that the client learns.
    let mut told = client.is_recovery.then_some(&last).filter(|_| entries.is_empty() && reset.is_none());
    let reset =
        reset.map(|reason| Event::named("reset", json!({ "reason": reason }).to_string()).to_string());
    let reset = reset.unwrap_or_default().into_bytes();
    let mut bytes = Vec::new();
    for kept in &entries {
        let (id, entry) = (kept.id(), kept.entry());
        let sent = if is_events { entry.for_event_streams(id) } else { entry.for_streams(id) };
        if let Some(sent) = sent {
            bytes.extend_from_slice(sent.as_bytes());
            told = Some(id);
        }
    }
    if is_events && told != Some(&last) {
        // An `EventSource` remembers the id of a block without data, and dispatches no event.
        bytes.extend_from_slice(format!("id: {last}\n\n").as_bytes());
    }
    if client.is_recovery {
        return Ok(hold.body([reset, bytes].concat()).into());
    }
    let opening = open()?;
    let before = repeated(&hold.instruction);
    let mut hold = opening.begin(hold)?;
    if is_events && hold.body.as_deref().is_some_and(has_id) {
        return Err(Answer::mistake(format_args!(
            "{path}: the handler returned an event with an id, and the ids are those of the history: leave `id` out"
        )));
    }
    if before != repeated(&hold.instruction) {
        return Err(Answer::mistake(format_args!(
            "{path}: the handler changed the hold, and a recovery would not have the change, because it does not call the \
             handler: use the options of the attribute and its functions"
        )));
    }
    // The page discards its state at the reset, so what the handler says comes after it.
    if !reset.is_empty() {
        let said = hold.body.take().unwrap_or_default();
        hold = hold.body([reset, said].concat());
    }
    Ok(hold.append(bytes).into())
}

/// The part of an instruction that the answer to a recovery request has to repeat.
fn repeated(instruction: &Instruction) -> Instruction {
    Instruction { gone: None, reason: None, expose: Vec::new(), timeout: None, ..instruction.clone() }
}

/// Returns true if an event stream has the field `id`.
fn has_id(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n'));
    lines.into_iter().any(|line| line == b"id" || line.starts_with(b"id:"))
}

fn poll(head: &RequestHead<'_>, hold: Hold, place: Place, opening: Opening) -> Result<Answer, Answer> {
    let is_now = opening.is_now();
    let before = hold.instruction.subscriptions.clone();
    let mut hold = opening.begin(hold)?;
    if before != hold.instruction.subscriptions {
        return Err(Answer::mistake(format_args!(
            "{}: the handler changed the subscriptions, and the history follows those of the attribute: use its options",
            head.path()
        )));
    }
    let Place { entries, last, reset } = place;
    let next = entries.iter().find_map(|kept| Some((kept.id(), kept.entry().for_polls()?)));
    let id = next.map_or(&last, |(id, _)| id);
    let id = HeaderValue::from_str(id.as_str()).expect("an id is visible ASCII");
    let mut headers = vec![(LAST_EVENT_ID, id)];
    headers.extend(reset.map(|reason| (HISTORY_RESET, HeaderValue::from_static(reason))));
    if head.settings().is_some_and(|settings| !settings.cors.is_empty()) {
        let names = HeaderValue::from_static("Last-Event-ID, History-Reset");
        headers.push((header::ACCESS_CONTROL_EXPOSE_HEADERS, names));
    }
    if let Some((_, (response, body))) = next {
        hold = hold.status(response.status).body(body.as_bytes());
        headers.extend(response.headers.iter().cloned());
    }
    let hold = hold.with_client_headers(headers);
    Ok(if is_now || next.is_some() { hold.now() } else { hold.into() })
}
