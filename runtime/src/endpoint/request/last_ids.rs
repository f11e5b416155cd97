use std::convert::Infallible;

use super::{FromRequest, RequestHead};
use crate::grip::Channel;

/// What the proxy says when it asks, in a client's place, for what was missed: the id of the last message of each channel,
/// in the header `Grip-Last`. The client's own request has none, and the proxy lets no client send one. A guard runs before
/// the proxy, and what it sees there is whatever the client wrote.
///
/// ```
/// use fanout::prelude::*;
/// use fanout::grip::{Link, Subscription};
/// use fanout::{WithHold, LastEventId, LastIds};
///
/// #[fanout::sse(channel = "news")]
/// fn news(seen: LastEventId, asked: LastIds) -> WithHold<Vec<Event>> {
///     const NEWS: Channel = Channel::from_static("news");
///     let last = asked.of(&NEWS).or(seen.get());
///     let (missed, last) = since(last);
///     // The link leads here again.
///     WithHold::new(missed, move |hold| {
///         hold.channel(Subscription::new(NEWS).prev_id(last)).next(Link::from_static("/news"))
///     })
/// }
/// # fn since(_: Option<&str>) -> (Vec<Event>, String) { (Vec::new(), String::new()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastIds(Vec<(String, String)>);

impl LastIds {
    /// The id of the last message of a channel.
    pub fn of(&self, channel: &Channel) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == channel.as_str()).map(|(_, id)| id.as_str())
    }

    /// Whether there is none: the request is the client's own, or its hold had no [`prev_id`].
    ///
    /// [`prev_id`]: crate::grip::Subscription::prev_id
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The proxy writes `channel; last-id=id` as it is, unquoted, in a header for each; on the way they may have become
    /// one, with `, ` in between.
    fn read(&mut self, value: &str) {
        const ID: &str = "; last-id=";
        let mut parts = value.split(ID);
        let mut name = parts.next().unwrap_or_default();
        let mut parts = parts.peekable();
        while let Some(part) = parts.next() {
            let (id, next) = match parts.peek() {
                Some(_) => part.rsplit_once(", ").unwrap_or((part, "")),
                None => (part, ""),
            };
            self.0.push((name.to_owned(), id.to_owned()));
            name = next;
        }
    }
}

impl FromIterator<(String, String)> for LastIds {
    /// Pairs of a channel's name and an id: for tests.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<'r> FromRequest<'r> for LastIds {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Infallible> {
        let mut ids = Self::default();
        for value in head.headers("grip-last") {
            ids.read(&String::from_utf8_lossy(value.as_bytes()));
        }
        Ok(ids)
    }
}
