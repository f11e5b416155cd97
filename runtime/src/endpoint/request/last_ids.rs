use std::convert::Infallible;

use super::{FromRequest, RequestHead};
use crate::grip::Channel;

/// The ids of the last items that the client has received, for each channel. The proxy sends them in a recovery
/// request, in the header `Grip-Last`. A client request has none, and the proxy lets no client send the header. A
/// guard runs before the proxy, so there the header is whatever the client wrote.
///
/// ```
/// use fanout::grip::Link;
/// use fanout::prelude::*;
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
    /// The id of the last item of a channel.
    pub fn of(&self, channel: &Channel) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == channel.as_str()).map(|(_, id)| id.as_str())
    }

    /// Returns true if there are no ids: the request is that of a client. A recovery request has none either, if the hold had no
    /// [`prev_id`] and its link no query. A link has a query if the request has one, if the endpoint has a guard, and if its channels
    /// come [from a function](crate::guide::recovery#what-a-link-carries): then this crate adds an id of its own, which
    /// [`of`](Self::of) does not return.
    ///
    /// [`prev_id`]: crate::grip::Subscription::prev_id
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The proxy writes `channel; last-id=id` unquoted, in one header for each channel. An intermediary may join the
    /// headers with `, `. An id may have such characters too, and a channel has no `,`, `;` or `"`.
    fn read(&mut self, value: &str) {
        const ID: &str = "; last-id=";
        let Some((mut name, mut rest)) = value.split_once(ID) else { return };
        let mut from = 0;
        while let Some(at) = rest[from..].find(ID).map(|at| from + at) {
            from = at + ID.len();
            let joined = rest[..at].rsplit_once(", ").filter(|(_, next)| !next.contains([';', '"']));
            if let Some((id, next)) = joined {
                self.0.push((name.to_owned(), id.to_owned()));
                (name, rest, from) = (next, &rest[from..], 0);
            }
        }
        self.0.push((name.to_owned(), rest.to_owned()));
    }
}

impl FromIterator<(String, String)> for LastIds {
    /// Pairs of a channel name and an id, for tests.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

#[diagnostic::do_not_recommend]
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
