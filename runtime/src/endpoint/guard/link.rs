use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::value::raw_value;
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
/// leads to this service.
pub(super) fn link_with_guard_value(head: &RequestHead<'_>, url: &str, is_guarded: bool) -> Option<Link> {
    // The proxy drops the fragment and everything after it.
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let query = query.map_or(Cow::Borrowed(""), |query| split_query(query).0);
    let separator = if query.is_empty() { "" } else { "&" };
    let is_here = path.starts_with('/') && is_guarded;
    let with_value = is_here.then(|| raw_value(head)).flatten();
    // Without room for the value, the guard runs again.
    let with_value = with_value
        .and_then(|written| Link::new(format!("{path}?{query}{separator}{GUARD_HEADER}={written}")).ok());
    let cleaned = || {
        let mark = if query.is_empty() { "" } else { "?" };
        let changed = matches!(query, Cow::Owned(_)).then(|| Link::new(format!("{path}{mark}{query}")));
        changed?.ok()
    };
    with_value.or_else(cleaned)
}

/// Adds the guard value to the recovery link of an answer, and removes any other guard value from it.
pub(crate) fn add_guard_value_to_link(head: &RequestHead<'_>, answer: Answer, is_guarded: bool) -> Answer {
    answer.with_next(|url| link_with_guard_value(head, url, is_guarded))
}
