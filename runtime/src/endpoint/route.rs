use std::fmt;

use crate::grip::websocket::Events;

use super::{Answer, RequestHead};

/// An endpoint as a value: where it is, what it is, and the function that answers Fanout.
///
/// The function runs on the second invocation, when Fanout asks; the client's own request is handed off before.
///
/// ```
/// use fanout::grip::{Channel, Hold};
/// use fanout::{Route, Answer};
///
/// const NEWS: Route = Route::sse("/news", |_head| {
///     Hold::sse(Channel::from_static("news")).into()
/// });
/// # assert_eq!(NEWS.path(), "/news");
/// ```
#[derive(Clone, Copy)]
pub struct Route {
    path: &'static str,
    backend: &'static str,
    pub(crate) run: Run,
    kind: Kind,
}

/// The function of a route, by what it is given.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    Hold(fn(&RequestHead<'_>) -> Answer),
    WebSocket(fn(&RequestHead<'_>, Events<'_>) -> Answer),
}

/// What kind of connection an endpoint holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Server-sent events.
    Sse,
    /// A stream of text.
    Stream,
    /// One response, at the next publish or at the timeout.
    LongPoll,
    /// A WebSocket.
    WebSocket,
}

impl Route {
    const fn new(path: &'static str, kind: Kind, run: Run) -> Self {
        assert!(!path.is_empty() && path.as_bytes()[0] == b'/', "a route's path starts with `/`");
        Self { path, backend: "self", run, kind }
    }

    /// A stream of server-sent events. `answer` holds it with [`Hold::sse`](crate::grip::Hold::sse).
    ///
    /// # Panics
    ///
    /// Like the other constructors, if `path` does not start with `/`; in a `const`, that is a compile error.
    pub const fn sse(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::Sse, Run::Hold(answer))
    }

    /// A stream of text. `answer` holds it with [`Hold::stream`](crate::grip::Hold::stream).
    pub const fn stream(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::Stream, Run::Hold(answer))
    }

    /// A long poll. `answer` holds it with [`Hold::long_poll`](crate::grip::Hold::long_poll), or answers at once.
    pub const fn long_poll(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::LongPoll, Run::Hold(answer))
    }

    /// A WebSocket. `answer` is called with each batch of events, and answers with a
    /// [`Reply`](crate::grip::websocket::Reply), or refuses the connection with anything else.
    pub const fn ws(path: &'static str, answer: fn(&RequestHead<'_>, Events<'_>) -> Answer) -> Self {
        Self::new(path, Kind::WebSocket, Run::WebSocket(answer))
    }

    /// Names the backend that requests are handed off to: the one that leads to this app again. Without it,
    /// `self`.
    #[must_use]
    pub const fn backend(self, name: &'static str) -> Self {
        Self { backend: name, ..self }
    }

    /// The path that the route answers.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The kind of connection.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) const fn backend_name(&self) -> &'static str {
        self.backend
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        self.path == path
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, backend, kind, .. } = self;
        f.debug_struct("Route").field("path", path).field("kind", kind).field("backend", backend).finish()
    }
}

/// A type that stands for an endpoint. The attributes make one of the function's own name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "not an endpoint",
    note = "annotate the function with `#[fanout::sse]`, `#[fanout::stream]`, `#[fanout::long_poll]` or `#[fanout::ws]`"
)]
pub trait Endpoint {
    /// The endpoint as a value.
    const ROUTE: Route;
}
