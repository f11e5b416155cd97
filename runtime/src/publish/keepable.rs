//! The parts of a message that a history keeps, so that it can be sent again later.

use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::formats::{ResponseAction, StreamAction};
use super::{Content, HttpResponse, HttpStream, Message};
use crate::grip::Event;

/// The parts of a message. Its formats are made of them.
#[derive(Debug)]
pub(crate) struct Keepable {
    pub(crate) content: Content,
    pub(crate) event: Option<String>,
    pub(crate) retry: Option<Duration>,
    pub(crate) stream: Option<Framing>,
    pub(crate) response: Option<KeepableResponse>,
}

/// The form in which a stream gets the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Event,
    Bytes,
}

/// The response to a long poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeepableResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// `None` if it is the content.
    pub(crate) body: Option<Content>,
}

/// The reason why a message cannot be sent again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotKeepable {
    NoContent,
    Comment,
    EventId,
    Hint,
    Close,
    ContentFilters,
    OwnStream,
    OwnId,
}

/// The header with the id of an entry, in a response to a long poll.
pub(crate) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

impl Message {
    /// Returns the parts of the message. The format for WebSockets is not among them: those have no recovery.
    pub(crate) fn keepable(&self) -> Result<Keepable, NotKeepable> {
        if self.event.as_ref().is_some_and(|event| event.last_id().is_some()) {
            return Err(NotKeepable::EventId);
        }
        let Some(content) = &self.content else {
            let stream = self.http_stream.as_ref().map(|format| &format.action);
            let response = self.http_response.as_ref().map(|format| &format.action);
            return Err(match (stream, response, &self.event) {
                (Some(StreamAction::Close), ..) => NotKeepable::Close,
                (Some(StreamAction::Hint), ..) | (_, Some(ResponseAction::Hint), _) => NotKeepable::Hint,
                (.., Some(_)) => NotKeepable::Comment,
                _ => NotKeepable::NoContent,
            });
        };
        let stream = self.http_stream.as_ref().map(|format| self.framing(content, format)).transpose()?;
        let response = self.http_response.as_ref().map(|format| response(content, format)).transpose()?;
        let (event, retry) = self.event.clone().map_or((None, None), Event::into_kind_and_retry);
        Ok(Keepable { content: content.clone(), event, retry, stream, response })
    }

    fn framing(&self, content: &Content, format: &HttpStream) -> Result<Framing, NotKeepable> {
        match &format.action {
            _ if format.content_filters.is_some() => Err(NotKeepable::ContentFilters),
            StreamAction::Close => Err(NotKeepable::Close),
            StreamAction::Hint => Err(NotKeepable::Hint),
            StreamAction::Send(sent) if sent == content => Ok(Framing::Bytes),
            StreamAction::Send(sent) => {
                let framed = match &self.event {
                    Some(event) => Content::Text(event.to_string()),
                    None => content.framed(),
                };
                if *sent == framed { Ok(Framing::Event) } else { Err(NotKeepable::OwnStream) }
            }
        }
    }

    /// Returns the message with the stream's bytes replaced, and with the id in the response to long polls.
    pub(crate) fn with_id(mut self, id: &HeaderValue, stream: Option<Content>) -> Self {
        self.http_stream = stream.map(HttpStream::send);
        self.http_response = self.http_response.map(|response| response.header(LAST_EVENT_ID, id.clone()));
        self
    }
}

fn response(content: &Content, format: &HttpResponse) -> Result<KeepableResponse, NotKeepable> {
    if format.content_filters.is_some() {
        return Err(NotKeepable::ContentFilters);
    }
    let ResponseAction::Send { status, headers, body, reason: _ } = &format.action else {
        return Err(NotKeepable::Hint);
    };
    if headers.iter().any(|(name, _)| *name == LAST_EVENT_ID) {
        return Err(NotKeepable::OwnId);
    }
    // The proxy removes them from what it sends, and recomputes the length.
    let is_sent = |name: &HeaderName| !name.as_str().starts_with("grip-") && *name != header::CONTENT_LENGTH;
    let headers = headers.iter().filter(|(name, _)| is_sent(name)).cloned().collect();
    let body = (body != content).then(|| body.clone());
    Ok(KeepableResponse { status: *status, headers, body })
}

impl Content {
    /// Returns the content as one server-sent event with an id, and with its type and `retry` if it has them.
    pub(crate) fn framed_with_id(&self, id: &str, event: Option<&str>, retry: Option<Duration>) -> Self {
        let mut head = format!("id: {id}\n");
        if let Some(event) = event {
            head += &format!("event: {event}\n");
        }
        if let Some(retry) = retry {
            head += &format!("retry: {}\n", retry.as_millis());
        }
        match self.framed() {
            Self::Text(frame) => Self::Text(head + &frame),
            Self::Bytes(frame) => Self::Bytes([head.into_bytes(), frame].concat()),
        }
    }
}
