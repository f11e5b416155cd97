use http::{HeaderValue, header};
use serde::Serialize;

use super::formats::ResponseAction;
use super::{Content, HttpResponse, HttpStream, WsMessage};
use crate::grip::websocket::CloseCode;
use crate::grip::{Event, IntoBytes, IntoText, JsonError, to_json};

/// A message for every kind of client at once.
///
/// Each kind of client gets its own format. All formats have the same content, unless you set them one by one:
///
/// | made with | SSE and stream clients get | long polls get | WebSocket clients get |
/// |---|---|---|---|
/// | [`text`](Self::text), `"…".into()` | an event with this data | this body | a text message |
/// | [`bytes`](Self::bytes), `vec.into()` | an event with this data | this body | a binary message |
/// | [`json`](Self::json) | an event with this data | this body, `application/json` | a text message |
/// | [`event`](Self::event), `event.into()` | the event | its data as the body | its data as a text message |
/// | [`close`](Self::close) | the end | nothing: they go on waiting | a close |
/// | [`hint`](Self::hint) | the app's answer to a recovery request | the app's answer to the same request | nothing |
///
/// The proxy cannot tell SSE clients from clients of plain streams, so both get the same format. By default it is an event,
/// since an `EventSource` reads nothing else. For a channel of plain streams, call [`unframed`](Self::unframed):
///
/// ```
/// use fanout::publish::Message;
///
/// let to_event_sources = Message::text("hello"); // data: hello
/// let to_plain_streams = Message::text("hello\n").unframed(); // hello
/// ```
///
/// [`http_stream`](Self::http_stream), [`http_response`](Self::http_response) and [`ws_message`](Self::ws_message) replace
/// one format. [`without_http_stream`](Self::without_http_stream) and its like remove it: those clients get nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a message does nothing until it is published"]
pub struct Message {
    pub(super) content: Option<Content>,
    /// The event of which the message is made, if it has more than data.
    pub(super) event: Option<Event>,
    pub(super) http_stream: Option<HttpStream>,
    pub(super) http_response: Option<HttpResponse>,
    pub(super) ws_message: Option<WsMessage>,
}

impl Message {
    /// Makes a message without formats, for setting each one. Publishing it without a format is an error.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a message of a text. In an event stream, `\r\n` and `\r` arrive as `\n`. In all other formats it arrives byte for
    /// byte.
    pub fn text(text: impl IntoText) -> Self {
        Self::of(Content::Text(text.into()))
    }

    /// Makes a message of bytes. A browser reads event streams as UTF-8, and replaces invalid bytes by `U+FFFD`.
    pub fn bytes(bytes: impl IntoBytes) -> Self {
        Self::of(Content::Bytes(bytes.into()))
    }

    /// Makes a message of a value as JSON, on one line.
    ///
    /// # Errors
    ///
    /// If the value cannot be JSON: a map with keys that are not strings, or a `Serialize` that fails.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Result<Self, JsonError> {
        let mut message = Self::text(to_json(value)?);
        let json = HeaderValue::from_static("application/json");
        message.http_response =
            message.http_response.map(|response| response.header(header::CONTENT_TYPE, json));
        Ok(message)
    }

    /// Makes a message of an event, with its type and id for SSE clients. The others get its data, and nothing if the event is a
    /// comment.
    pub fn event(event: Event) -> Self {
        let framed = HttpStream::send(event.to_string());
        let more = (!event.is_data_alone()).then(|| event.clone());
        let message = event.into_data().map_or_else(Self::new, Self::text);
        Self { event: more, ..message.http_stream(framed) }
    }

    /// Makes a message that ends streams, and closes WebSockets with a code and a reason as [`WsMessage::close`] does. A long
    /// poll ends with a response only: set one with [`http_response`](Self::http_response).
    pub fn close(code: CloseCode, reason: impl IntoText) -> Self {
        Self::new().http_stream(HttpStream::close()).ws_message(WsMessage::close(code, reason))
    }

    /// Makes a message without content: the proxy sends the request of every poll to the app again, and a recovery request for
    /// every stream with a `Grip-Link`.
    pub fn hint() -> Self {
        Self::new().http_stream(HttpStream::hint()).http_response(HttpResponse::hint())
    }

    fn of(content: Content) -> Self {
        Self {
            http_stream: Some(HttpStream::send(content.framed())),
            http_response: Some(HttpResponse::new(content.clone())),
            ws_message: Some(WsMessage::of(content.clone())),
            content: Some(content),
            event: None,
        }
    }

    /// Appends the content to streams without the frame of an event.
    ///
    /// Use it only for channels of `stream` endpoints. In the stream of an `sse` endpoint, a text with `data:` in it could forge
    /// an event.
    pub fn unframed(mut self) -> Self {
        if let Some(content) = &self.content {
            self.http_stream = Some(HttpStream::send(content.clone()));
        }
        self
    }

    /// Sets the format for streams.
    pub fn http_stream(mut self, format: HttpStream) -> Self {
        self.http_stream = Some(format);
        self
    }

    /// Sets the format for long polls.
    pub fn http_response(mut self, format: HttpResponse) -> Self {
        self.http_response = Some(format);
        self
    }

    /// Sets the format for WebSockets.
    pub fn ws_message(mut self, format: WsMessage) -> Self {
        self.ws_message = Some(format);
        self
    }

    /// Removes the format for streams: their clients get nothing.
    pub fn without_http_stream(mut self) -> Self {
        self.http_stream = None;
        self
    }

    /// Removes the format for long polls: they go on waiting.
    pub fn without_http_response(mut self) -> Self {
        self.http_response = None;
        self
    }

    /// Removes the format for WebSockets: their clients get nothing.
    pub fn without_ws_message(mut self) -> Self {
        self.ws_message = None;
        self
    }

    /// Returns the formats with content, and its size in bytes.
    pub(super) fn sizes(&self) -> impl Iterator<Item = (&'static str, usize)> {
        use super::formats::{StreamAction, WsAction};

        let stream = match self.http_stream.as_ref().map(|format| &format.action) {
            Some(StreamAction::Send(content)) => Some(("http-stream", content)),
            _ => None,
        };
        let response = match self.http_response.as_ref().map(|format| &format.action) {
            Some(ResponseAction::Send { body, .. }) => Some(("http-response", body)),
            _ => None,
        };
        let ws = match self.ws_message.as_ref().map(|format| &format.action) {
            Some(WsAction::Send { content, .. }) => Some(("ws-message", content)),
            _ => None,
        };
        [stream, response, ws]
            .into_iter()
            .flatten()
            .map(|(format, content)| (format, content.as_bytes().len()))
    }
}

macro_rules! message_from {
    ($($type:ty),*) => {$(
        impl From<$type> for Message {
            fn from(content: $type) -> Self {
                Self::of(content.into())
            }
        }
    )*};
}

message_from!(&str, String, &[u8], Vec<u8>, Content);

impl<const N: usize> From<&[u8; N]> for Message {
    fn from(bytes: &[u8; N]) -> Self {
        Self::of(bytes.into())
    }
}

impl From<Event> for Message {
    fn from(event: Event) -> Self {
        Self::event(event)
    }
}
