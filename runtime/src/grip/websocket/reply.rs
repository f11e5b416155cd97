use http::{HeaderName, HeaderValue, header};
use serde::Serialize;

use crate::grip::{BYTE_ORDER_MARK, Channel, IntoSubscription, JsonError, Subscription, to_json};

use super::control::{Control, Fields, fits_a_ping};
use super::encode::{encode, write};
use super::limits::MIN_INTERVAL;
use super::{CONTENT_TYPE, Close, CloseCode, Event, Frame, InvalidReply, KeepAlive, MAX_REASON};

/// The event that opens the connection. No other event begins with these bytes.
const OPEN: &[u8] = b"OPEN\r\n";

const KEEP_ALIVE_INTERVAL: HeaderName = HeaderName::from_static("keep-alive-interval");

/// The app's reply on a connection: the events of one answer, and their headers.
///
/// A prefix of a message tells the proxy if the message is for the client or for the proxy. Only this type writes prefixes.
/// Messages of a handler always start with `m:`, so neither a message nor an echo of a client's text can become an
/// instruction.
///
/// An `OPEN` is always the first event and a close always the last, in any order of the calls.
///
/// ```
/// use fanout::Channel;
/// use fanout::websocket::{CloseCode, Reply};
///
/// let mut reply = Reply::new();
/// reply.subscribe(Channel::from_static("news"))?;
/// reply.text("welcome");
/// reply.close(CloseCode::NORMAL, "that was all")?;
/// # Ok::<(), fanout::websocket::InvalidReply>(())
/// ```
///
/// `into` makes an [`Answer`](crate::Answer) of it. The limit of a reply is [`MAX_REPLY`](super::MAX_REPLY) = 1,000,000
/// bytes, at which the proxy would cut the connection. In place of a longer one, the client gets a close with code 1011, and
/// the log has a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a reply does nothing until it is answered with"]
pub struct Reply {
    body: Vec<u8>,
    /// The close event that follows the body.
    close: Option<Vec<u8>>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// The shortest interval of [`keep_alive_interval`](Self::keep_alive_interval), in seconds.
    pub const MIN_INTERVAL: u32 = MIN_INTERVAL;

    /// Makes a reply without events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts the connection. The first answer of a connection must do that, and no other may: the proxy would cut the
    /// connection.
    pub fn open(&mut self) {
        if !self.opens() {
            self.body.splice(..0, OPEN.iter().copied());
        }
    }

    /// Sets the subprotocol, one of those that the client offers in `Sec-WebSocket-Protocol`. It counts only in the answer that
    /// opens the connection.
    ///
    /// # Errors
    ///
    /// If the name is not a token of HTTP, since a client cannot offer it.
    pub fn subprotocol(&mut self, name: &str) -> Result<(), InvalidReply> {
        if !is_token(name) {
            return Err(InvalidReply::Subprotocol);
        }
        let value = HeaderValue::from_str(name).map_err(|_| InvalidReply::Subprotocol)?;
        self.set_header(header::SEC_WEBSOCKET_PROTOCOL, value);
        Ok(())
    }

    /// Sends a text message. One over 16,384 bytes reaches the client in several frames.
    pub fn text(&mut self, text: impl AsRef<str>) {
        write(&mut self.body, b"TEXT ", b"m:", text.as_ref().as_bytes());
    }

    /// Sends a value as JSON, in a text message.
    ///
    /// ```
    /// use fanout::grip::JsonError;
    /// use fanout::websocket::Reply;
    ///
    /// let mut reply = Reply::new();
    /// reply.json(&[1, 2])?;
    /// assert_eq!(reply.into_bytes(), b"TEXT 7\r\nm:[1,2]\r\n");
    /// # Ok::<(), JsonError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the value cannot be JSON: a map with keys that are not strings, or a `Serialize` that fails. Then nothing is sent.
    pub fn json(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        self.text(to_json(value)?);
        Ok(())
    }

    /// Sends a binary message. One over 16,384 bytes reaches the client in several frames.
    pub fn binary(&mut self, bytes: impl AsRef<[u8]>) {
        write(&mut self.body, b"BINARY ", b"m:", bytes.as_ref());
    }

    /// Sends a ping.
    ///
    /// # Errors
    ///
    /// If the content has more than [`MAX_PING`](super::MAX_PING) bytes.
    pub fn ping(&mut self, content: &[u8]) -> Result<(), InvalidReply> {
        fits_a_ping(content)?;
        Event::Ping(content).encode(&mut self.body);
        Ok(())
    }

    /// Answers a ping with the ping's content.
    ///
    /// # Errors
    ///
    /// If the content has more than [`MAX_PING`](super::MAX_PING) bytes.
    pub fn pong(&mut self, content: &[u8]) -> Result<(), InvalidReply> {
        fits_a_ping(content)?;
        Event::Pong(content).encode(&mut self.body);
        Ok(())
    }

