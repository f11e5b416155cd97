use std::cell::RefCell;
use std::fmt;

use crate::grip::websocket::{Close, CloseCode, Event, Events, MAX_REPLY, META_CLOSED, Reply};

use super::state::{self, Storage};
use super::{CloseWith, Closed, Incoming, Stale, State};
use crate::endpoint::response::Reason;
use crate::endpoint::{Answer, RequestHead};

/// A WebSocket connection as functions, without the attribute. They get the connection state, which the proxy stores
/// between requests. A changed state is stored again.
///
/// ```
/// use fanout::websocket::{Callbacks, FromMessage, Incoming, IntoClose};
/// use fanout::grip::websocket::decode;
/// # use fanout::RequestHead;
/// # use fanout::http::{HeaderMap, Method};
///
/// # let (method, headers) = (Method::POST, HeaderMap::new());
/// # let head = RequestHead::new(&method, "/count", None, &headers);
/// let answer = Callbacks::new(&|_| Ok(0))
///     .message(&|count: &mut u32, message, reply| {
///         <&str>::from_message(message).map_err(IntoClose::into_close)?;
///         *count += 1;
///         reply.text(format!("that was number {count}"));
///         Ok(())
///     })
///     .answer(&head, decode(b"OPEN\r\nTEXT 2\r\nhi\r\n"));
/// assert_eq!(answer.body(), b"OPEN\r\nTEXT 13\r\nm:that was number 1\r\n");
/// assert_eq!(answer.header("set-meta-fanout-state").unwrap(), "1");
/// ```
#[must_use = "callbacks do nothing until they answer"]
pub struct Callbacks<'a, S> {
    open: &'a dyn Fn(&mut Reply) -> Result<S, Answer>,
    message: &'a dyn Fn(&mut S, Incoming<'_>, &mut Reply) -> Result<(), CloseWith>,
    close: &'a dyn Fn(&mut S, Closed<'_>, &mut Reply) -> Result<(), CloseWith>,
    disconnect: &'a dyn Fn(&mut S) -> Result<(), CloseWith>,
    renew: &'a dyn Fn(Stale) -> Result<S, CloseWith>,
    max_message: Option<usize>,
}

impl<'a, S> Callbacks<'a, S> {
    /// A connection with a handler for its opening, and no other. An `Err` refuses the connection, and is the answer
    /// to the client.
    pub fn new(open: &'a dyn Fn(&mut Reply) -> Result<S, Answer>) -> Self {
        Self {
            open,
            message: &|_, _, _| Ok(()),
            close: &|_, _, _| Ok(()),
            disconnect: &|_| Ok(()),
            renew: &|_| Err(state::restart()),
            max_message: None,
        }
    }

    /// Sets the handler of messages. Without it, messages are ignored. An `Err` closes the connection after what is in
    /// the reply.
    pub fn message(
        self,
        message: &'a dyn Fn(&mut S, Incoming<'_>, &mut Reply) -> Result<(), CloseWith>,
    ) -> Self {
        Self { message, ..self }
    }

    /// Sets the handler of the client's close. The reply is sent before the close that answers it, which has the code of the client, or 1002
    /// if the client's close is invalid.
    pub fn close(self, close: &'a dyn Fn(&mut S, Closed<'_>, &mut Reply) -> Result<(), CloseWith>) -> Self {
        Self { close, ..self }
    }

    /// Sets the handler for a connection that is gone, where nothing can be sent.
    pub fn disconnect(self, disconnect: &'a dyn Fn(&mut S) -> Result<(), CloseWith>) -> Self {
        Self { disconnect, ..self }
    }

    /// Sets the handler for stored state that does not fit the type, as after a deployment. Without it, the connection
    /// is closed with code 1012, so that the client connects again. The log says why in either case.
    pub fn renew(self, renew: &'a dyn Fn(Stale) -> Result<S, CloseWith>) -> Self {
        Self { renew, ..self }
    }

    /// Sets the limit of a message, in bytes. A longer one closes the connection with code 1009. The proxy cuts the
    /// connection at 200,000 bytes.
    pub fn max_message(self, bytes: usize) -> Self {
        Self { max_message: Some(bytes), ..self }
    }

    /// Answers one request: runs the handlers for its events, in order.
    ///
    /// - A ping is answered by a pong, and a close by a close with its code, or with 1002 if it is invalid. Events after a close are ignored.
    /// - The answer is empty if the client is gone, or if the request has no events.
    /// - Events of unknown types are skipped.
    /// - A malformed event is a 400 that names the byte. Then no event of the request is run.
    /// - An error closes the connection, and its line goes to the log. State that is too long, or that does not read back as
    ///   it is, closes it with 1011; where the connection opens, the answer is a 500.
    /// - After a close of the app, no messages are run, in the same request or in a later one: the client sent them
    ///   before it received the close. The client's close and its end are still run.
    pub fn answer(&self, head: &RequestHead<'_>, events: Events<'_>) -> Answer
    where
        S: State,
    {
        self.answer_from(&Storage::PROXY, head, events)
    }

    fn answer_from(&self, storage: &Storage<S>, head: &RequestHead<'_>, events: Events<'_>) -> Answer {
        let log = &mut |line: &str| crate::log::line(format_args!("{}: {line}", head.path()));
        self.reply(storage, head, events, log).map_or_else(|answer| answer, Answer::from)
    }

    pub(super) fn reply(
        &self,
        storage: &Storage<S>,
        head: &RequestHead<'_>,
        events: Events<'_>,
        log: &mut dyn FnMut(&str),
    ) -> Result<Reply, Answer> {
        let log = RefCell::new(log);
        let log = |line: &str| (log.borrow_mut())(line);
        let mut life =
            Running { callbacks: self, storage, head, state: None, opened: false, closed: false, log: &log };
        // The header costs a hostcall, and only messages depend on it. A connection that opens has none.
        let opens = matches!(events.clone().next(), Some(Ok(Event::Open)));
        let depends = !opens && events.clone().flatten().any(|event| !is_end(&event));
        let closed = depends && head.header(META_CLOSED).is_some();
        Batch { life: &mut life, max_message: self.max_message, closed, reply: Reply::new(), log: &log }
            .run(events)
    }
}

