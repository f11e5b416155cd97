//! The place where a scenario runs: the proxy, or its simulation.
//!
//! A scenario drives it without knowing which it is. The stage writes everything that a client sees into the transcript.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use fanout::Channel;
use fanout::http::Method;
use fanout::publish::{Item, Message};
use reqwest::header::HeaderMap;

use super::real::{self, Real};
use super::simulated::{self, Simulated};
use super::transcript::{Transcript, head, quoted};

/// The comment that keeps an event stream alive.
const COMMENT: &[u8] = b":\n\n";

/// A request of a client. In paths, values and channels, `{of}` stands for the name of the scenario.
#[derive(Debug, Clone)]
#[must_use = "a request does nothing until a client sends it"]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// `true` if it goes to the proxy's own port.
    pub at_the_proxy: bool,
    /// The channels that the real proxy subscribes the connection to.
    pub channels: Vec<String>,
}

/// A request with the method `GET`.
pub fn get(path: &str) -> Request {
    request(Method::GET, path)
}

/// A request with any method.
pub fn request(method: Method, path: &str) -> Request {
    Request {
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
        at_the_proxy: false,
        channels: Vec::new(),
    }
}

impl Request {
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Names a channel of the connection. The real side waits for this subscription, since an item that is published
    /// before it does not arrive.
    pub fn on(mut self, channel: &str) -> Self {
        self.channels.push(channel.to_owned());
        self
    }

    /// Sends it to the proxy's own port, as on Fastly, where no Viceroy carries the bytes of a connection. Viceroy 0.22
    /// sometimes drops what comes with the answer that opens a WebSocket, and its connections end with it.
    pub fn at_the_proxy(mut self) -> Self {
        self.at_the_proxy = true;
        self
    }
}

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub reason: Option<String>,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// The next frame on a WebSocket, or its end.
#[derive(Debug)]
pub enum Frame {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
    /// The connection ended after a close of both sides.
    End,
    /// The connection ended otherwise.
    Cut,
}

/// A frame that a client sends on a WebSocket.
#[derive(Debug)]
pub enum Say {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Close(Option<(u16, String)>),
}

/// The next part of a held response.
#[derive(Debug)]
pub enum Part {
    Bytes(Vec<u8>),
    /// The response is complete.
    End,
    /// The connection ended before that.
    Cut,
}

/// The proxies that a scenario finds to differ from the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proxy {
    /// Pushpin 1.36.
    Old,
    /// Pushpin 1.37 and newer.
    Current,
}

/// A known difference between a proxy and the simulation.
#[derive(Debug)]
pub struct Difference {
    pub proxy: Proxy,
    /// The behaviour of that proxy, and the reason for the other one in the simulation.
    pub why: String,
    /// Lines of that proxy's transcript, in this order.
    pub lines: Vec<String>,
}

/// The proxy, or its simulation.
pub enum Side<'a> {
    Real(Real<'a>),
    Simulated(Simulated),
}

/// One side of one scenario.
pub struct Stage<'a> {
    name: &'static str,
    side: Side<'a>,
    transcript: RefCell<Transcript>,
    expected: RefCell<Vec<String>>,
    differences: RefCell<Vec<Difference>>,
}

/// The record of one side.
pub struct Record {
    pub transcript: Transcript,
    pub expected: Vec<String>,
    pub differences: Vec<Difference>,
    /// The reason why the scenario did not run to its end.
    pub failed: Option<String>,
}

/// Calls a method of the real side and waits for it, or one of the simulation, which never waits.
macro_rules! on {
    ($kind:ident, $side:expr, $method:ident($($argument:expr),*)) => {
        match $side {
            $kind::Real(real) => real.$method($($argument),*).await,
            $kind::Simulated(simulated) => simulated.$method($($argument),*),
        }
    };
}

impl<'a> Stage<'a> {
    pub fn new(name: &'static str, side: Side<'a>) -> Self {
        Self {
            name,
            side,
            transcript: RefCell::default(),
            expected: RefCell::default(),
            differences: RefCell::default(),
        }
    }