    /// Subscribes the connection to a channel. If it is subscribed already, only the filters change. By default, the limit is 20
    /// channels for a connection, and the proxy ignores the rest. The `prev_id` of the subscription is ignored, since WebSockets
    /// have no recovery.
    ///
    /// # Errors
    ///
    /// If the name of the channel is invalid, or there are more than [`MAX_FILTERS`](Subscription::MAX_FILTERS) filters, at
    /// which the proxy would close the connection.
    pub fn subscribe(&mut self, subscription: impl IntoSubscription) -> Result<(), InvalidReply> {
        let subscription = subscription.into();
        let (channel, filters) = (subscription.channel(), subscription.filters());
        channel.check()?;
        if filters.len() > Subscription::MAX_FILTERS {
            return Err(InvalidReply::TooManyFilters(filters.len()));
        }
        self.control(&Control::Subscribe { channel: channel.as_str(), filters })
    }

    /// Ends the connection's subscription to a channel.
    ///
    /// # Errors
    ///
    /// If the name of the channel is invalid.
    pub fn unsubscribe(&mut self, channel: &Channel) -> Result<(), InvalidReply> {
        channel.check()?;
        self.control(&Control::Unsubscribe { channel: channel.as_str() })
    }

    /// Detaches the connection from the app. The client still gets published items. The app gets a close without a code at once,
    /// and no further events. Pings of the client are no longer answered, so a client that sends pings will take the connection
    /// for broken.
    pub fn detach(&mut self) {
        self.bare(&Control::Detach);
    }

    /// Sets the session id of the connection, which identifies it and lets it be refreshed. An empty id removes it.
    ///
    /// # Errors
    ///
    /// If the id begins with a byte order mark (U+FEFF), which the proxy would drop, or the control message is longer than
    /// [`MAX_CONTROL`](super::MAX_CONTROL) bytes.
    pub fn session(&mut self, id: &str) -> Result<(), InvalidReply> {
        unmarked(id)?;
        self.control(&Control::Session { id })
    }

    /// Sets subscription meta, which filters compare and replace. The proxy does not send it back to the app: for that, use
    /// [connection meta](Self::set_connection_meta).
    ///
    /// # Errors
    ///
    /// If the name is empty, the name or the value begins with a byte order mark (U+FEFF), which the proxy would drop, or
    /// the control message is longer than [`MAX_CONTROL`](super::MAX_CONTROL) bytes.
    pub fn set_meta(&mut self, name: &str, value: &str) -> Result<(), InvalidReply> {
        self.meta(name, Some(value))
    }

    /// Removes subscription meta.
    ///
    /// # Errors
    ///
    /// The errors of [`set_meta`](Self::set_meta).
    pub fn remove_meta(&mut self, name: &str) -> Result<(), InvalidReply> {
        self.meta(name, None)
    }

    fn meta(&mut self, name: &str, value: Option<&str>) -> Result<(), InvalidReply> {
        if name.is_empty() {
            return Err(InvalidReply::MetaName);
        }
        unmarked(name)?;
        unmarked(value.unwrap_or_default())?;
        self.control(&Control::SetMeta { name, value })
    }

    /// Sets the keep-alive, in place of an earlier one.
    ///
    /// # Errors
    ///
    /// If the seconds are not from 1 to [`KeepAlive::MAX_TIMEOUT`], a ping or a pong has more than [`MAX_PING`](super::MAX_PING) bytes, or
    /// the control message is longer than [`MAX_CONTROL`](super::MAX_CONTROL) bytes, in which bytes that are not text
    /// count a third more.
    pub fn keep_alive(&mut self, keep_alive: KeepAlive<'_>) -> Result<(), InvalidReply> {
        let Fields { content, content_bin, message_type } = keep_alive.frame.fields()?;
        self.control(&Control::KeepAlive {
            content,
            content_bin,
            message_type: Some(message_type),
            timeout: Some(timeout(keep_alive.seconds)?),
            mode: Some(keep_alive.mode),
        })
    }

    /// Removes the [keep-alive](Self::keep_alive).
    pub fn keep_alive_off(&mut self) {
        self.bare(&Control::KeepAlive {
            content: None,
            content_bin: None,
            message_type: None,
            timeout: None,
            mode: None,
        });
    }

    /// Lets the proxy send a frame after so many seconds. The proxy keeps one such frame: another call sends the first frame at
    /// once.
    ///
    /// # Errors
    ///
    /// The errors of [`keep_alive`](Self::keep_alive).
    pub fn send_delayed(&mut self, frame: Frame<'_>, seconds: u32) -> Result<(), InvalidReply> {
        let Fields { content, content_bin, message_type } = frame.fields()?;
        let timeout = timeout(seconds)?;
        self.control(&Control::SendDelayed { content, content_bin, message_type, timeout })
    }

    /// Sends the [delayed](Self::send_delayed) frame now, if there is one.
    pub fn flush_delayed(&mut self) {
        self.bare(&Control::FlushDelayed);
    }

    /// Closes the connection after all other events of the reply, also after those that are added later. The first close
    /// counts.
    ///
    /// # Errors
    ///
    /// If the reason has more than [`MAX_REASON`] bytes.
    pub fn close(&mut self, code: CloseCode, reason: &str) -> Result<(), InvalidReply> {
        if reason.len() > MAX_REASON {
            return Err(InvalidReply::ReasonTooLong(reason.len()));
        }
        self.close_with(&[&code.get().to_be_bytes(), reason.as_bytes()].concat());
        Ok(())
    }