impl Callbacks<'_, ()> {
    /// Answers one request of a connection without state, as [`answer`](Self::answer) does. The attribute on a function uses it.
    ///
    /// An app that calls this method and never `answer` is smaller: it has no code that stores state.
    pub fn answer_without_state(&self, head: &RequestHead<'_>, events: Events<'_>) -> Answer {
        self.answer_from(&Storage::NONE, head, events)
    }
}

impl<S> fmt::Debug for Callbacks<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks").field("max_message", &self.max_message).finish_non_exhaustive()
    }
}

/// The callbacks and their state without the type of the state, so that the code below is compiled once and not for
/// each endpoint.
trait Life {
    fn open(&mut self, reply: &mut Reply) -> Result<(), Answer>;
    fn message(&mut self, message: Incoming<'_>, reply: &mut Reply) -> Result<(), CloseWith>;
    fn close(&mut self, close: Closed<'_>, reply: &mut Reply) -> Result<(), CloseWith>;
    fn disconnect(&mut self) -> Result<(), CloseWith>;
    fn save(&self, reply: &mut Reply) -> Result<(), CloseWith>;
}

struct Running<'a, S> {
    callbacks: &'a Callbacks<'a, S>,
    storage: &'a Storage<S>,
    head: &'a RequestHead<'a>,
    /// The state, which the first event that needs it has made or loaded.
    state: Option<S>,
    /// True if the connection has just opened, so that nothing is stored.
    opened: bool,
    /// True if the client has closed the connection, so that a type without content has nothing to store.
    closed: bool,
    log: &'a dyn Fn(&str),
}

impl<S> Running<'_, S> {
    fn state(&mut self) -> Result<&mut S, CloseWith> {
        if self.state.is_none() {
            self.state = Some((self.storage.load)(self.head, self.callbacks.renew, self.log)?);
        }
        Ok(self.state.as_mut().expect("it was loaded"))
    }
}

impl<S> Life for Running<'_, S> {
    fn open(&mut self, reply: &mut Reply) -> Result<(), Answer> {
        self.state = Some((self.callbacks.open)(reply)?);
        self.opened = true;
        Ok(())
    }

    fn message(&mut self, message: Incoming<'_>, reply: &mut Reply) -> Result<(), CloseWith> {
        (self.callbacks.message)(self.state()?, message, reply)
    }

    fn close(&mut self, close: Closed<'_>, reply: &mut Reply) -> Result<(), CloseWith> {
        self.closed = true;
        (self.callbacks.close)(self.state()?, close, reply)
    }

    fn disconnect(&mut self) -> Result<(), CloseWith> {
        (self.callbacks.disconnect)(self.state()?)
    }

    fn save(&self, reply: &mut Reply) -> Result<(), CloseWith> {
        let Some(state) = &self.state else { return Ok(()) };
        // Without a look at the request, which is a hostcall.
        let stored = match (self.opened, self.closed) {
            (true, _) => None,
            (_, true) if size_of::<S>() == 0 => return Ok(()),
            _ => state::stored(self.head),
        };
        (self.storage.save)(state, stored, reply)
    }
}

/// The events of one request, and its answer.
struct Batch<'a> {
    life: &'a mut dyn Life,
    max_message: Option<usize>,
    /// True if an earlier answer has closed the connection. The proxy still sends the events of the client that it
    /// had.
    closed: bool,
    reply: Reply,
    log: &'a dyn Fn(&str),
}

