use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::Serialize;

use super::{IntoIdNumber, IntoText, JsonError, to_json};

/// A server-sent event: one block of a `text/event-stream`, as the [HTML standard] describes it.
///
/// ```
/// use fanout::Event;
///
/// let event = Event::data("first line\nsecond line").event("news")?.id("42")?;
/// assert_eq!(event.to_string(), "event: news\nid: 42\ndata: first line\ndata: second line\n\n");
/// # Ok::<(), fanout::grip::InvalidEvent>(())
/// ```
///
/// [HTML standard]: https://html.spec.whatwg.org/multipage/server-sent-events.html
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    comment: Option<String>,
    event: Option<String>,
    id: Option<String>,
    retry: Option<Duration>,
    data: Option<String>,
}

impl Event {
    /// Makes an event with this text. The text may have any number of lines. The client joins them with `\n`, so a `\r\n` or a
    /// lone `\r` arrives as `\n`.
    pub fn data(data: impl IntoText) -> Self {
        Self { data: Some(data.into()), ..Self::default() }
    }

    /// Makes an event with a value as JSON.
    ///
    /// ```
    /// use fanout::Event;
    ///
    /// let event = Event::json(&[1, 2])?.event("numbers")?;
    /// assert_eq!(event.to_string(), "event: numbers\ndata: [1,2]\n\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the value cannot be JSON: a map with keys that are not strings, or a `Serialize` that fails.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, JsonError> {
        Ok(Self::data(to_json(value)?))
    }

    /// Makes a comment, which clients ignore, but which keeps the connection alive. It may have any number of lines.
    pub fn comment(comment: impl IntoText) -> Self {
        Self { comment: Some(comment.into()), ..Self::default() }
    }

    /// Makes an event of a constant type, which is the name that `addEventListener` takes.
    ///
    /// # Panics
    ///
    /// If the type contains a line break. Use [`event`](Self::event) for a type that is made at run time.
    #[track_caller]
    pub fn named(event: &'static str, data: impl IntoText) -> Self {
        assert!(!event.contains(['\r', '\n']), "the type of an event cannot contain a line break");
        Self { event: Some(event.to_owned()), ..Self::data(data) }
    }

    /// Sets the event's type, which is the name that `addEventListener` takes. The default is `message`.
    ///
    /// # Errors
    ///
    /// If the type contains a line break, which would start another field.
    pub fn event(mut self, event: impl IntoText) -> Result<Self, InvalidEvent> {
        self.event = Some(one_line("event", event.into())?);
        Ok(self)
    }

    /// Sets the event's id, which the client sends back as `Last-Event-ID` when it reconnects. [`id_number`](Self::id_number)
    /// takes a number, without an error.
    ///
    /// Keep to ASCII where clients run outside of browsers. Browsers send any other id back in UTF-8. The npm package
    /// `eventsource` 4.1 and undici 6.24, the `EventSource` of Node, put it into the header without encoding it. After an id
    /// with a character beyond U+00FF they do not reconnect. An id up to U+00FF comes back in Latin-1, for which
    /// [`LastEventId`](crate::LastEventId) answers 400, and `Option<LastEventId>` is `None`.
    ///
    /// # Errors
    ///
    /// If the id contains a line break, which would start another field, or NUL: clients ignore such an id.
    pub fn id(mut self, id: impl IntoText) -> Result<Self, InvalidEvent> {
        let id = one_line("id", id.into())?;
        if id.contains('\0') {
            return Err(InvalidEvent { field: "id", character: "NUL" });
        }
        self.id = Some(id);
        Ok(self)
    }

    /// Sets the event's id to a number, which no error can come of. A `usize` needs `as u64`.
    ///
    /// ```
    /// use fanout::Event;
    ///
    /// assert_eq!(Event::data("goal").id_number(42).to_string(), "id: 42\ndata: goal\n\n");
    /// ```
    #[must_use]
    pub fn id_number(mut self, id: impl IntoIdNumber) -> Self {
        self.id = Some(id.into().to_string());
        self
    }

    /// Sets the time that the client waits before it reconnects, in whole milliseconds.
    #[must_use]
    pub fn retry(mut self, wait: Duration) -> Self {
        self.retry = Some(wait);
        self
    }

    /// Returns `true` for an event without a type, an id, a comment or a `retry`.
    pub(crate) fn is_data_alone(&self) -> bool {
        let Self { comment, event, id, retry, data } = self;
        data.is_some() && comment.is_none() && event.is_none() && id.is_none() && retry.is_none()
    }

    /// Returns the id.
    pub(crate) fn last_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the type and `retry`.
    pub(crate) fn into_kind_and_retry(self) -> (Option<String>, Option<Duration>) {
        (self.event, self.retry)
    }

    /// Returns the text alone.
    pub(crate) fn into_data(self) -> Option<String> {
        self.data
    }
}

fn one_line(field: &'static str, text: String) -> Result<String, InvalidEvent> {
    if text.contains(['\r', '\n']) { Err(InvalidEvent { field, character: "line break" }) } else { Ok(text) }
}

/// The lines of a text as a client of an event stream sees them: `\r\n`, `\n` and `\r` all end a line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else { return rest.take() };
        let width = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[end + width..]);
        Some(&text[..end])
    })
}

/// Writes the event's bytes, with the blank line at the end.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.comment.iter().flat_map(|comment| lines(comment)) {
            writeln!(f, ": {line}")?;
        }
        if let Some(event) = &self.event {
            writeln!(f, "event: {event}")?;
        }
        if let Some(id) = &self.id {
            writeln!(f, "id: {id}")?;
        }
        if let Some(retry) = self.retry {
            writeln!(f, "retry: {}", retry.as_millis())?;
        }
        for line in self.data.iter().flat_map(|data| lines(data)) {
            writeln!(f, "data: {line}")?;
        }
        f.write_char('\n')
    }
}

impl From<Event> for Vec<u8> {
    fn from(event: Event) -> Self {
        event.to_string().into()
    }
}

/// The reason why a text cannot be a field of an [`Event`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEvent {
    field: &'static str,
    character: &'static str,
}

impl fmt::Display for InvalidEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} of a server-sent event cannot contain a {}", self.field, self.character)
    }
}

impl std::error::Error for InvalidEvent {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_starts_a_new_data_line() {
        let event = Event::data("a\r\nb\rc\nd\n");
        assert_eq!(event.to_string(), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
    }

    #[test]
    fn empty_data_is_still_an_event() {
        assert_eq!(Event::data("").to_string(), "data: \n\n");
    }

    #[test]
    fn a_comment_cannot_become_a_field() {
        assert_eq!(Event::comment("hi\ndata: forged").to_string(), ": hi\n: data: forged\n\n");
    }

    #[test]
    fn a_number_is_an_id_of_any_width() {
        let written = |event: Event| event.to_string();
        assert_eq!(written(Event::data("").id_number(7)), "id: 7\ndata: \n\n");
        assert_eq!(written(Event::data("").id_number(u64::MAX)), "id: 18446744073709551615\ndata: \n\n");
        assert_eq!(written(Event::data("").id_number(-1_i64)), "id: -1\ndata: \n\n");
    }

    #[test]
    fn a_field_of_one_line_refuses_line_breaks() {
        assert!(Event::data("x").event("a\ndata: forged").is_err());
        assert!(Event::data("x").id("1\r2").is_err());
        let nul = Event::data("x").id("1\0").unwrap_err();
        assert_eq!(nul.to_string(), "the id of a server-sent event cannot contain a NUL");
    }
}
