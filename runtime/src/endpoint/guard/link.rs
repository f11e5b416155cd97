use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::value::raw_value;
use crate::endpoint::request::{GUARD_HEADER, RequestHead};
use crate::endpoint::response::Answer;
use crate::grip::Link;

/// A query without what carries a guard's value, and that value: nothing of it is the client's, or an endpoint's.
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

/// A link without what anybody but us has written there, and with what the guard returned, if there is a guard and the
/// link leads to this service.
pub(super) fn link_with_guard_value(head: &RequestHead<'_>, url: &str, is_guarded: bool) -> Option<Link> {
    // The proxy sends no fragment, nor what would stand behind it.
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let query = query.map_or(Cow::Borrowed(""), |query| split_query(query).0);
    let separator = if query.is_empty() { "" } else { "&" };
    let is_here = path.starts_with('/') && is_guarded;
    let with_value = is_here.then(|| raw_value(head)).flatten();
    // It does not fit where it is too long, and the guard runs again.
    let with_value = with_value
        .and_then(|written| Link::new(format!("{path}?{query}{separator}{GUARD_HEADER}={written}")).ok());
    let cleaned = || {
        let mark = if query.is_empty() { "" } else { "?" };
        let changed = matches!(query, Cow::Owned(_)).then(|| Link::new(format!("{path}{mark}{query}")));
        changed?.ok()
    };
    with_value.or_else(cleaned)
}

/// An answer, whose link, where the proxy asks for what was missed, carries what the guard returned, and nothing that
/// claims to be that.
pub(crate) fn add_guard_value_to_link(head: &RequestHead<'_>, answer: Answer, is_guarded: bool) -> Answer {
    answer.with_next(|url| link_with_guard_value(head, url, is_guarded))
}