impl Batch<'_> {
    fn run(mut self, events: Events<'_>) -> Result<Reply, Answer> {
        // The whole batch is read before it is run, because half a batch would be worse than none.
        if let Some(Err(error)) = events.clone().find(Result::is_err) {
            return Err(Answer::refused(
                Reason::InvalidEvents,
                format_args!("not WebSocket events: {error}"),
            ));
        }
        let closed = self.closed;
        let mut events = events.flatten().filter(|event| !closed || is_end(event));
        for event in events.by_ref() {
            match event {
                Event::Open => {
                    self.reply.open();
                    self.life.open(&mut self.reply)?;
                }
                Event::Text(text) => match str::from_utf8(text) {
                    Ok(text) => self.message(Incoming::Text(text)),
                    Err(_) => self.end(&CloseWith::new(CloseCode::INVALID_DATA, "text is UTF-8")),
                },
                Event::Binary(bytes) => self.message(Incoming::Binary(bytes)),
                Event::Ping(content) => {
                    if self.reply.pong(content).is_err() {
                        self.end(&CloseWith::new(CloseCode::PROTOCOL_ERROR, "a ping has at most 125 bytes"));
                    }
                }
                Event::Close(content) => {
                    // The answer has the code of the client, even if the callback closes with another.
                    self.reply.answer_close(content);
                    self.sending(|life, reply| {
                        let mut sent = Reply::new();
                        let result = life.close(Close::parse(content), &mut sent);
                        reply.append(sent);
                        result
                    });
                    self.closed = true;
                    break;
                }
                Event::Disconnect => {
                    if let Err(close) = self.life.disconnect() {
                        self.log(&close);
                    }
                    return Ok(Reply::new());
                }
                Event::Pong(_) | Event::Unknown(_) => {}
            }
            if self.reply.closes() {
                if self.ends(events) {
                    return Ok(Reply::new());
                }
                break;
            }
        }
        if let Err(close) = self.life.save(&mut self.reply) {
            self.end(&close);
            if self.reply.opens() {
                return Err(Answer::refused(Reason::Internal, close.reason()));
            }
        }
        let mut reply = self.reply.or_closed(|line| (self.log)(&line));
        if reply.closes() && !self.closed {
            reply.remember_the_close();
        }
        Ok(reply)
    }

    /// Runs the end of a connection that the app has closed, if the end of the client is in the same batch. It sends
    /// nothing. Returns true if the client is gone.
    fn ends<'e>(&mut self, mut rest: impl Iterator<Item = Event<'e>>) -> bool {
        let end = rest.find(is_end);
        let result = match end {
            Some(Event::Close(content)) => self.life.close(Close::parse(content), &mut Reply::new()),
            Some(Event::Disconnect) => self.life.disconnect(),
            _ => Ok(()),
        };
        if let Err(close) = result {
            self.log(&close);
        }
        matches!(end, Some(Event::Disconnect))
    }

    fn message(&mut self, message: Incoming<'_>) {
        let len = match message {
            Incoming::Text(text) => text.len(),
            Incoming::Binary(bytes) => bytes.len(),
        };
        match self.max_message {
            Some(max) if len > max => {
                let reason = format!("a message has at most {max} bytes");
                self.end(&CloseWith::new(CloseCode::TOO_LARGE, reason));
            }
            _ => self.sending(|life, reply| life.message(message, reply)),
        }
    }

    /// Runs a callback that sends. Closes the connection if the callback fails, or sends more than the limit of an
    /// answer.
    fn sending(&mut self, run: impl FnOnce(&mut dyn Life, &mut Reply) -> Result<(), CloseWith>) {
        let (before, closed_before) = (self.reply.body_len(), self.reply.closes());
        let result = run(self.life, &mut self.reply);
        let len = self.reply.len();
        let limit = if self.reply.closes() { MAX_REPLY } else { MAX_REPLY - ROOM_FOR_A_CLOSE };
        if len > limit {
            self.reply.cut_to(before, closed_before);
            self.end(&CloseWith::new(CloseCode::INTERNAL_ERROR, "the answer is too large").with_log(
                format!("the answer to one request would have {len} bytes, and the proxy takes {MAX_REPLY}, a close included"),
            ));
        }
        if let Err(close) = result {
            self.end(&close);
        }
    }

    fn end(&mut self, close: &CloseWith) {
        self.log(close);
        close.close(&mut self.reply);
    }

    fn log(&mut self, close: &CloseWith) {
        if let Some(line) = close.log() {
            (self.log)(line);
        }
    }
}

/// Returns true for the client's end of the connection.
fn is_end(event: &Event<'_>) -> bool {
    matches!(event, Event::Close(_) | Event::Disconnect)
}

/// A close has 125 bytes, and its line.
const ROOM_FOR_A_CLOSE: usize = 137;
