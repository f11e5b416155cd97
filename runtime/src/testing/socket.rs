use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::proxy::{ClientEvent, Frame, Side, SocketSession, described};
use super::stage::Stage;
use super::story::quoted;
use crate::grip::websocket::STATE;
use crate::grip::{IntoBytes, IntoText};

/// A client of a WebSocket. It answers pings, and closes, as every client does.
///
/// Dropping it does nothing: the connection stays open. [`close`](Self::close) and [`disconnect`](Self::disconnect) end it.
#[must_use = "a client says something only to a test that looks at it"]
pub struct Socket {
    stage: Rc<Stage>,
    id: usize,
    /// The number of frames that the test has read.
    read: usize,
}

/// A message of a client, for [`send_all`](Socket::send_all).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Message {
    fn from(bytes: &[u8]) -> Self {
        Self::Binary(bytes.to_owned())
    }
}

impl<const N: usize> From<&[u8; N]> for Message {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Binary(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes)
    }
}

/// The end of a WebSocket, as the client sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    close: Option<Option<(u16, String)>>,
}

impl Closed {
    /// The code. It is 1006 for an end without a close. The proxy makes 1000 of a close without a code.
    pub fn code(&self) -> u16 {
        match &self.close {
            Some(Some((code, _))) => *code,
            Some(None) => 1005,
            None => 1006,
        }
    }

    /// The reason, which may be empty.
    pub fn reason(&self) -> &str {
        match &self.close {
            Some(Some((_, reason))) => reason,
            _ => "",
        }
    }

    /// Returns true if there was a close.
    pub fn is_clean(&self) -> bool {
        self.close.is_some()
    }
}

impl Socket {
    pub(super) fn new(stage: Rc<Stage>, id: usize) -> Self {
        Self { stage, id, read: 0 }
    }

    fn session<R>(&self, read: impl FnOnce(&mut SocketSession) -> R) -> R {
        read(self.stage.proxy.borrow_mut().socket(self.id))
    }

    #[track_caller]
    fn send_events(&self, events: Vec<ClientEvent>) {
        if self.session(|session| session.client) != Side::Open {
            self.fail("it cannot send");
        }
        self.stage.client_sends(self.id, events);
        self.stage.check();
    }

    /// Sends a text.
    ///
    /// # Panics
    ///
    /// If the connection is closed. All methods that send do that.
    #[track_caller]
    pub fn send(&mut self, text: impl IntoText) {
        self.send_events(vec![ClientEvent::Text(text.into().into_bytes())]);
    }

    /// Sends bytes.
    #[track_caller]
    pub fn send_bytes(&mut self, bytes: impl IntoBytes) {
        self.send_events(vec![ClientEvent::Binary(bytes.into())]);
    }

    /// Sends the JSON of a value as text.
    ///
    /// # Panics
    ///
    /// If the value has no JSON.
    #[track_caller]
    pub fn send_json(&mut self, value: &(impl Serialize + ?Sized)) {
        match serde_json::to_string(value) {
            Ok(json) => self.send(json),
            Err(error) => panic!("the message has no JSON: {error}"),
        }
    }

    /// Sends several messages at once, which reach the app in one request.
    ///
    /// ```
    /// #[fanout::ws(echo)]
    /// fn echo() {}
    ///
    /// let mut client = fanout::testing::app::<echo>().connect("/echo");
    /// client.send_all(["one", "two"]);
    /// assert_eq!([client.next_text(), client.next_text()], ["one", "two"]);
    /// ```
    #[track_caller]
    pub fn send_all(&mut self, messages: impl IntoIterator<Item = impl Into<Message>>) {
        let events = messages.into_iter().map(|message| match message.into() {
            Message::Text(text) => ClientEvent::Text(text.into_bytes()),
            Message::Binary(bytes) => ClientEvent::Binary(bytes),
        });
        self.send_events(events.collect());
    }