    /// Closes the connection as [`close`](Self::close) does, and cuts the reason at [`MAX_REASON`] bytes.
    pub fn close_shortened(&mut self, code: CloseCode, reason: &str) {
        let mut len = reason.len().min(MAX_REASON);
        while !reason.is_char_boundary(len) {
            len -= 1;
        }
        self.close(code, &reason[..len]).expect("it was shortened");
    }

    /// Answers a client's close with the same code and reason, so that the client sees a clean end. `content` is the content of
    /// the event. If it is not valid (half a code, an invalid code or reason), the answer has code 1002.
    pub fn answer_close(&mut self, content: &[u8]) {
        match Close::parse(content) {
            Ok(None) => self.close_with(b""),
            Ok(Some(Close { code, reason }))
                if CloseCode::new(code).is_ok() && reason.len() <= MAX_REASON =>
            {
                self.close_with(content);
            }
            _ => self.close_shortened(CloseCode::PROTOCOL_ERROR, ""),
        }
    }

    fn close_with(&mut self, content: &[u8]) {
        self.close.get_or_insert_with(|| encode([Event::Close(content)]));
    }

    /// Makes the proxy send a request without events after each time of so many quiet seconds.
    ///
    /// # Errors
    ///
    /// If the seconds are not from [`MIN_INTERVAL`](Self::MIN_INTERVAL) to [`KeepAlive::MAX_TIMEOUT`](super::KeepAlive::MAX_TIMEOUT).
    pub fn keep_alive_interval(&mut self, seconds: u32) -> Result<(), InvalidReply> {
        if seconds < Self::MIN_INTERVAL {
            return Err(InvalidReply::IntervalTooShort(seconds));
        }
        self.set_header(KEEP_ALIVE_INTERVAL, timeout(seconds)?.into());
        Ok(())
    }

    /// Appends the events of another reply, and takes over its headers.
    pub fn append(&mut self, other: Self) {
        let Self { body, close, headers } = other;
        match body.strip_prefix(OPEN) {
            Some(rest) => {
                self.open();
                self.body.extend_from_slice(rest);
            }
            None => self.body.extend_from_slice(&body),
        }
        for (name, value) in headers {
            self.set_header(name, value);
        }
        self.close = self.close.take().or(close);
    }

    /// Returns the bytes of the events before the close.
    pub(crate) fn body_len(&self) -> usize {
        self.body.len()
    }

    /// Removes the events after the first so many bytes, and the close unless it is kept, but no header.
    pub(crate) fn cut_to(&mut self, body_len: usize, keeps_close: bool) {
        self.body.truncate(body_len);
        self.close = self.close.take().filter(|_| keeps_close);
    }

    /// Returns `true` if it accepts the connection.
    pub fn opens(&self) -> bool {
        self.body.starts_with(OPEN)
    }

    /// Returns `true` if it closes the connection.
    pub fn closes(&self) -> bool {
        self.close.is_some()
    }

    /// Returns the bytes of all events.
    pub fn len(&self) -> usize {
        self.body.len() + self.close.as_ref().map_or(0, Vec::len)
    }

    /// Returns `true` if there are no events. There may be headers.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty() && self.close.is_none()
    }

    /// Returns the headers of the answer, whose status is 200.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        // The extension turns on the prefixes. It is read where the connection opens.
        let extensions = (header::SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static("grip"));
        std::iter::once((header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)))
            .chain(self.opens().then_some(extensions))
            .chain(self.headers.iter().cloned())
    }

    /// Returns the bytes of the events: the body of the answer.
    pub fn into_bytes(self) -> Vec<u8> {
        let mut body = self.body;
        if let Some(close) = self.close {
            body.extend_from_slice(&close);
        }
        body
    }

    pub(super) fn set_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.retain(|(this, _)| *this != name);
        self.headers.push((name, value));
    }

    fn control(&mut self, control: &Control<'_>) -> Result<(), InvalidReply> {
        control.write(&mut self.body)
    }

    /// Adds a control message without fields that a caller chooses.
    fn bare(&mut self, control: &Control<'_>) {
        self.control(control).expect("a bare control message is short");
    }
}

fn unmarked(text: &str) -> Result<(), InvalidReply> {
    if text.starts_with(BYTE_ORDER_MARK) { Err(InvalidReply::ByteOrderMark) } else { Ok(()) }
}

fn timeout(seconds: u32) -> Result<u32, InvalidReply> {
    // The proxy replaces 0 by its default.
    if matches!(seconds, 1..=KeepAlive::MAX_TIMEOUT) {
        Ok(seconds)
    } else {
        Err(InvalidReply::Timeout(seconds))
    }
}

/// Returns `true` if a text is a token of HTTP. Header names are tokens.
fn is_token(text: &str) -> bool {
    HeaderName::from_bytes(text.as_bytes()).is_ok()
}
