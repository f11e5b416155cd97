use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::value_in_header::raw_value;
use crate::endpoint::request::{GUARD_HEADER, RequestHead};
use crate::endpoint::response::Answer;
use crate::grip::Link;

/// Takes the guard value out of a query. The client and the endpoint do not see it.
pub(crate) fn split_query(query: &str) -> (Cow<'_, str>, Option<&str>) {
    let is_ours = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        percent_decode_str(name).eq(GUARD_HEADER.bytes())
    };
    match query.split('&').rfind(is_ours) {
        None => (query.into(), None),
        Some(pair) => {
            let others: Vec<_> = query.split('&').filter(|pair| !is_ours(pair)).collect();
            (others.join("&").into(), pair.split_once('=').map(|(_, value)| value))
        }
    }
}

/// A link without any guard value in it, and with the one of this connection if the endpoint has a guard and the link
/// is a path of this service. `None` for a link that stays as it is.
pub(super) fn link_with_guard_value(head: &RequestHead<'_>, url: &str, is_guarded: bool) -> Option<String> {
    let (path, query) = path_and_query(url);
    let query = split_query(query).0;
    let separator = if query.is_empty() { "" } else { "&" };
    // After two slashes comes a host.
    let is_here = path.starts_with('/') && !path.starts_with("//") && is_guarded;
    let with_value = is_here.then(|| raw_value(head)).flatten();
    // Without room for the value, the guard runs again.
    let with_value = with_value
        .map(|written| format!("{path}?{query}{separator}{GUARD_HEADER}={written}"))
        .filter(|link| link.len() <= Link::MAX_LEN);
    with_value.or_else(|| without_guard_value(url))
}

/// A link without any guard value in it. `None` for a link that has none.
pub(crate) fn without_guard_value(url: &str) -> Option<String> {
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

/// Adds the guard value to the recovery link of an answer, and removes any other guard value from it.
pub(crate) fn add_guard_value_to_link(head: &RequestHead<'_>, answer: Answer, is_guarded: bool) -> Answer {
    answer.with_next(|url| link_with_guard_value(head, url, is_guarded))
}