    pub fn into_record(self, outcome: Result<()>) -> Record {
        Record {
            transcript: self.transcript.into_inner(),
            expected: self.expected.into_inner(),
            differences: self.differences.into_inner(),
            failed: outcome.err().map(|error| format!("{error:#}")),
        }
    }

    /// States lines of the transcript, in this order, so that two sides which both fail do not agree.
    pub fn expects(&self, lines: &[&str]) {
        self.expected.replace(lines.iter().map(|line| self.of(line)).collect());
    }

    /// States that a proxy differs from the simulation: why the simulation does otherwise, and lines of that proxy's
    /// transcript.
    pub fn differs(&self, proxy: Proxy, why: &str, lines: &[&str]) {
        let lines = lines.iter().map(|line| self.of(line)).collect();
        self.differences.borrow_mut().push(Difference { proxy, why: why.to_owned(), lines });
    }

    /// Returns `true` on the real side, if it is this proxy.
    pub fn is(&self, proxy: Proxy) -> bool {
        matches!(&self.side, Side::Real(real) if real.proxy() == proxy)
    }

    /// The text with the name of the scenario for `{of}`.
    pub fn of(&self, text: &str) -> String {
        text.replace("{of}", self.name)
    }

    pub fn channel(&self, name: &str) -> Channel {
        Channel::new(self.of(name)).expect("the name of a channel")
    }

    /// An item for a channel.
    pub fn item(&self, channel: &str, message: impl Into<Message>) -> Item {
        Item::new(self.channel(channel), message)
    }

    fn complete(&self, request: Request) -> Request {
        let Request { method, path, headers, body, at_the_proxy, channels } = request;
        Request {
            method,
            path: self.of(&path),
            headers: headers.into_iter().map(|(name, value)| (name, self.of(&value))).collect(),
            body,
            at_the_proxy,
            channels: channels.iter().map(|channel| self.of(channel)).collect(),
        }
    }

    fn saw(&self, who: &str, seen: &str) {
        self.transcript.borrow_mut().add(who, seen);
    }

    fn saw_answer(&self, who: &str, answer: &Answer) {
        self.saw(who, &head(answer.status, answer.reason.as_deref(), &answer.headers));
        if !answer.body.is_empty() {
            self.saw(who, &quoted(&answer.body));
        }
    }

    /// Sends a request and waits for the whole response.
    pub async fn send(&self, who: &'static str, request: Request) -> Result<()> {
        let answer = on!(Side, &self.side, send(&self.complete(request))).with_context(|| who)?;
        self.saw_answer(who, &answer);
        Ok(())
    }

    /// Asks for a WebSocket that is refused.
    pub async fn refused(&self, who: &'static str, request: Request) -> Result<()> {
        let answer = on!(Side, &self.side, refused(&self.complete(request))).with_context(|| who)?;
        self.saw_answer(who, &answer);
        Ok(())
    }

    /// Opens a stream.
    pub async fn open(&self, who: &'static str, request: Request) -> Result<Stream<'_, 'a>> {
        let request = self.complete(request);
        let (answer, side) = match &self.side {
            Side::Real(real) => {
                let (answer, stream) = real.open(&request).await.with_context(|| who)?;
                (answer, StreamSide::Real(stream))
            }
            Side::Simulated(simulated) => {
                let (answer, stream) = simulated.open(&request).with_context(|| who)?;
                (answer, StreamSide::Simulated(Box::new(stream)))
            }
        };
        self.saw(who, &head(answer.status, answer.reason.as_deref(), &answer.headers));
        Ok(Stream { stage: self, who, side, unread: Vec::new(), begun: false, with_comments: false })
    }

    /// Starts a long poll.
    pub async fn poll(&self, who: &'static str, request: Request) -> Result<Poll<'_, 'a>> {
        let request = self.complete(request);
        let side = match &self.side {
            Side::Real(real) => PollSide::Real(real.poll(&request).await.with_context(|| who)?),
            Side::Simulated(simulated) => {
                PollSide::Simulated(Box::new(simulated.poll(&request).with_context(|| who)?))
            }
        };
        Ok(Poll { stage: self, who, side })
    }

