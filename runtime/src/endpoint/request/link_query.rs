//! The query of a recovery link: the parameters that this crate adds to it, and the proof that a request follows such a link.

use std::borrow::Cow;

#[cfg(feature = "sig")]
use base64ct::{Base64UrlUnpadded, Encoding};
use percent_encoding::percent_decode_str;
#[cfg(feature = "sig")]
use sha2::{Digest as _, Sha256};

/// The header that carries the guard value to the Fanout request, and the parameter of a recovery link that does. Its name does
/// not begin with `grip-`, because the proxy drops such headers.
pub(crate) const GUARD_HEADER: &str = "fanout-guard";

/// The parameter of the subscriptions that a channel function has returned.
pub(crate) const CHANNELS: &str = "fanout-channels";

/// The values that this crate has put into the query of a recovery link, or that a client has typed there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkValues<'r> {
    /// The whole query, as it was sent.
    pub(super) query: &'r str,
    /// True if the query has one of their parameters.
    pub(super) is_there: bool,
    /// The guard value.
    pub(crate) guard: Option<&'r str>,
    /// The subscriptions that a channel function has returned.
    pub(crate) channels: Option<&'r str>,
}

/// Takes these values out of a query. The client and the endpoint do not see them.
pub(crate) fn split_query(query: &str) -> (Cow<'_, str>, LinkValues<'_>) {
    let is_one = |pair: &&str| is_named(pair, GUARD_HEADER) || is_named(pair, CHANNELS);
    let last = |name| {
        let pair = query.split('&').rfind(|pair| is_named(pair, name))?;
        pair.split_once('=').map(|(_, value)| value)
    };
    let is_there = query.split('&').any(|pair| is_one(&pair));
    if !is_there {
        return (query.into(), LinkValues { query, ..LinkValues::default() });
    }
    let values = LinkValues { query, is_there, guard: last(GUARD_HEADER), channels: last(CHANNELS) };
    let others: Vec<_> = query.split('&').filter(|pair| !is_one(pair)).collect();
    (others.join("&").into(), values)
}

fn is_named(pair: &str, name: &str) -> bool {
    let written = pair.split_once('=').map_or(pair, |(written, _)| written);
    percent_decode_str(written).eq(name.bytes())
}

/// The digest of a query. Two queries that mean different values have different ones. The proxy may write a character as it is
/// or percent-encoded, so the digest is of the decoded names and values.
#[cfg(feature = "sig")]
pub(crate) fn digest(query: &str) -> String {
    let mut digest = Sha256::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        for part in [name, value] {
            let part = Cow::from(percent_decode_str(part));
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    Base64UrlUnpadded::encode_string(&digest.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(query: &str) -> (Cow<'_, str>, Option<&str>, Option<&str>) {
        let (rest, LinkValues { guard, channels, .. }) = split_query(query);
        (rest, guard, channels)
    }

    #[test]
    fn the_endpoint_does_not_see_the_values_of_the_link() {
        assert_eq!(split("a=b&fanout-guard=x.y"), ("a=b".into(), Some("x.y"), None));
        assert_eq!(split("fanout-guard=x&a"), ("a".into(), Some("x"), None));
        assert_eq!(split("fanout-guards=x&a"), ("fanout-guards=x&a".into(), None, None));
        assert_eq!(split("fanout-channels=c&fanout-guard=g"), ("".into(), Some("g"), Some("c")));
        assert_eq!(split("%66anout-channels=c&a&fanout-gu%61rd"), ("a".into(), None, Some("c")));
        assert_eq!(split("fanout-channels=1&fanout-channels=2"), ("".into(), None, Some("2")));
        assert_eq!(split("fanout-channel=1"), ("fanout-channel=1".into(), None, None));
    }

    #[cfg(feature = "sig")]
    #[test]
    fn the_digest_is_of_what_a_query_means() {
        assert_eq!(digest("topic=a%7E&b"), digest("t%6fpic=a~&b="));
        let different =
            ["a=1&b=2", "a=1%26b=2", "a=1&b=3", "a=1b=2", "a1=&b=2", "b=2&a=1", "a=1&b=2&", "", "a"];
        for (index, one) in different.iter().enumerate() {
            assert_eq!(digest(one).len(), 22);
            for other in &different[index + 1..] {
                assert_ne!(digest(one), digest(other), "{one} and {other}");
            }
        }
    }
}
