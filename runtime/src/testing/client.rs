use std::rc::Rc;

use http::{HeaderName, HeaderValue, StatusCode};

use super::event::{Block, Event, Parser};
use super::hold::Hold;
use super::proxy::{Answered, End};
use super::response::Response;
use super::stage::Stage;
use super::story::{quoted, seconds};
use super::wire::{Answer, Request};

/// An HTTP client: of a stream, of a long poll, or of a response without a hold.
///
/// Dropping it does nothing: the connection stays open. [`leave`](Self::leave) ends it.
#[must_use = "a client says something only to a test that looks at it"]
pub struct Client {
    stage: Rc<Stage>,
    id: usize,
    /// The number of parts of the body that the test has read.
    read: usize,
    parser: Parser,
    last_event_id: Option<String>,
    request: Request,
}

impl Client {
    pub(super) fn new(stage: Rc<Stage>, id: usize, request: Request) -> Self {
        Self { stage, id, read: 0, parser: Parser::default(), last_event_id: None, request }
    }

    fn answered(&self) -> Option<Answered> {
        self.stage.proxy.borrow_mut().http(self.id).answered.clone()
    }

    #[track_caller]
    fn head(&self) -> Answered {
        match self.answered() {
            Some(answered) => answered,
            None => self.fail("there is no response"),
        }
    }

