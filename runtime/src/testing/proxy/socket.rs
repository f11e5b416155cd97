//! The talk between a WebSocket client and the app.

use std::rc::Rc;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::clock::Clock;
use super::control::Control;
use super::engine::{Todo, frame};
use super::instruct::{Channel, MAX_CHANNELS};
use super::parameters::{First, Parameters};
use super::socket_session::{Frame, Side, SocketSession, Timed, ToApp, code_and_reason, content, described};
use crate::grip::websocket::{CONTENT_TYPE, Event, MAX_CONTROL, MAX_REFUSAL, MAX_REPLY, decode, encode};
use crate::testing::stage::Stage;
use crate::testing::story::quoted;
use crate::testing::wire::{Answer, Request};

/// The limit of a message of a client, in bytes.
const MAX_MESSAGE: usize = 200_000;

/// The limit of the filters of a subscription.
const MAX_FILTERS: usize = 5;

/// The time of a keep-alive without a time of its own, in seconds.
const DEFAULT_KEEP_ALIVE: u64 = 55;

/// The time of a delayed message without a time of its own, in seconds.
const DEFAULT_DELAY: u64 = 1;

/// The shortest interval of requests without events, in seconds.
const MIN_INTERVAL: u64 = 20;

/// A frame of a client.
#[derive(Clone, Debug)]
pub(in crate::testing) enum ClientEvent {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
}

impl SocketSession {
    /// Stores connection meta.
    fn set_connection_meta(&mut self, name: &str, value: String) {
        self.connection_meta.retain(|(this, _)| this != name);
        if !value.is_empty() {
            self.connection_meta.push((name.to_owned(), value));
        }
    }

    /// Follows a control message.
    fn follow(&mut self, control: Control, now: Clock) {
        match control {
            Control::Subscribe { channel, filters } => {
                if filters.len() > MAX_FILTERS {
                    self.is_closed = true;
                    self.close_app(Vec::new());
                    self.close_client(Some((1011, String::new())));
                } else if self.channels.len() < MAX_CHANNELS && !channel.is_empty() {
                    self.channels.insert(channel.clone(), Channel { name: channel, prev_id: None, filters });
                }
            }
            Control::Unsubscribe { channel } => {
                self.channels.remove(&channel);
            }
            Control::Detach => {
                self.close_app(Vec::new());
                self.is_detached = true;
            }
            Control::Session => {}
            Control::SetMeta { name, value: Some(value) } => {
                self.meta.insert(name, value);
            }
            Control::SetMeta { name, value: None } => {
                self.meta.remove(&name);
            }
            Control::KeepAlive { message, mode } => {
                let seconds = message.timeout.filter(|seconds| *seconds > 0).unwrap_or(DEFAULT_KEEP_ALIVE);
                let frame =
                    message.content().and_then(|content| frame(message.message_type.as_deref(), content));
                self.keep_alive = frame.map(|frame| Timed {
                    at: now.after_seconds(seconds),
                    frame,
                    seconds,
                    is_interval: mode.as_deref() == Some("interval"),
                });
            }
            Control::SendDelayed { message } => {
                self.flush(now);
                let seconds = message.timeout.filter(|seconds| *seconds > 0).unwrap_or(DEFAULT_DELAY);
                let content = message.content().unwrap_or_default();
                let frame = frame(message.message_type.as_deref(), content);
                let at = now.after_seconds(seconds);
                self.delayed = frame.map(|frame| Timed { at, frame, seconds, is_interval: false });
            }
            Control::FlushDelayed => self.flush(now),
        }
    }

    /// Sends the delayed frame, if there is one.
    fn flush(&mut self, now: Clock) {
        if let Some(Timed { frame, .. }) = self.delayed.take() {
            self.send(frame, now);
        }
    }

    /// The request to the app with the events that wait, and these events.
    fn request(&mut self) -> (Request, Vec<ToApp>) {
        let events: Vec<_> = self.to_app.drain(..).collect();
        let mut request = self.request.clone();
        request.method = Method::POST;
        request.body = encode(events.iter().map(ToApp::event));
        request.headers.retain(|name| {
            let left_out = [
                "upgrade",
                "connection",
                "accept",
                "connection-id",
                "content-length",
                "sec-websocket-extensions",
            ];
            !left_out.contains(&name.as_str()) && !name.as_str().starts_with("meta-")
        });
        (request, events)
    }
}