    /// Sends a text that need not be UTF-8, which a client of its own making can do.
    #[track_caller]
    pub fn send_raw_text(&mut self, bytes: impl IntoBytes) {
        self.send_events(vec![ClientEvent::Text(bytes.into())]);
    }

    /// Sends a ping. The app answers it: [`next_pong`](Self::next_pong).
    #[track_caller]
    pub fn ping(&mut self, content: impl IntoBytes) {
        self.send_events(vec![ClientEvent::Ping(content.into())]);
    }

    /// Sends a pong.
    #[track_caller]
    pub fn pong(&mut self, content: impl IntoBytes) {
        self.send_events(vec![ClientEvent::Pong(content.into())]);
    }

    /// Closes the connection, and lets the app answer: [`closed`](Self::closed).
    #[track_caller]
    pub fn close(&mut self, code: u16, reason: impl IntoText) {
        self.send_events(vec![ClientEvent::Close(Some((code, reason.into())))]);
    }

    /// Closes the connection without a code.
    #[track_caller]
    pub fn close_without_code(&mut self) {
        self.send_events(vec![ClientEvent::Close(None)]);
    }

    /// Breaks the connection, without a close, as a client that loses its network.
    ///
    /// # Panics
    ///
    /// If the endpoint cannot run on the host.
    #[track_caller]
    pub fn disconnect(&mut self) {
        self.stage.leave(self.id);
        self.stage.check();
    }

    /// The next frame or end, or `None` if there is none. It may be a ping or a pong, which most methods skip.
    pub fn try_next_frame(&mut self) -> Option<Frame> {
        self.try_next()
    }

    fn try_next(&mut self) -> Option<Frame> {
        let frame = self.session(|session| session.frames.get(self.read).cloned())?;
        self.read += 1;
        Some(frame)
    }

    /// The next message or end, without the pings and pongs before it.
    fn try_next_message(&mut self) -> Option<Frame> {
        loop {
            match self.try_next()? {
                Frame::Ping(_) | Frame::Pong(_) => {}
                frame => return Some(frame),
            }
        }
    }

    #[track_caller]
    fn next(&mut self, wanted: &str) -> Frame {
        match self.try_next_message() {
            Some(frame) => frame,
            None => self.fail(&format!("there is no {wanted}")),
        }
    }

    /// The next text, without the pings and pongs before it.
    ///
    /// # Panics
    ///
    /// If there is none, or something else comes first.
    #[track_caller]
    pub fn next_text(&mut self) -> String {
        match self.next("text") {
            Frame::Text(text) => String::from_utf8_lossy(&text).into_owned(),
            other => self.fail(&format!("there is no text: the next is {}", described(&other))),
        }
    }