    /// Connects a WebSocket.
    pub async fn connect(&self, who: &'static str, request: Request) -> Result<Socket<'_, 'a>> {
        let request = self.complete(request);
        let (answer, side) = match &self.side {
            Side::Real(real) => {
                let (answer, socket) = real.connect(&request).await.with_context(|| who)?;
                (answer, SocketSide::Real(Box::new(socket)))
            }
            Side::Simulated(simulated) => {
                let (answer, socket) = simulated.connect(&request).with_context(|| who)?;
                (answer, SocketSide::Simulated(socket))
            }
        };
        self.saw(who, &head(answer.status, None, &answer.headers));
        Ok(Socket { stage: self, who, side })
    }

    /// Publishes a message.
    pub async fn publish(&self, channel: &str, message: impl Into<Message>) -> Result<()> {
        self.publish_all(vec![self.item(channel, message)]).await
    }

    /// Publishes items, in this order.
    pub async fn publish_all(&self, items: Vec<Item>) -> Result<()> {
        if on!(Side, &self.side, publish(items))? {
            return Ok(());
        }
        self.saw("publisher", "refused");
        Ok(())
    }

    /// Publishes a hint to the poll that was started with this request, and waits until the proxy has asked the app again.
    pub async fn hint(&self, channel: &str, request: Request) -> Result<()> {
        let item = self.item(channel, Message::hint());
        on!(Side, &self.side, hint(item, &self.complete(request)))
    }

    /// Waits for a subscription that a WebSocket at this path has made since it opened.
    pub async fn subscribed(&self, path: &str, channel: &str) -> Result<()> {
        on!(Side, &self.side, has_subscribed(&self.of(path), &self.of(channel)))
    }

    /// Lets time pass: on the real side, it does.
    pub async fn advance(&self, seconds: u64) {
        on!(Side, &self.side, advance(Duration::from_secs(seconds)));
    }

    /// Replaces the app by its next version. Connections at the proxy stay open.
    pub async fn redeploy(&self) -> Result<()> {
        on!(Side, &self.side, redeploy())
    }
}

enum StreamSide {
    Real(real::Stream),
    Simulated(Box<simulated::Stream>),
}

enum PollSide {
    Real(real::Poll),
    Simulated(Box<simulated::Poll>),
}

enum SocketSide {
    Real(Box<real::Socket>),
    Simulated(simulated::Socket),
}

/// The held response of a client.
pub struct Stream<'s, 'a> {
    stage: &'s Stage<'a>,
    who: &'static str,
    side: StreamSide,
    unread: Vec<u8>,
    begun: bool,
    with_comments: bool,
}

impl Stream<'_, '_> {
    /// Keeps the comments that keep an event stream alive in the transcript. They are left out otherwise, except for one at
    /// the start, because their number depends on the speed of the machine.
    pub fn with_comments(mut self) -> Self {
        self.with_comments = true;
        self
    }

    /// Reads up to this end, and not beyond. Chunks do not matter.
    pub async fn until(&mut self, end: &str) -> Result<()> {
        let end = self.stage.of(end).into_bytes();
        loop {
            if let Some(at) = self.unread.windows(end.len()).position(|part| part == end) {
                let rest = self.unread.split_off(at + end.len());
                let read = std::mem::replace(&mut self.unread, rest);
                self.saw(&read);
                return Ok(());
            }
            match self.next().await? {
                Part::Bytes(bytes) => self.unread.extend_from_slice(&bytes),
                last => {
                    self.ended(last);
                    bail!("{} did not see {}", self.who, quoted(&end));
                }
            }
        }
    }

    /// Leaves, without waiting for the end.
    pub fn leave(self) {
        match self.side {
            StreamSide::Real(stream) => drop(stream),
            StreamSide::Simulated(stream) => stream.leave(),
        }
    }

    /// Reads up to the end of the response.
    pub async fn until_the_end(mut self) -> Result<()> {
        loop {
            match self.next().await? {
                Part::Bytes(bytes) => self.unread.extend_from_slice(&bytes),
                last => {
                    self.ended(last);
                    return Ok(());
                }
            }
        }
    }

    async fn next(&mut self) -> Result<Part> {
        let next = on!(StreamSide, &mut self.side, next());
        next.with_context(|| format!("{} has seen {} so far", self.who, quoted(&self.unread)))
    }