impl Stage {
    /// The client sends frames at once, so that the app gets them in one request.
    pub(in crate::testing) fn client_sends(self: &Rc<Self>, id: usize, events: Vec<ClientEvent>) {
        let mut proxy = self.proxy.borrow_mut();
        let session = proxy.socket(id);
        let mut told = Vec::new();
        for event in events {
            let to_app = match event {
                ClientEvent::Text(text) => ToApp::Text(text),
                ClientEvent::Binary(bytes) => ToApp::Binary(bytes),
                ClientEvent::Ping(content) => ToApp::Ping(content),
                ClientEvent::Pong(content) => ToApp::Pong(content),
                ClientEvent::Close(close) => {
                    told.push(format!("sends {}", described(&Frame::Close(close.clone()))));
                    session.client = Side::Closing;
                    if session.is_detached || session.app == Side::Gone {
                        // The proxy answers in place of the app.
                        session.close_client(close);
                    } else {
                        session.close_app(content(close.as_ref()));
                    }
                    continue;
                }
            };
            told.push(format!("sends {}", said(&to_app)));
            if let ToApp::Text(content) | ToApp::Binary(content) = &to_app
                && content.len() > MAX_MESSAGE
            {
                told.push("the proxy cuts the connection: the message is over 200,000 bytes".into());
                session.cut();
                session.to_app.push_back(ToApp::Disconnect);
                break;
            }
            if session.hears() {
                session.to_app.push_back(to_app);
            }
        }
        proxy.todo.push_back(Todo::Talk(id));
        drop(proxy);
        told.iter().for_each(|told| self.tell_client(id, told));
        self.settle();
    }

    /// The client is gone without a close.
    pub(super) fn drop_socket(self: &Rc<Self>, id: usize) {
        self.tell_client(id, "breaks the connection");
        let mut proxy = self.proxy.borrow_mut();
        let session = proxy.socket(id);
        let was_open = session.app == Side::Open && !session.is_detached;
        session.client = Side::Gone;
        session.stop();
        if was_open {
            session.to_app.push_back(ToApp::Disconnect);
            proxy.todo.push_back(Todo::Talk(id));
        }
        self.forget_channels(&mut proxy, id);
        drop(proxy);
        self.settle();
    }

    fn forget_channels(&self, proxy: &mut super::Proxy, id: usize) {
        let now = proxy.now;
        for name in std::mem::take(&mut proxy.socket(id).channels).into_keys() {
            proxy.subscriptions.remove(&name, false, now);
        }
    }

    pub(super) fn fire_socket(&self, id: usize) {
        let mut proxy = self.proxy.borrow_mut();
        let now = proxy.now;
        let session = proxy.socket(id);
        let mut frames = Vec::new();
        if let Some(keep_alive) = session.keep_alive.as_mut().filter(|timed| timed.at <= now) {
            keep_alive.at = now.after_seconds(keep_alive.seconds);
            frames.push(keep_alive.frame.clone());
        }
        if let Some(delayed) = session.delayed.take_if(|timed| timed.at <= now) {
            frames.push(delayed.frame);
        }
        let told: Vec<_> =
            frames.iter().map(|frame| format!("sent by the proxy: {}", described(frame))).collect();
        frames.into_iter().for_each(|frame| session.send(frame, now));
        let asks = session.interval_at.take_if(|at| *at <= now).is_some();
        if asks || !session.to_app.is_empty() {
            proxy.todo.push_back(Todo::Talk(id));
        }
        drop(proxy);
        told.iter().for_each(|told| self.tell_client(id, told));
    }

    /// Sends the events that wait to the app, in one request, and follows the answer.
    pub(super) fn talk(self: &Rc<Self>, id: usize) {
        let mut proxy = self.proxy.borrow_mut();
        let session = proxy.socket(id);
        if session.to_app.is_empty() && !session.hears() {
            return;
        }
        let is_gone = session.to_app.back() == Some(&ToApp::Disconnect);
        let (mut request, events) = session.request();
        let (connection_id, meta) = (session.connection_id.clone(), session.connection_meta.clone());
        session.interval_at = None;
        drop(proxy);
        self.sign(&mut request.headers, &Default::default());
        let headers = &mut request.headers;
        headers.push_text("accept", CONTENT_TYPE);
        headers.push_text("connection-id", &connection_id);
        headers.push_text("content-type", CONTENT_TYPE);
        headers.push(header::CONTENT_LENGTH, request.body.len().into());
        for (name, value) in &meta {
            let name = HeaderName::try_from(format!("meta-{name}")).expect("it was part of a header's name");
            headers.push(name, HeaderValue::try_from(value).expect("it was a header's value"));
        }
        let kinds: Vec<_> = events.iter().map(said).collect();
        let kinds = if kinds.is_empty() { "no events".to_owned() } else { kinds.join(", ") };
        self.tell_client(id, format!("the proxy sends the app: {kinds}"));
        let answer = self.fanout_request(id, &request);
        if is_gone {
            self.proxy.borrow_mut().socket(id).app = Side::Gone;
            return;
        }
        let has_close = matches!(events.last(), Some(ToApp::Close(_)));
        match answer {
            Ok(answer) => self.follow_answer(id, &answer, has_close),
            Err(error) => self.end_socket(id, Answer::of_proxy(StatusCode::BAD_GATEWAY, &error)),
        }
        let mut proxy = self.proxy.borrow_mut();
        if proxy.socket(id).client == Side::Gone {
            self.forget_channels(&mut proxy, id);
        }
        let now = proxy.now;
        let session = proxy.socket(id);
        if !session.to_app.is_empty() {
            proxy.todo.push_back(Todo::Talk(id));
        } else if session.hears() {
            session.interval_at = session.interval.map(|seconds| now.after_seconds(seconds));
        }
    }