    /// The next text, read as JSON.
    ///
    /// # Panics
    ///
    /// If there is none, something else comes first, or it is not the JSON of this type.
    #[track_caller]
    pub fn next_json<T: DeserializeOwned>(&mut self) -> T {
        let text = self.next_text();
        match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(error) => {
                self.fail(&format!("the text is not the expected JSON: {error}: {}", quoted(text.as_bytes())))
            }
        }
    }

    /// The next bytes, without the pings and pongs before them.
    ///
    /// # Panics
    ///
    /// If there are none, or something else comes first.
    #[track_caller]
    pub fn next_bytes(&mut self) -> Vec<u8> {
        match self.next("binary message") {
            Frame::Binary(bytes) => bytes,
            other => self.fail(&format!("there is no binary message: the next is {}", described(&other))),
        }
    }

    /// The content of the next ping. The client has answered it.
    ///
    /// # Panics
    ///
    /// If there is none, or something else comes first.
    #[track_caller]
    pub fn next_ping(&mut self) -> Vec<u8> {
        match self.try_next() {
            Some(Frame::Ping(content)) => content,
            Some(other) => self.fail(&format!("there is no ping: the next is {}", described(&other))),
            None => self.fail("there is no ping"),
        }
    }

    /// The content of the next pong.
    ///
    /// # Panics
    ///
    /// If there is none, or something else comes first.
    #[track_caller]
    pub fn next_pong(&mut self) -> Vec<u8> {
        match self.try_next() {
            Some(Frame::Pong(content)) => content,
            Some(other) => self.fail(&format!("there is no pong: the next is {}", described(&other))),
            None => self.fail("there is no pong"),
        }
    }

    /// The end of the connection, without the pings and pongs before it.
    ///
    /// # Panics
    ///
    /// If it is open, or a message comes first.
    #[track_caller]
    pub fn closed(&mut self) -> Closed {
        match self.next("close") {
            Frame::Close(close) => Closed { close: Some(close) },
            Frame::Cut => Closed { close: None },
            other => self.fail(&format!("there is no close: the next is {}", described(&other))),
        }
    }

    /// Checks that there is no further message and no end.
    ///
    /// # Panics
    ///
    /// If there is one.
    #[track_caller]
    pub fn assert_nothing(&mut self) {
        if let Some(frame) = self.try_next_message() {
            self.fail(&format!("it got {}", described(&frame)));
        }
    }

    /// Returns true if the connection is open.
    pub fn is_open(&self) -> bool {
        self.session(|session| session.client) == Side::Open
    }

    /// The subprotocol that the app chose.
    pub fn subprotocol(&self) -> Option<String> {
        self.header("sec-websocket-protocol")
    }

    /// A header of the response that opened the connection, if it is ASCII.
    pub fn header(&self, name: &str) -> Option<String> {
        self.session(|session| {
            let opened = session.opened.as_ref()?;
            opened.headers.get(name)?.to_str().ok().map(str::to_owned)
        })
    }

    /// The names of all headers of the response that opened the connection, in order, in lower case.
    pub fn header_names(&self) -> Vec<String> {
        self.session(|session| {
            let opened = session.opened.iter();
            opened.flat_map(|opened| opened.headers.iter()).map(|(name, _)| name.to_string()).collect()
        })
    }

    /// The channels to which the connection is subscribed, in the order of their names.
    pub fn channels(&self) -> Vec<String> {
        self.session(|session| session.channels.keys().cloned().collect())
    }

    /// The filters of a subscription.
    pub fn filters(&self, channel: &str) -> Vec<String> {
        self.session(|session| session.channels.get(channel).map_or(Vec::new(), |this| this.filters.clone()))
    }

    /// A value of the connection meta, which the proxy stores for the app.
    pub fn connection_meta(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        self.session(|session| {
            session.connection_meta.iter().find(|(this, _)| *this == name).map(|(_, value)| value.clone())
        })
    }

    /// The connection state, as the proxy stores it between requests.
    ///
    /// # Panics
    ///
    /// If there is none, or it does not fit the type.
    #[track_caller]
    pub fn state<T: DeserializeOwned>(&self) -> T {
        let Some(json) = self.connection_meta(STATE) else { self.fail("there is no state") };
        match serde_json::from_str(&json) {
            Ok(state) => state,
            Err(error) => self.fail(&format!("the state does not fit the type: {error}: {json}")),
        }
    }

    #[track_caller]
    fn fail(&self, reason: &str) -> ! {
        let state = self.session(|session| {
            let channels: Vec<_> = session.channels.keys().map(|name| format!("`{name}`")).collect();
            let channels = if channels.is_empty() { "no channel".to_owned() } else { channels.join(", ") };
            match session.client {
                Side::Connecting => "the app has not accepted it".to_owned(),
                Side::Open => format!("it is open, and is subscribed to {channels}"),
                Side::Closing => "it has sent a close".into(),
                Side::Gone => "it is closed".into(),
            }
        });
        self.stage.fail(format!("client {}: {reason}: {state}", self.id + 1))
    }
}

impl std::fmt::Debug for Socket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Socket").field("number", &(self.id + 1)).finish_non_exhaustive()
    }
}
