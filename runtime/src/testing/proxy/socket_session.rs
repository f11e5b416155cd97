//! The connection of a WebSocket client: `src/proxy/websocketoverhttp.cpp`, `wsproxysession.cpp` and `src/handler/wssession.cpp`
//! in Pushpin.

use std::collections::{BTreeMap, VecDeque};

use super::clock::Clock;
use super::instruct::Channel;
use crate::grip::websocket::Event;
use crate::testing::story::quoted;
use crate::testing::wire::{Answer, Request};

/// A frame that the client of a WebSocket got, or the end of its connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A text. Its bytes are UTF-8, unless the app or a publisher sent others.
    Text(Vec<u8>),
    /// Bytes.
    Binary(Vec<u8>),
    /// A ping, with its content.
    Ping(Vec<u8>),
    /// A pong, with its content.
    Pong(Vec<u8>),
    /// A close, with its code and reason if it has them.
    Close(Option<(u16, String)>),
    /// The connection ended without a close.
    Cut,
}

/// An event for the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ToApp {
    Open,
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Vec<u8>),
    Disconnect,
}

impl ToApp {
    pub(super) fn event(&self) -> Event<'_> {
        match self {
            Self::Open => Event::Open,
            Self::Text(text) => Event::Text(text),
            Self::Binary(bytes) => Event::Binary(bytes),
            Self::Ping(bytes) => Event::Ping(bytes),
            Self::Pong(bytes) => Event::Pong(bytes),
            Self::Close(content) => Event::Close(content),
            Self::Disconnect => Event::Disconnect,
        }
    }
}

/// One side of the connection, as the proxy sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::testing) enum Side {
    Connecting,
    Open,
    /// The proxy has sent a close, or has one to send.
    Closing,
    Gone,
}

/// A frame that the proxy sends by itself.
#[derive(Clone, Debug)]
pub(super) struct Timed {
    pub(super) at: Clock,
    pub(super) frame: Frame,
    pub(super) seconds: u64,
    pub(super) is_interval: bool,
}

/// A client's WebSocket, and the app's side of it.
#[derive(Debug)]
pub(in crate::testing) struct SocketSession {
    pub(in crate::testing) request: Request,
    pub(super) connection_id: String,
    /// Connection meta, which the proxy sends back to the app.
    pub(in crate::testing) connection_meta: Vec<(String, String)>,
    pub(in crate::testing) client: Side,
    pub(super) app: Side,
    pub(super) is_close_sent: bool,
    pub(super) app_closes: bool,
    pub(super) is_detached: bool,
    /// True after a published close.
    pub(super) is_closed: bool,
    /// The prefix of messages for the client, if the app speaks GRIP.
    pub(super) prefix: Option<Vec<u8>>,
    pub(super) interval: Option<u64>,
    pub(super) interval_at: Option<Clock>,
    pub(in crate::testing) channels: BTreeMap<String, Channel>,
    pub(super) meta: BTreeMap<String, String>,
    pub(super) keep_alive: Option<Timed>,
    pub(super) delayed: Option<Timed>,
    pub(super) to_app: VecDeque<ToApp>,
    /// The head of the response that opened or refused it.
    pub(in crate::testing) opened: Option<Answer>,
    pub(in crate::testing) frames: Vec<Frame>,
}

impl SocketSession {
    pub(super) fn new(request: Request, connection_id: String) -> Self {
        Self {
            request,
            connection_id,
            connection_meta: Vec::new(),
            client: Side::Connecting,
            app: Side::Connecting,
            is_close_sent: false,
            app_closes: false,
            is_detached: false,
            is_closed: false,
            prefix: None,
            interval: None,
            interval_at: None,
            channels: BTreeMap::new(),
            meta: BTreeMap::new(),
            keep_alive: None,
            delayed: None,
            to_app: VecDeque::from([ToApp::Open]),
            opened: None,
            frames: Vec::new(),
        }
    }

    /// Sends a frame to the client. A client answers a ping, and so the app hears of it.
    pub(super) fn send(&mut self, frame: Frame, now: Clock) {
        if !matches!(self.client, Side::Open | Side::Closing) {
            return;
        }
        if let Frame::Ping(content) = &frame
            && self.hears()
        {
            self.to_app.push_back(ToApp::Pong(content.clone()));
        }
        self.frames.push(frame);
        if let Some(keep_alive) = self.keep_alive.as_mut().filter(|keep_alive| !keep_alive.is_interval) {
            keep_alive.at = now.after_seconds(keep_alive.seconds);
        }
    }

    /// Closes the client's side, and lets the client answer.
    pub(super) fn close_client(&mut self, close: Option<(u16, String)>) {
        if matches!(self.client, Side::Open | Side::Closing) {
            // The proxy makes 1000 of a close without a code.
            self.frames.push(Frame::Close(close.or(Some((1000, String::new())))));
        }
        self.client = Side::Gone;
        self.keep_alive = None;
    }

    /// Ends both sides without a close.
    pub(super) fn cut(&mut self) {
        if matches!(self.client, Side::Open | Side::Closing) {
            self.frames.push(Frame::Cut);
        }
        (self.client, self.app) = (Side::Gone, Side::Gone);
        self.stop();
    }

    /// Stops everything that the proxy does by itself.
    pub(super) fn stop(&mut self) {
        (self.interval_at, self.keep_alive, self.delayed) = (None, None, None);
        self.to_app.clear();
    }

    /// Returns true if the app gets the client's messages.
    pub(super) fn hears(&self) -> bool {
        self.app == Side::Open && !self.is_detached
    }

    /// Queues a close for the app, the last that it gets.
    pub(super) fn close_app(&mut self, content: Vec<u8>) {
        if matches!(self.app, Side::Open) {
            self.app = Side::Closing;
            self.to_app.push_back(ToApp::Close(content));
        }
    }

    pub(super) fn due(&self) -> Option<Clock> {
        let timed = [&self.keep_alive, &self.delayed].into_iter().flatten().map(|timed| timed.at);
        timed.chain(self.interval_at).min()
    }
}

/// The content of a close.
pub(super) fn content(close: Option<&(u16, String)>) -> Vec<u8> {
    match close {
        Some((code, reason)) => [&code.to_be_bytes()[..], reason.as_bytes()].concat(),
        None => Vec::new(),
    }
}

/// The code and the reason of a close, as the proxy reads them.
pub(super) fn code_and_reason(content: &[u8]) -> Option<(u16, String)> {
    let (code, reason) = content.split_first_chunk::<2>()?;
    Some((u16::from_be_bytes(*code), String::from_utf8_lossy(reason).into_owned()))
}

/// A frame for the story.
pub(in crate::testing) fn described(frame: &Frame) -> String {
    match frame {
        Frame::Text(text) => format!("text {}", quoted(text)),
        Frame::Binary(bytes) => format!("binary {}", quoted(bytes)),
        Frame::Ping(content) => format!("ping {}", quoted(content)),
        Frame::Pong(content) => format!("pong {}", quoted(content)),
        Frame::Close(None) => "close".into(),
        Frame::Close(Some((code, reason))) => format!("close {code} {reason:?}"),
        Frame::Cut => "the end of the connection, without a close".into(),
    }
}
