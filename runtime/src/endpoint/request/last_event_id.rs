use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

use super::{FromRequest, OptionalFromRequest, RequestHead};
use crate::endpoint::response::by_question_mark;
use crate::endpoint::response::{Answer, IntoAnswer, Reason};
use crate::endpoint::routing::Kind;
use crate::grip::IntoText;
use crate::log;

/// The id of the last event that an `EventSource` has received: the header `Last-Event-ID`, which the client sends
/// when it reconnects.
///
/// The first request of a client has no id. The client chooses the id, so it proves nothing.
///
/// A polyfill of `EventSource` cannot set the header, and sends the id as the query `lastEventId`. A page can send an id that it
/// has stored in the same way. The query counts where the option `last_event_id_query` is, or a
/// [history](crate::history), and the header wins over it, because an `EventSource` that reconnects repeats the old query. By
/// default the query does not count, because it may be a parameter of the app's own.
///
/// An id that is not UTF-8 is answered with 400. `Option<LastEventId>` is `None` for it, so that no client is locked out.
///
/// ```
/// use fanout::prelude::*;
///
/// #[fanout::sse(channel = "news")]
/// fn news(last: LastEventId) -> Vec<Event> {
///     match last.get() {
///         Some(id) => since(id),
///         None => Vec::new(),
///     }
/// }
/// # fn since(_: &str) -> Vec<Event> { Vec::new() }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LastEventId(Option<String>);

impl LastEventId {
    /// An id as a client sends it, for tests.
    pub fn new(id: impl IntoText) -> Self {
        Self(Some(id.into()).filter(|id| !id.is_empty()))
    }

    /// The id, if there is one. It is not empty.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The id, if there is one.
    pub fn into_inner(self) -> Option<String> {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<'r> FromRequest<'r> for LastEventId {
    type Rejection = InvalidLastEventId;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, InvalidLastEventId> {
        match head.header("last-event-id").filter(|value| !value.is_empty()) {
            Some(value) => {
                std::str::from_utf8(value.as_bytes()).map(Self::new).map_err(|_| InvalidLastEventId)
            }
            None => Ok(Self::in_query(head).unwrap_or_default()),
        }
    }
}

/// `None` if the client sent no id, or one that is not UTF-8. The log has a line about the latter.
///
/// An `EventSource` never connects again after a 400, and its page cannot see the header.
#[diagnostic::do_not_recommend]
impl<'r> OptionalFromRequest<'r> for LastEventId {
    type Rejection = Infallible;

    fn from_request_if_there(head: &'r RequestHead<'r>) -> Result<Option<Self>, Infallible> {
        Ok(LastEventId::sent(head))
    }
}

impl LastEventId {
    /// The parameter of a client that cannot send the header.
    pub(crate) const PARAMETER: &str = "lastEventId";

    /// The id in the query of a client's request, if the endpoint reads it there. A recovery link does not have the client's id, so
    /// one that is there does not count. For a long poll, the proxy repeats the client's request.
    fn in_query(head: &RequestHead<'_>) -> Option<Self> {
        let query = head.query()?;
        let settings = head.settings().filter(|settings| settings.last_event_id_query)?;
        if settings.kind != Kind::LongPoll && !head.headers("grip-last").is_empty() {
            return None;
        }
        let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = serde_html_form::from_str(query).ok()?;
        let (_, id) = pairs.into_iter().find(|(name, _)| name == Self::PARAMETER)?;
        // A header cannot carry it, so no event had it as its id.
        Some(id).filter(|id| !id.contains(char::is_control)).map(Self::new)
    }

    /// The id that the client sent, if it did.
    pub(crate) fn sent(head: &RequestHead<'_>) -> Option<Self> {
        Self::or_none(head, log::line)
    }

    pub(super) fn or_none(head: &RequestHead<'_>, log: impl FnOnce(String)) -> Option<Self> {
        match Self::from_request(head) {
            Ok(id) => Some(id).filter(|id| id.0.is_some()),
            Err(invalid) => {
                log(format!("{}: {invalid}, and was ignored", head.path()));
                None
            }
        }
    }
}

/// The error for a `Last-Event-ID` that is not UTF-8. The `EventSource` of a browser never sends one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidLastEventId;

impl fmt::Display for InvalidLastEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the header `Last-Event-ID` is not UTF-8")
    }
}

impl std::error::Error for InvalidLastEventId {}

/// A 400 with the reason.
#[diagnostic::do_not_recommend]
impl IntoAnswer for InvalidLastEventId {
    fn into_answer(self) -> Answer {
        Answer::refused(Reason::InvalidHeader, self)
    }
}

by_question_mark!(InvalidLastEventId);
