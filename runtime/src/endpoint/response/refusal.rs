use std::time::Duration;

use http::{HeaderValue, StatusCode, header};

use super::{Answer, IntoAnswer};
use crate::grip::{Event, IntoText};

/// A refusal that a browser's `EventSource` can read: an event, and the end of the stream.
///
/// An `EventSource` shows neither status nor body of an answer that is not a 200: it reports an `error` and gives up.
/// This answer is a 200, so its event is received. After the end of a stream an `EventSource` connects again, after
/// the time of the last `retry`: here a day, so that it does not ask in vain. The page should close it:
///
/// ```js
/// source.addEventListener("forbidden", event => { source.close(); show(event.data); });
/// ```
///
/// A `204 No Content` makes an `EventSource` give up without a reason.
///
/// ```
/// use fanout::{Event, Refusal};
///
/// #[fanout::sse(channel = "news")]
/// fn news() -> Result<(), Refusal> {
///     Err(Refusal::event("forbidden", "this is for subscribers"))
/// }
/// # use fanout::IntoAnswer;
/// # let answer = news().unwrap_err().into_answer();
/// # assert_eq!(answer.body(), b"event: forbidden\nretry: 86400000\ndata: this is for subscribers\n\n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a refusal does nothing until it is returned"]
pub struct Refusal(Event);

impl Refusal {
    /// The time until an `EventSource` that is not closed connects again, unless the event has a `retry`.
    const RETRY: Duration = Duration::from_secs(24 * 60 * 60);

    /// Refuses with an event of this type and with this data.
    ///
    /// # Panics
    ///
    /// If the type contains a line break, as [`Event::named`] does.
    #[track_caller]
    pub fn event(event: &'static str, data: impl IntoText) -> Self {
        Self(Event::named(event, data).retry(Self::RETRY))
    }
}

/// Refuses with any event. Without a [`retry`](Event::retry), an `EventSource` that is not closed connects again after
/// a few seconds.
impl From<Event> for Refusal {
    fn from(event: Event) -> Self {
        Self(event)
    }
}

#[diagnostic::do_not_recommend]
impl IntoAnswer for Refusal {
    fn into_answer(self) -> Answer {
        Answer::new(StatusCode::OK)
            .with_header(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))
            .with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .with_body(self.0)
    }
}