    fn ended(&mut self, last: Part) {
        let rest = std::mem::take(&mut self.unread);
        if !rest.is_empty() {
            self.saw(&rest);
        }
        self.stage.saw(self.who, if matches!(last, Part::End) { "end" } else { "cut" });
    }

    fn saw(&mut self, read: &[u8]) {
        let kept = if self.with_comments { read.to_owned() } else { without_comments(read, self.begun) };
        self.begun = true;
        self.stage.saw(self.who, &quoted(&kept));
    }
}

/// The bytes without comments of nothing, except for one at the start of a stream.
fn without_comments(read: &[u8], begun: bool) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut rest = read;
    if !begun && rest.starts_with(COMMENT) {
        kept.extend_from_slice(COMMENT);
        rest = &rest[COMMENT.len()..];
    }
    while !rest.is_empty() {
        // A comment begins a line. In the middle of one, it is part of a text.
        if rest.starts_with(COMMENT) && (kept.is_empty() || kept.ends_with(b"\n\n")) {
            rest = &rest[COMMENT.len()..];
        } else {
            kept.push(rest[0]);
            rest = &rest[1..];
        }
    }
    kept
}

/// The long poll of a client.
pub struct Poll<'s, 'a> {
    stage: &'s Stage<'a>,
    who: &'static str,
    side: PollSide,
}

impl Poll<'_, '_> {
    /// Waits for the answer.
    pub async fn answer(self) -> Result<()> {
        let answer = on!(PollSide, self.side, answer()).with_context(|| self.who)?;
        self.stage.saw_answer(self.who, &answer);
        Ok(())
    }
}

/// The WebSocket of a client.
pub struct Socket<'s, 'a> {
    stage: &'s Stage<'a>,
    who: &'static str,
    side: SocketSide,
}

impl Socket<'_, '_> {
    /// Sends a text.
    pub async fn say(&mut self, text: &str) -> Result<()> {
        self.send(Say::Text(text.to_owned())).await
    }

    /// Sends several texts at once.
    pub async fn say_all(&mut self, texts: &[&str]) -> Result<()> {
        on!(SocketSide, &mut self.side, say_all(texts)).with_context(|| self.who)
    }

    /// Sends bytes.
    pub async fn say_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.send(Say::Binary(bytes.to_owned())).await
    }

    /// Sends a ping.
    pub async fn ping(&mut self, content: &str) -> Result<()> {
        self.send(Say::Ping(content.into())).await
    }

    /// Closes with a code and a reason.
    pub async fn close(&mut self, code: u16, reason: &str) -> Result<()> {
        self.send(Say::Close(Some((code, reason.to_owned())))).await
    }

    /// Closes without a code.
    pub async fn close_without_code(&mut self) -> Result<()> {
        self.send(Say::Close(None)).await
    }

    async fn send(&mut self, say: Say) -> Result<()> {
        on!(SocketSide, &mut self.side, say(say)).with_context(|| self.who)
    }

    /// Sends a text, and waits for what comes next.
    pub async fn ask(&mut self, text: &str) -> Result<()> {
        self.say(text).await?;
        self.next().await
    }

    /// Waits for what comes next: a message, a close, or the end.
    pub async fn next(&mut self) -> Result<()> {
        let content = |kind, content: &[u8]| format!("{kind} {}", quoted(content));
        let seen = match on!(SocketSide, &mut self.side, next()).with_context(|| self.who)? {
            Frame::Text(text) => content("text", text.as_bytes()),
            Frame::Binary(bytes) => content("binary", &bytes),
            Frame::Ping(bytes) => content("ping", &bytes),
            Frame::Pong(bytes) => content("pong", &bytes),
            Frame::Close(None) => "close".to_owned(),
            Frame::Close(Some((code, reason))) => format!("close {code} {reason:?}"),
            Frame::End => "end".to_owned(),
            Frame::Cut => "cut".to_owned(),
        };
        self.stage.saw(self.who, &seen);
        Ok(())
    }

    /// Breaks the connection, without a close.
    pub fn leave(self) {
        match self.side {
            SocketSide::Real(socket) => drop(socket),
            SocketSide::Simulated(socket) => socket.leave(),
        }
    }
}
