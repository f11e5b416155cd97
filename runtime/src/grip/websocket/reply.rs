use http::{HeaderName, HeaderValue, header};

use crate::grip::{BYTE_ORDER_MARK, Channel, Subscription};

use super::control::{Control, Fields};
use super::encode::{encode, write};
use super::meta::SET_META;
use super::{
    CONTENT_TYPE, Close, CloseCode, Event, Frame, InvalidReply, KeepAlive, MAX_ANSWER, MAX_PING, MAX_REASON,
};

/// What no other event begins with.
const OPEN: &[u8] = b"OPEN\r\n";

const KEEP_ALIVE_INTERVAL: HeaderName = HeaderName::from_static("keep-alive-interval");

/// What the app sends back: the events of one answer, and the headers that go with them.
///
/// The proxy tells what is for the client from what is for itself by a prefix of the message, and the prefix is
/// written here and nowhere else: what a handler sends always starts with `m:`, so no message, and no echo of
/// what a client typed, can become an instruction.
///
/// An `OPEN` is always the first event and a close always the last, in whatever order they are called for.
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
/// It becomes an [`Answer`](crate::Answer) with `into`. An answer's body over [`MAX_ANSWER`](super::MAX_ANSWER) bytes
/// would cut the connection: then a line goes to the log, and the client gets a close with code 1011 instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a reply does nothing until it is answered with"]
pub struct Reply {
    body: Vec<u8>,
    /// The close event that goes behind the body.
    close: Option<Vec<u8>>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// The shortest interval of [`keep_alive_interval`](Self::keep_alive_interval), in seconds.
    pub const MIN_INTERVAL: u32 = 20;

    /// No events yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Accepts the connection. Only the first answer of a connection may and must do that: the proxy cuts it
    /// where a later answer does.
    pub fn open(&mut self) {
        if !self.opens() {
            self.body.splice(..0, OPEN.iter().copied());
        }
    }

    /// Chooses the subprotocol, of those that the client offers in `Sec-WebSocket-Protocol`. It counts in the answer
    /// that opens the connection.
    ///
    /// # Errors
    ///
    /// If it is no token, so not one that a client can offer.
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

    /// Sends a binary message. One over 16,384 bytes reaches the client in several frames.
    pub fn binary(&mut self, bytes: impl AsRef<[u8]>) {
        write(&mut self.body, b"BINARY ", b"m:", bytes.as_ref());
    }

    /// Sends a ping.
    ///
    /// # Errors
    ///
    /// If the content has more than [`MAX_PING`] bytes.
    pub fn ping(&mut self, content: &[u8]) -> Result<(), InvalidReply> {
        fits_a_ping(content)?;
        Event::Ping(content).encode(&mut self.body);
        Ok(())
    }

    /// Answers a ping with the ping's content.
    ///
    /// # Errors
    ///
    /// If the content has more than [`MAX_PING`] bytes.
    pub fn pong(&mut self, content: &[u8]) -> Result<(), InvalidReply> {
        fits_a_ping(content)?;
        Event::Pong(content).encode(&mut self.body);
        Ok(())
    }