    /// Refuses a connection that is about to open, and cuts one that is open.
    fn end_socket(&self, id: usize, refusal: Answer) {
        let mut proxy = self.proxy.borrow_mut();
        let session = proxy.socket(id);
        let story = if session.client == Side::Connecting {
            let story = crate::testing::stage::answered(&refusal);
            session.opened = Some(refusal);
            (session.client, session.app) = (Side::Gone, Side::Gone);
            session.stop();
            story
        } else {
            session.cut();
            described(&Frame::Cut)
        };
        drop(proxy);
        self.tell_client(id, story);
    }

    /// Follows an answer to events.
    fn follow_answer(&self, id: usize, answer: &Answer, has_close: bool) {
        let now = self.proxy.borrow().now;
        let content_type = answer.headers.get("content-type").map(HeaderValue::as_bytes);
        if answer.status != 200 || content_type != Some(CONTENT_TYPE.as_bytes()) {
            let mut refusal = answer.clone();
            refusal.body.truncate(MAX_REFUSAL);
            return self.end_socket(id, refusal);
        }
        let not_proxied = || Answer::of_proxy(StatusCode::BAD_GATEWAY, "Error while proxying to origin.");
        if answer.body.len() > MAX_REPLY {
            self.tell("proxy", "the answer is over 1,000,000 bytes");
            return self.end_socket(id, not_proxied());
        }
        let events: Result<Vec<_>, _> = decode(&answer.body).collect();
        let events = match events {
            Ok(events) => events,
            Err(error) => {
                self.tell("proxy", format!("the answer has no events: {error}"));
                return self.end_socket(id, not_proxied());
            }
        };
        let mut proxy = self.proxy.borrow_mut();
        let session = proxy.socket(id);
        if let Some(seconds) = answer.headers.text("keep-alive-interval") {
            let seconds = seconds.parse().ok().filter(|seconds: &u64| *seconds > 0);
            session.interval = seconds.map(|seconds| seconds.max(MIN_INTERVAL));
        }
        for (name, value) in answer.headers.iter() {
            if let Some(name) = name.as_str().strip_prefix("set-meta-") {
                session.set_connection_meta(name, String::from_utf8_lossy(value.as_bytes()).into_owned());
            }
        }
        let opens = session.client == Side::Connecting;
        let is_invalid = if opens {
            match events.first() {
                Some(event) => *event != Event::Open,
                None => session.interval.is_none(),
            }
        } else {
            events.contains(&Event::Open)
        };
        if is_invalid {
            drop(proxy);
            self.tell("proxy", "the first answer must begin with an `OPEN`, and no other may have one");
            return self.end_socket(id, not_proxied());
        }
        let mut told = Vec::new();
        if opens && !events.is_empty() {
            session.open(answer);
            let protocol = answer.headers.text("sec-websocket-protocol");
            told.push(format!("opens{}", protocol.map_or(String::new(), |name| format!(" with `{name}`"))));
        }
        let mut channels: Vec<String> = session.channels.keys().cloned().collect();
        let mut close = None;
        let mut ended = false;
        let mut controls = Vec::new();
        for event in events {
            match event {
                Event::Close(content) => {
                    close = Some(code_and_reason(content));
                    break;
                }
                Event::Disconnect => {
                    ended = true;
                    break;
                }
                event => told.extend(session.take(event, now, &mut controls)),
            }
        }
        // Another process of the proxy follows them, after this one has sent the messages of the answer.
        controls.into_iter().for_each(|control| session.follow(control, now));
        let before = std::mem::take(&mut channels);
        let after: Vec<String> = session.channels.keys().cloned().collect();
        if has_close {
            session.is_close_sent = true;
        }
        match close {
            Some(close) if session.is_close_sent => {
                session.app = Side::Gone;
                if !session.is_detached && session.client != Side::Gone {
                    told.push(described(&Frame::Close(close.clone())));
                    session.close_client(close);
                }
            }
            Some(close) => {
                session.app_closes = true;
                told.push(described(&Frame::Close(close.clone())));
                session.close_client(close.clone());
                // The client answers with the same.
                session.close_app(content(close.as_ref()));
            }
            None if session.app_closes && has_close => session.app = Side::Gone,
            None if session.is_detached && has_close => session.app = Side::Gone,
            None if session.is_close_sent && session.interval.is_none() => ended = true,
            None => {}
        }
        if ended {
            if session.client != Side::Gone {
                told.push(described(&Frame::Cut));
            }
            session.cut();
        }
        if session.client == Side::Gone {
            (session.keep_alive, session.delayed) = (None, None);
        }
        for name in after.iter().filter(|name| !before.contains(name)) {
            proxy.subscriptions.add(name, now);
        }
        for name in before.iter().filter(|name| !after.contains(name)) {
            proxy.subscriptions.remove(name, false, now);
        }
        drop(proxy);
        told.iter().for_each(|told| self.tell_client(id, told));
    }
}