    /// The status of the response.
    ///
    /// # Panics
    ///
    /// If there is none yet, because a long poll waits.
    #[track_caller]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.head().status).expect("a status has three digits")
    }

    /// The first value of a header of the response, if it is ASCII. Names are case-insensitive.
    ///
    /// # Panics
    ///
    /// If there is no response yet, because a long poll waits.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<String> {
        self.head().headers.get(name)?.to_str().ok().map(str::to_owned)
    }

    /// The values of a header of the response, in order, without those that are not ASCII.
    ///
    /// # Panics
    ///
    /// If there is no response yet, because a long poll waits.
    #[track_caller]
    pub fn headers(&self, name: &str) -> Vec<String> {
        self.head().headers.all(name).filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    }

    /// The reason phrase of the response, if the app has set one of its own.
    ///
    /// # Panics
    ///
    /// If there is no response yet, because a long poll waits.
    #[track_caller]
    pub fn reason(&self) -> Option<String> {
        self.head().reason
    }

    /// The names of all headers of the response, in order, in lower case.
    ///
    /// # Panics
    ///
    /// If there is no response yet, because a long poll waits.
    #[track_caller]
    pub fn header_names(&self) -> Vec<String> {
        self.head().headers.iter().map(|(name, _)| name.to_string()).collect()
    }

    /// The hold, as the proxy has read it.
    ///
    /// # Panics
    ///
    /// If the connection is not held.
    #[track_caller]
    pub fn hold(&self) -> Hold {
        let hold = Hold::of(self.stage.proxy.borrow_mut().http(self.id));
        // A closure would not have the location of the caller.
        match hold {
            Some(hold) => hold,
            None => self.fail("there is no hold"),
        }
    }

    /// Checks the hold.
    ///
    /// # Panics
    ///
    /// If `holds` returns false, or the connection is not held. The message has the hold.
    #[track_caller]
    pub fn assert_hold(&self, holds: impl FnOnce(&Hold) -> bool) {
        let hold = self.hold();
        if !holds(&hold) {
            self.stage.fail(format!("the hold of client {} is another: {hold:#?}", self.id + 1));
        }
    }

    /// Returns true if the connection is held.
    pub fn is_held(&self) -> bool {
        self.stage.proxy.borrow_mut().http(self.id).held.is_some()
    }

    /// Returns true if the response is complete, or the client has left.
    pub fn is_ended(&self) -> bool {
        self.stage.proxy.borrow_mut().http(self.id).end.is_some()
    }

    /// Reads the next part of the body.
    fn next_part(&mut self) -> Option<Vec<u8>> {
        let part = self.stage.proxy.borrow_mut().http(self.id).parts.get(self.read).cloned()?;
        self.read += 1;
        Some(part)
    }

    fn next_block(&mut self) -> Option<Block> {
        loop {
            if let Some(block) = self.parser.next() {
                return Some(block);
            }
            let part = self.next_part()?;
            self.parser.add(&part);
        }
    }

    /// Keeps the id of a block, if it has one, for the next connection.
    fn remember(&mut self, id: Option<String>) {
        self.last_event_id = id.or(self.last_event_id.take());
    }

    fn try_next_event(&mut self) -> Option<Event> {
        loop {
            match self.next_block()? {
                Block::Event(event) => {
                    self.remember(event.id().map(str::to_owned));
                    return Some(event);
                }
                Block::Silent { id } | Block::Comment { id, .. } => self.remember(id),
            }
        }
    }

    /// The next server-sent event, without the comments before it.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn next_event(&mut self) -> Event {
        match self.try_next_event() {
            Some(event) => event,
            None => self.fail("there is no event"),
        }
    }

    /// The server-sent events that came since, without the comments.
    pub fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.try_next_event()).collect()
    }

    /// The next comment of an event stream. Keep-alives are comments by default, and so is the start of a stream without events.
    ///
    /// # Panics
    ///
    /// If an event comes first, or nothing comes.
    #[track_caller]
    pub fn next_comment(&mut self) -> String {
        loop {
            match self.next_block() {
                Some(Block::Comment { text, id }) => {
                    self.remember(id);
                    return text;
                }
                Some(Block::Event(event)) => {
                    self.fail(&format!("there is no comment: the next event has the data {:?}", event.data()))
                }
                Some(Block::Silent { id }) => self.remember(id),
                None => self.fail("there is no comment"),
            }
        }
    }

    /// Checks that there is no event, in an event stream, and no further byte in another one.
    ///
    /// # Panics
    ///
    /// If there is one.
    #[track_caller]
    pub fn assert_nothing(&mut self) {
        if self.answered().as_ref().is_some_and(is_event_stream) {
            if let Some(event) = self.try_next_event() {
                let (kind, data) = (event.event(), quoted(event.data().as_bytes()));
                self.stage.fail(format!("client {} got an event `{kind}` with the data {data}", self.id + 1));
            }
        } else if let Some(part) = self.next_part() {
            self.stage.fail(format!("client {} got {}", self.id + 1, quoted(&part)));
        }
    }

    /// The next part of the body, as the proxy wrote it: the start of a stream, an item, a keep-alive, the answer to a recovery
    /// request.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn next_bytes(&mut self) -> Vec<u8> {
        let rest = self.parser.take_rest();
        if !rest.is_empty() {
            return rest;
        }
        match self.next_part() {
            Some(part) => part,
            None => self.fail("there is nothing more to read"),
        }
    }

    /// The next part of the body, as [`next_bytes`](Self::next_bytes) returns it, or `None` if there is none.
    pub fn try_next_bytes(&mut self) -> Option<Vec<u8>> {
        let rest = self.parser.take_rest();
        if rest.is_empty() { self.next_part() } else { Some(rest) }
    }

    /// The next part of the body as text, as [`next_bytes`](Self::next_bytes) returns it.
    ///
    /// # Panics
    ///
    /// If there is none, or it is not UTF-8.
    #[track_caller]
    pub fn next_text(&mut self) -> String {
        match String::from_utf8(self.next_bytes()) {
            Ok(text) => text,
            Err(error) => self.fail(&format!("the next part is not UTF-8: {}", quoted(error.as_bytes()))),
        }
    }

    /// The whole response: of a long poll, or of a request without a hold.
    ///
    /// # Panics
    ///
    /// If it is not complete.
    #[track_caller]
    pub fn response(&self) -> Response {
        let Answered { status, reason, headers } = self.head();
        let mut proxy = self.stage.proxy.borrow_mut();
        let session = proxy.http(self.id);
        if session.end != Some(End::Complete) {
            drop(proxy);
            self.fail("the response is not complete");
        }
        Response::new(Answer { status, reason, headers, body: session.parts.concat() })
    }

    /// The id of the last event with one that the test has read.
    pub fn last_event_id(&self) -> Option<&str> {
        self.last_event_id.as_deref()
    }

    /// The client loses its connection and sends its request again, as an `EventSource` does, with the id of the last event that
    /// the test has read as `Last-Event-ID`. What the test has not read is lost. A client of a long poll sends the id that is in
    /// the header `Last-Event-ID` of its response.
    ///
    /// # Panics
    ///
    /// If the endpoint cannot run on the host.
    #[track_caller]
    pub fn reconnect(&mut self) {
        let of_response = self.answered().and_then(|answered| answered.headers.text("last-event-id"));
        let id = of_response.or_else(|| self.last_event_id.clone());
        if !self.is_ended() {
            self.leave();
        }
        let mut request = self.request.clone();
        let value = id.as_ref().filter(|id| !id.is_empty()).map(|id| HeaderValue::from_bytes(id.as_bytes()));
        if let Some(Ok(value)) = value {
            request.headers.set(HeaderName::from_static("last-event-id"), value);
        }
        let number = self.stage.client_request(request.clone(), false);
        self.stage.check();
        *self = Self { last_event_id: id, ..Self::new(Rc::clone(&self.stage), number, request) };
    }

    /// The client leaves. The proxy tells the app so at the `gone` link, if there is one.
    ///
    /// # Panics
    ///
    /// If the endpoint of that link cannot run on the host.
    #[track_caller]
    pub fn leave(&mut self) {
        self.stage.tell_client(self.id, "leaves");
        self.stage.leave(self.id);
        self.stage.check();
    }

    #[track_caller]
    fn fail(&self, reason: &str) -> ! {
        let mut proxy = self.stage.proxy.borrow_mut();
        let session = proxy.http(self.id);
        let state = match (&session.held, &session.answered, session.end) {
            (Some(held), ..) => {
                let channels: Vec<_> = held.channels.keys().map(|name| format!("`{name}`")).collect();
                let channels =
                    if channels.is_empty() { "no channel".to_owned() } else { channels.join(", ") };
                let waits = match held.timeout_at {
                    Some(timeout) => {
                        format!("waits for an item until {} of the clock", seconds(timeout.elapsed()))
                    }
                    None => "has an open stream".into(),
                };
                format!("it {waits}, and is subscribed to {channels}")
            }
            (None, Some(answered), Some(End::Complete)) => {
                // For example a refusal, which the test did not expect.
                let body = quoted(&session.parts.concat());
                format!("its response is complete, with the status {} and the body {body}", answered.status)
            }
            (None, _, Some(End::Left)) => "it has left".into(),
            _ => "it has no response".into(),
        };
        let is_event_stream = session.answered.as_ref().is_some_and(is_event_stream);
        drop(proxy);
        let rest = self.parser.rest();
        let rest = if is_event_stream && !rest.is_empty() {
            format!(", and half an event: {}", quoted(rest))
        } else {
            String::new()
        };
        self.stage.fail(format!("client {}: {reason}: {state}{rest}", self.id + 1))
    }
}

fn is_event_stream(answered: &Answered) -> bool {
    answered.headers.text("content-type").is_some_and(|kind| kind.starts_with("text/event-stream"))
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("number", &(self.id + 1)).finish_non_exhaustive()
    }
}
