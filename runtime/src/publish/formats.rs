use http::{HeaderName, HeaderValue, StatusCode};

use super::{Content, InvalidItem};
use crate::grip::websocket::{CloseCode, MAX_PING, MAX_REASON};
use crate::grip::{Filter, IntoBytes, IntoText};

/// The format `http-stream` of a message: for the clients of `sse` and `stream` endpoints.
///
/// ```
/// use fanout::publish::{HttpStream, Message};
///
/// let message = Message::text("for everybody else").http_stream(HttpStream::send("raw bytes of the stream\n"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a format does nothing until it is in a message"]
pub struct HttpStream {
    pub(super) action: StreamAction,
    pub(super) content_filters: Option<Vec<Filter>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StreamAction {
    Send(Content),
    Hint,
    Close,
}

impl HttpStream {
    /// Appends bytes to the stream, unchanged. In the stream of an `sse` endpoint they must be events.
    pub fn send(content: impl Into<Content>) -> Self {
        Self::new(StreamAction::Send(content.into()))
    }

    /// Makes the proxy send a recovery request to the stream's `Grip-Link` with `rel=next`.
    pub fn hint() -> Self {
        Self::new(StreamAction::Hint)
    }

    /// Ends the stream.
    pub fn close() -> Self {
        Self::new(StreamAction::Close)
    }

    fn new(action: StreamAction) -> Self {
        Self { action, content_filters: None }
    }

    /// Sets the filters that change content: the format reaches only subscriptions with exactly these, in this order. They are
    /// [`Filter::BuildId`], [`Filter::VarSubst`] and [`Filter::HttpModify`].
    ///
    /// [Some proxies](crate::guide::limits#filters) end the connections of all others; current ones skip them.
    pub fn content_filters(mut self, filters: impl Into<Vec<Filter>>) -> Self {
        self.content_filters = Some(filters.into());
        self
    }
}

/// The format `http-response` of a message: a whole response for the clients of long polls.
///
/// It has the headers of the response that the poll's endpoint has given, `Content-Type` among them, and over these
/// its own.
///
/// ```
/// use fanout::http::{HeaderValue, StatusCode, header};
/// use fanout::publish::HttpResponse;
///
/// let gone = HttpResponse::new("the match is over\n")
///     .status(StatusCode::GONE)
///     .header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a format does nothing until it is in a message"]
pub struct HttpResponse {
    pub(super) action: ResponseAction,
    pub(super) content_filters: Option<Vec<Filter>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ResponseAction {
    Send {
        status: StatusCode,
        reason: Option<String>,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Content,
    },
    Hint,
}

impl HttpResponse {
    /// Makes a response of status 200 with this body.
    pub fn new(body: impl Into<Content>) -> Self {
        let action = ResponseAction::Send {
            status: StatusCode::OK,
            reason: None,
            headers: Vec::new(),
            body: body.into(),
        };
        Self { action, content_filters: None }
    }

    /// Makes the proxy send the request of every poll to the app again.
    pub fn hint() -> Self {
        Self { action: ResponseAction::Hint, content_filters: None }
    }

    /// Sets the status, of 200 or more. A hint has none.
    pub fn status(mut self, code: StatusCode) -> Self {
        if let ResponseAction::Send { status, .. } = &mut self.action {
            *status = code;
        }
        self
    }

    /// Sets the reason phrase, in place of the usual one of the status. A hint has none.
    pub fn reason(mut self, phrase: impl IntoText) -> Self {
        if let ResponseAction::Send { reason, .. } = &mut self.action {
            *reason = Some(phrase.into());
        }
        self
    }

    /// Adds a header, whose value must be UTF-8. Those named `Grip-…` do not reach the client. A hint has none.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let ResponseAction::Send { headers, .. } = &mut self.action {
            headers.push((name, value));
        }
        self
    }

    /// Sets the filters that change content, as [`HttpStream::content_filters`] does.
    pub fn content_filters(mut self, filters: impl Into<Vec<Filter>>) -> Self {
        self.content_filters = Some(filters.into());
        self
    }
}

