//! The links of a hold, completed.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::carried;
use crate::endpoint::guard::value_for_link;
use crate::endpoint::request::{CHANNELS, GUARD_HEADER, LastEventId, RequestHead, digest, split_query};
use crate::endpoint::response::{Answer, NOT_HELD, Reason, Rel};
use crate::grip::{Link, Subscription};
use crate::log;

/// Completes the links of an answer that are paths of this service: with the query of the request, and the recovery link with the
/// guard value and the subscriptions of a channel function too. Removes any other of these values.
///
/// A link that would be too long is an error at the opening, since without these values the stream would end, or change its
/// channels, at the first recovery request. So is a `gone` link to the own path where no endpoint answers the proxy's `POST`: it
/// would run the handler, or be refused, when the client has left.
pub(crate) fn complete_links(
    head: &RequestHead<'_>,
    answer: Answer,
    is_guarded: bool,
    answers_post: bool,
) -> Answer {
    if !answer.has_links() {
        return answer;
    }
    let Ok(guard) = (if is_guarded { value_for_link(head) } else { Ok(None) }) else {
        return Answer::refused(Reason::Internal, NOT_HELD);
    };
    let found = answer.instruction.as_ref().and_then(|instruction| instruction.found.as_deref());
    let channels = found.map(|found: &[Subscription]| carried::written(head, found));
    let values = Values {
        query: head.query().unwrap_or_default(),
        has_id: head.settings().is_some_and(|settings| settings.last_event_id_query),
        guard: guard.as_deref(),
        channels: channels.as_deref(),
    };
    let (mut too_long, mut gone_here) = (None, false);
    let answer = proven(answer, |rel, url| {
        gone_here |= rel == Rel::Other && is_path_of(head, url);
        let completed = values.completed(rel, url);
        if let Some(link) = completed.as_ref().filter(|link| link.len() > Link::MAX_LEN) {
            too_long.get_or_insert_with(|| (rel, url.to_owned(), link.len()));
            return None;
        }
        completed.or_else(|| stripped(url))
    });
    match too_long {
        Some((rel, url, len)) => values.too_long(head, rel, &url, len),
        None if gone_here && !answers_post => Answer::mistake(format_args!(
            "{}: the stream was not opened, because its `gone` link leads to its own path, which does not answer the `POST` that \
             the proxy sends there when the client has left; let `gone` lead to an endpoint that answers `POST`",
            head.path()
        )),
        None => answer,
    }
}

/// Returns true if a link is the path of the request, with any query.
fn is_path_of(head: &RequestHead<'_>, url: &str) -> bool {
    percent_decode_str(path_and_query(url).0).eq(percent_decode_str(head.path()))
}

/// Removes these values from the links of an answer that is of no endpoint.
pub(crate) fn without_values(answer: Answer) -> Answer {
    proven(answer, |_, url| stripped(url))
}

/// Changes the links of an answer, and adds the proof of a recovery link that has a query.
fn proven(answer: Answer, mut change: impl FnMut(Rel, &str) -> Option<String>) -> Answer {
    let mut proof = None;
    let answer = answer.with_links(|rel, url| {
        let link = change(rel, url);
        proof = proof.take().or_else(|| proof_of(rel, link.as_deref().unwrap_or(url)));
        link
    });
    match proof {
        Some(proof) => answer.with_proof(proof),
        None => answer,
    }
}

/// The id that proves a recovery link, if it has a query: without one, nothing tells it from the links of other streams.
fn proof_of(rel: Rel, link: &str) -> Option<String> {
    let query = path_and_query(link).1;
    (rel == Rel::Next && !query.is_empty()).then(|| digest(query))
}

/// A link without any of these values in it. `None` for a link that has none.
pub(super) fn stripped(url: &str) -> Option<String> {
    let (path, query) = path_and_query(url);
    let query = split_query(query).0;
    let mark = if query.is_empty() { "" } else { "?" };
    matches!(query, Cow::Owned(_)).then(|| format!("{path}{mark}{query}"))
}

/// The two parts of a URL that the proxy keeps. It drops the fragment and everything after it.
fn path_and_query(url: &str) -> (&str, &str) {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?').unwrap_or((url, ""))
}

/// The values that a link gets.
#[derive(Clone, Copy)]
struct Values<'v> {
    /// The query of the request, without values that a client could have typed.
    query: &'v str,
    /// True if the query may name the last event of the client. That is old in a recovery request, where `Grip-Last` has the newest
    /// id, and would keep apart streams that miss the same.
    has_id: bool,
    guard: Option<&'v str>,
    channels: Option<&'v str>,
}

impl Values<'_> {
    /// A link to a path of this service with the values. `None` for another one, and if there are no values.
    fn completed(&self, rel: Rel, url: &str) -> Option<String> {
        let (path, query) = path_and_query(url);
        // After two slashes comes a host.
        if !path.starts_with('/') || path.starts_with("//") {
            return None;
        }
        if self.query.is_empty() && (rel != Rel::Next || self.guard.or(self.channels).is_none()) {
            return None;
        }
        let own = split_query(query).0;
        let is_own = |pair: &str| own.split('&').any(|own| name(own) == name(pair));
        let is_id = |pair: &str| self.has_id && *name(pair) == *LastEventId::PARAMETER.as_bytes();
        let of_request =
            self.query.split('&').filter(|pair| !pair.is_empty() && !is_own(pair) && !is_id(pair));
        let own_pairs = [&*own].into_iter().filter(|own| !own.is_empty());
        let mut pairs: Vec<Cow<'_, str>> = own_pairs.chain(of_request).map(Cow::from).collect();
        if rel == Rel::Next {
            let values = [(GUARD_HEADER, self.guard), (CHANNELS, self.channels)];
            let values = values.into_iter().filter_map(|(name, value)| Some((name, value?)));
            pairs.extend(values.map(|(name, value)| format!("{name}={value}").into()));
        }
        let mark = if pairs.is_empty() { "" } else { "?" };
        Some(Link::encoded(format!("{path}{mark}{}", pairs.join("&")).as_bytes()))
    }

    /// The answer in place of a hold whose link has `len` bytes: a 400 for a query that is too long, and otherwise a 500. The log
    /// says where the bytes are.
    fn too_long(&self, head: &RequestHead<'_>, rel: Rel, url: &str, len: usize) -> Answer {
        let (path, limit) = (head.path(), Link::MAX_LEN);
        let own = Self { query: "", ..*self }.completed(rel, url).map_or(url.len(), |link| link.len());
        let is_the_clients = own <= limit;
        let len_of = |value: Option<&str>| value.map_or(0, str::len);
        let (query, guard, channels) = (len - own, len_of(self.guard), len_of(self.channels));
        let help = if is_the_clients {
            "the client's query must be shorter"
        } else {
            "let the guard return a smaller value, and the channel function fewer or shorter channels"
        };
        log::line(format_args!(
            "{path}: the stream was not opened, because its recovery link has {len} bytes, and the limit is {limit}: {query} \
             bytes of the query of the request, {guard} of the guard value, {channels} of the channels of a channel function; \
             {help}"
        ));
        if is_the_clients {
            let room = limit - own;
            let text =
                format!("the query takes {query} bytes of the recovery link, which has room for {room}");
            return Answer::refused(Reason::InvalidValue, text);
        }
        Answer::refused(Reason::Internal, NOT_HELD)
    }
}

/// The name of a pair, decoded.
fn name(pair: &str) -> Cow<'_, [u8]> {
    let name = pair.split_once('=').map_or(pair, |(name, _)| name);
    percent_decode_str(name).into()
}