impl SocketSession {
    /// Opens the connection, with the headers of the answer.
    fn open(&mut self, answer: &Answer) {
        let mut head = answer.clone();
        (head.status, head.body) = (101, Vec::new());
        for extension in Parameters::all(&answer.headers, "sec-websocket-extensions", First::Name) {
            if extension.first() == b"grip" {
                self.prefix = Some(extension.get("message-prefix").unwrap_or(b"m:").to_vec());
            }
        }
        head.headers.retain(|name| {
            let private =
                ["content-type", "content-length", "keep-alive-interval", "sec-websocket-extensions"];
            !private.contains(&name.as_str()) && !name.as_str().starts_with("set-meta-")
        });
        self.opened = Some(head);
        (self.client, self.app) = (Side::Open, Side::Open);
    }

    /// Takes an event of the app: sends a message, or adds to the control messages. Returns what came of it, for the story.
    fn take(&mut self, event: Event<'_>, now: Clock, controls: &mut Vec<Control>) -> Option<String> {
        let (content, is_text) = match event {
            Event::Text(content) => (content, true),
            Event::Binary(content) => (content, false),
            Event::Ping(content) => return self.relay(Frame::Ping(content.to_vec()), now),
            Event::Pong(content) => return self.relay(Frame::Pong(content.to_vec()), now),
            _ => return None,
        };
        let message = match &self.prefix {
            None => content,
            Some(_) if is_text && content.starts_with(b"c:") => {
                if content.len() > MAX_CONTROL {
                    return Some("a control message over 16,384 bytes is ignored".into());
                }
                let json = &content[b"c:".len()..];
                return Some(match Control::read(json) {
                    Ok(control) => {
                        controls.push(control);
                        format!("control message {}", String::from_utf8_lossy(json))
                    }
                    Err(error) => format!("an invalid control message is ignored: {error}"),
                });
            }
            Some(prefix) => match content.strip_prefix(&prefix[..]) {
                Some(message) => message,
                None => return Some(format!("{} has no prefix, and is dropped", quoted(content))),
            },
        };
        let message = message.to_vec();
        self.relay(if is_text { Frame::Text(message) } else { Frame::Binary(message) }, now)
    }

    fn relay(&mut self, frame: Frame, now: Clock) -> Option<String> {
        if self.is_detached || self.client == Side::Gone {
            return None;
        }
        let told = described(&frame);
        self.send(frame, now);
        Some(told)
    }
}

/// An event for the app, for the story.
fn said(event: &ToApp) -> String {
    match event {
        ToApp::Open => "open".into(),
        ToApp::Text(text) => described(&Frame::Text(text.clone())),
        ToApp::Binary(bytes) => described(&Frame::Binary(bytes.clone())),
        ToApp::Ping(content) => described(&Frame::Ping(content.clone())),
        ToApp::Pong(content) => described(&Frame::Pong(content.clone())),
        ToApp::Close(content) => described(&Frame::Close(code_and_reason(content))),
        ToApp::Disconnect => "disconnect".into(),
    }
}