    /// Subscribes the connection to a channel. The proxy's default is at most 20 channels for a connection; it
    /// ignores what is more. Where the connection is subscribed to the channel, only the filters change. An id of what
    /// the client has seen last means nothing here: a WebSocket catches up on nothing.
    ///
    /// # Errors
    ///
    /// If the name is none that a [`Channel`] can have, or there are more than
    /// [`MAX_FILTERS`](Subscription::MAX_FILTERS) filters, at which the proxy would close the connection.
    pub fn subscribe(&mut self, subscription: impl Into<Subscription>) -> Result<(), InvalidReply> {
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
    /// If the name is none that a [`Channel`] can have.
    pub fn unsubscribe(&mut self, channel: &Channel) -> Result<(), InvalidReply> {
        channel.check()?;
        self.control(&Control::Unsubscribe { channel: channel.as_str() })
    }

    /// Lets go of the connection: what is published still reaches the client, and the app hears nothing more of it but a
    /// close without a code, at once. The client's pings are not answered any more, so that one that pings by itself will
    /// take the connection for broken.
    pub fn detach(&mut self) {
        self.bare(&Control::Detach);
    }

    /// Gives the connection a session id, by which it can be told from others and refreshed. An empty one takes it
    /// away.
    ///
    /// # Errors
    ///
    /// If the id begins with a byte order mark (U+FEFF), which the proxy would drop, or the control message is longer than
    /// [`MAX_CONTROL`](super::MAX_CONTROL) bytes.
    pub fn session(&mut self, id: &str) -> Result<(), InvalidReply> {
        unmarked(id)?;
        self.control(&Control::Session { id })
    }

    /// Sets subscription meta, which filters compare and replace. The app does not get it back: what it should is
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
    /// As of [`set_meta`](Self::set_meta).
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

    /// Lets the proxy send a frame when the connection is quiet, or again and again. One keep-alive counts, the last.
    ///
    /// # Errors
    ///
    /// If the seconds are not from 1 to [`KeepAlive::MAX_TIMEOUT`], a ping or a pong has more than [`MAX_PING`] bytes, or
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

    /// Ends the [keep-alive](Self::keep_alive).
    pub fn keep_alive_off(&mut self) {
        self.bare(&Control::KeepAlive {
            content: None,
            content_bin: None,
            message_type: None,
            timeout: None,
            mode: None,
        });
    }

    /// Lets the proxy send a frame after so many seconds. It holds one at a time: another one sends the first at once.
    ///
    /// # Errors
    ///
    /// As of [`keep_alive`](Self::keep_alive).
    pub fn send_delayed(&mut self, frame: Frame<'_>, seconds: u32) -> Result<(), InvalidReply> {
        let Fields { content, content_bin, message_type } = frame.fields()?;
        let timeout = timeout(seconds)?;
        self.control(&Control::SendDelayed { content, content_bin, message_type, timeout })
    }

    /// Sends the [delayed](Self::send_delayed) frame now, if there is one.
    pub fn flush_delayed(&mut self) {
        self.bare(&Control::FlushDelayed);
    }

    /// Closes the connection behind everything else that is sent, whether it was added before or is added later. The
    /// first close counts.
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

    /// As [`close`](Self::close), with as much of the reason as fits.
    pub fn close_shortened(&mut self, code: CloseCode, reason: &str) {
        let mut len = reason.len().min(MAX_REASON);
        while !reason.is_char_boundary(len) {
            len -= 1;
        }
        self.close(code, &reason[..len]).expect("it was shortened");
    }

    /// Answers a client's close by the same code and reason, so that the client sees a clean end. `content` is that
    /// of the event. If the client may not have sent it (half a code, a code or a reason that may not stand in a
    /// close), the answer is code 1002.
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

    /// Asks for a request without events whenever the connection was quiet for so many seconds.
    ///
    /// # Errors
    ///
    /// If the seconds are less than [`MIN_INTERVAL`](Self::MIN_INTERVAL).
    pub fn keep_alive_interval(&mut self, seconds: u32) -> Result<(), InvalidReply> {
        if seconds < Self::MIN_INTERVAL {
            return Err(InvalidReply::IntervalTooShort(seconds));
        }
        self.set_header(KEEP_ALIVE_INTERVAL, timeout(seconds)?.into());
        Ok(())
    }

    /// Sends what another reply sends, after this one's events.
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

    /// The reply, or where the proxy would cut the connection at it, a close in its place that the client can read.
    pub(crate) fn or_closed(self, log: impl FnOnce(String)) -> Self {
        // Meta of replies that were appended to each other can be too much together.
        let (len, meta) = (self.len(), self.meta_len(None));
        if len <= MAX_ANSWER && meta <= Self::MAX_META {
            return self;
        }
        let mut closed = Self { headers: self.headers, ..Self::default() };
        if len > MAX_ANSWER {
            log(format!(
                "an answer of {len} bytes is closed with 1011 in place of its messages: the proxy takes {MAX_ANSWER} bytes"
            ));
        } else {
            log(format!(
                "an answer is closed with 1011 in place of its messages: {}",
                InvalidReply::MetaTooLong(meta)
            ));
            closed.headers.retain(|(name, _)| !name.as_str().starts_with(SET_META));
        }
        if self.body.starts_with(OPEN) {
            closed.open();
        }
        closed.close_shortened(CloseCode::INTERNAL_ERROR, "the answer is too large");
        closed
    }

    /// How many bytes the events have that stand before the close.
    pub(crate) fn body_len(&self) -> usize {
        self.body.len()
    }

    /// Takes back what was added behind the first so many bytes, but no close and no header.
    pub(crate) fn cut_to(&mut self, body_len: usize) {
        self.body.truncate(body_len);
    }

    /// Whether it accepts the connection.
    pub fn opens(&self) -> bool {
        self.body.starts_with(OPEN)
    }

    /// Whether it closes the connection.
    pub fn closes(&self) -> bool {
        self.close.is_some()
    }

    /// How many bytes the events have.
    pub fn len(&self) -> usize {
        self.body.len() + self.close.as_ref().map_or(0, Vec::len)
    }

    /// Whether there are no events. There may be headers.
    pub fn is_empty(&self) -> bool {
        self.body.is_empty() && self.close.is_none()
    }

    /// The headers of the answer, whose status is 200.
    pub fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        // The extension turns on the prefixes. It is read where the connection opens.
        let extensions = (header::SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_static("grip"));
        std::iter::once((header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)))
            .chain(self.opens().then_some(extensions))
            .chain(self.headers.iter().cloned())
    }

    /// The events' bytes: the body of the answer.
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

    /// A control message that names nothing.
    fn bare(&mut self, control: &Control<'_>) {
        self.control(control).expect("a bare control message is short");
    }
}

fn unmarked(text: &str) -> Result<(), InvalidReply> {
    if text.starts_with(BYTE_ORDER_MARK) { Err(InvalidReply::ByteOrderMark) } else { Ok(()) }
}

pub(super) fn fits_a_ping(content: &[u8]) -> Result<&[u8], InvalidReply> {
    if content.len() > MAX_PING { Err(InvalidReply::PingTooLong(content.len())) } else { Ok(content) }
}

fn timeout(seconds: u32) -> Result<u32, InvalidReply> {
    // The proxy takes 0 for its default.
    if matches!(seconds, 1..=KeepAlive::MAX_TIMEOUT) {
        Ok(seconds)
    } else {
        Err(InvalidReply::Timeout(seconds))
    }
}

/// Whether a text is a token of HTTP. Header names are tokens.
fn is_token(text: &str) -> bool {
    HeaderName::from_bytes(text.as_bytes()).is_ok()
}