/// The format `ws-message` of a message: for WebSocket clients.
///
/// The prefixes `m:` and `c:` have no meaning here. They are for replies of the app, and published content reaches the
/// client unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a format does nothing until it is in a message"]
pub struct WsMessage {
    pub(super) action: WsAction,
    pub(super) content_filters: Option<Vec<Filter>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WsAction {
    Send { kind: &'static str, content: Content },
    Close { code: CloseCode, reason: String },
    Refresh,
}

impl WsMessage {
    /// The limit of a ping or a pong, in bytes: that of a control frame ([RFC 6455 section 5.5]).
    ///
    /// [RFC 6455 section 5.5]: https://www.rfc-editor.org/rfc/rfc6455#section-5.5
    pub const MAX_PING: usize = MAX_PING;

    /// Makes a text message.
    pub fn text(text: impl IntoText) -> Self {
        Self::send("text", text.into().into())
    }

    /// Makes a binary message.
    pub fn binary(bytes: impl IntoBytes) -> Self {
        Self::send("binary", bytes.into().into())
    }

    /// Makes a ping, which the client's WebSocket answers by itself. The limit is [`MAX_PING`](Self::MAX_PING) bytes.
    pub fn ping(content: impl Into<Content>) -> Self {
        Self::send("ping", content.into())
    }

    /// Makes an unsolicited pong. The limit is [`MAX_PING`](Self::MAX_PING) bytes.
    pub fn pong(content: impl Into<Content>) -> Self {
        Self::send("pong", content.into())
    }

    /// Closes the connection with a code, such as [`CloseCode::NORMAL`], and a reason, which may be empty. The limit of the
    /// reason is 123 bytes.
    pub fn close(code: CloseCode, reason: impl IntoText) -> Self {
        Self::new(WsAction::Close { code, reason: reason.into() })
    }

    /// Makes the proxy send a request without events to the app at once, so that the app can reply on each connection. [Some
    /// proxies](crate::guide::limits#websockets) refuse the whole publish request.
    pub fn refresh() -> Self {
        Self::new(WsAction::Refresh)
    }

    pub(super) fn of(content: Content) -> Self {
        let kind = match content {
            Content::Text(_) => "text",
            Content::Bytes(_) => "binary",
        };
        Self::send(kind, content)
    }

    fn send(kind: &'static str, content: Content) -> Self {
        Self::new(WsAction::Send { kind, content })
    }

    fn new(action: WsAction) -> Self {
        Self { action, content_filters: None }
    }

    /// Sets the filters that change content, as [`HttpStream::content_filters`] does.
    pub fn content_filters(mut self, filters: impl Into<Vec<Filter>>) -> Self {
        self.content_filters = Some(filters.into());
        self
    }
}

impl HttpResponse {
    pub(super) fn check(&self) -> Result<(), InvalidItem> {
        let ResponseAction::Send { status, reason, headers, .. } = &self.action else { return Ok(()) };
        if status.is_informational() {
            return Err(InvalidItem::Status(*status));
        }
        if reason.as_ref().is_some_and(|reason| reason.chars().any(char::is_control)) {
            return Err(InvalidItem::Reason);
        }
        match headers.iter().find(|(_, value)| std::str::from_utf8(value.as_bytes()).is_err()) {
            Some((name, _)) => Err(InvalidItem::Header(name.clone())),
            None => Ok(()),
        }
    }
}

impl WsMessage {
    pub(super) fn check(&self) -> Result<(), InvalidItem> {
        match &self.action {
            WsAction::Send { kind: kind @ ("ping" | "pong"), content }
                if content.as_bytes().len() > Self::MAX_PING =>
            {
                Err(InvalidItem::PingTooLong { kind, len: content.as_bytes().len() })
            }
            WsAction::Close { reason, .. } if reason.len() > MAX_REASON => {
                Err(InvalidItem::ReasonTooLong(reason.len()))
            }
            _ => Ok(()),
        }
    }
}
