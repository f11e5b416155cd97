use std::fmt;

use crate::grip::websocket::Events;

use super::{Kind, Methods, Pattern, Settings};
use crate::endpoint::guard::GuardValue;
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;

/// An endpoint as a value: where it is, what it is, and a function for each of its two invocations.
///
/// The client's own request is let in by [`guard`](Self::guard), if there is one, and handed off. The function that the
/// constructors take runs on the second invocation, when Fanout asks.
///
/// ```
/// use fanout::grip::Hold;
/// use fanout::{Answer, Channel, Route};
///
/// const ROOM: Route = Route::sse("/rooms/{room}", |head| {
///     let room = head.parameters().get("room").expect("the path has it");
///     match Channel::new(format!("room-{room}")) {
///         Ok(channel) => Hold::sse(channel).into(),
///         Err(error) => Answer::text(400, format!("{error}\n")),
///     }
/// });
/// # assert_eq!(ROOM.path(), "/rooms/{room}");
/// ```
///
/// A path is matched segment by segment, as it was sent. `{name}` is a whole segment, and not an empty one; `{*name}`,
/// at the end, is the rest of the path, and not nothing. Where several paths match, a literal segment comes before a
/// parameter, and that before the rest.
#[derive(Clone, Copy)]
pub struct Route {
    pub(crate) pattern: Pattern,
    pub(crate) run: Run,
    pub(crate) guard: Option<Guard>,
    pub(crate) settings: Settings,
}

/// The function of a route, by what it is given.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    Hold(fn(&RequestHead<'_>) -> Answer),
    WebSocket(fn(&RequestHead<'_>, Events<'_>) -> Answer),
}

/// What lets a client's own request in.
pub(crate) type Guard = fn(&RequestHead<'_>) -> Result<GuardValue, Answer>;

impl Route {
    /// A route that nobody asks for, to fill tables with.
    pub(crate) const NONE: Self = Self::sse("/", |_| Answer::text(500, ""));

    #[track_caller]
    const fn new(path: &'static str, kind: Kind, run: Run) -> Self {
        Self {
            pattern: Pattern::new(path),
            run,
            guard: None,
            settings: Settings {
                kind,
                methods: Methods::GET,
                backend: "self",
                cors: &[],
                origins: &[],
                subprotocols: &[],
            },
        }
    }

    /// A stream of server-sent events. `answer` holds it with [`Hold::sse`](crate::grip::Hold::sse).
    ///
    /// # Panics
    ///
    /// Like the other constructors, if `path` does not start with `/` or its parameters are not well formed; in a
    /// `const`, that is a compile error.
    #[track_caller]
    pub const fn sse(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::Sse, Run::Hold(answer))
    }

    /// A stream of text. `answer` holds it with [`Hold::stream`](crate::grip::Hold::stream).
    #[track_caller]
    pub const fn stream(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::Stream, Run::Hold(answer))
    }

    /// A long poll. `answer` holds it with [`Hold::long_poll`](crate::grip::Hold::long_poll), or answers at once.
    #[track_caller]
    pub const fn long_poll(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::LongPoll, Run::Hold(answer))
    }

    /// A WebSocket. `answer` is called with each batch of events, and answers with a
    /// [`Reply`](crate::websocket::Reply), or refuses the connection with anything else.
    #[track_caller]
    pub const fn ws(path: &'static str, answer: fn(&RequestHead<'_>, Events<'_>) -> Answer) -> Self {
        Self::new(path, Kind::WebSocket, Run::WebSocket(answer))
    }

    /// Names the backend that requests are handed off to: the one that leads to this app again. Without it,
    /// `self`.
    #[must_use]
    pub const fn backend(self, name: &'static str) -> Self {
        Self { settings: Settings { backend: name, ..self.settings }, ..self }
    }

    /// Sets the methods that the endpoint answers. Without it, `GET`; and a WebSocket has no other.
    #[must_use]
    pub const fn methods(self, methods: Methods) -> Self {
        Self { settings: Settings { methods, ..self.settings }, ..self }
    }

    /// Lets scripts of other origins read what the endpoint answers: those in the list, such as
    /// `https://www.example.com`, with the client's cookies; or with `*` alone those of every origin, without.
    ///
    /// # Panics
    ///
    /// If `*` is in a list with others; in a `const`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn cors(self, origins: &'static [&'static str]) -> Self {
        let mut index = 0;
        while index < origins.len() {
            let is_any = matches!(origins[index].as_bytes(), b"*");
            assert!(!is_any || origins.len() == 1, "`*` is every origin already, and stands alone");
            index += 1;
        }
        Self { settings: Settings { cors: origins, ..self.settings }, ..self }
    }

    /// Refuses a WebSocket that a page of another origin opens, such as `https://www.example.com`, with a 403. A client
    /// that says no origin is no browser, and may come in.
    #[must_use]
    pub const fn origins(self, origins: &'static [&'static str]) -> Self {
        Self { settings: Settings { origins, ..self.settings }, ..self }
    }

    /// Sets the subprotocols that a WebSocket speaks, the preferred one first. A client that speaks none of them is refused
    /// with a 400.
    #[must_use]
    pub const fn subprotocols(self, names: &'static [&'static str]) -> Self {
        Self { settings: Settings { subprotocols: names, ..self.settings }, ..self }
    }

    /// Sets what lets a client's own request in, before it is handed off: its `Err` is the answer then, and the request
    /// costs Fanout no connection. See [`GuardValue`] for what goes on to the second invocation.
    ///
    /// Where it is important that nobody gets past it, the route's own function calls it too, through
    /// [`guard_value`](crate::endpoint::guard_value).
    #[must_use]
    pub const fn guard(self, guard: fn(&RequestHead<'_>) -> Result<GuardValue, Answer>) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// The path that the route answers, as it was given: a pattern, if it has parameters.
    pub const fn path(&self) -> &'static str {
        self.pattern.path()
    }

    /// The kind of connection.
    pub const fn kind(&self) -> Kind {
        self.settings.kind
    }

    /// The methods that the endpoint answers.
    pub const fn allowed_methods(&self) -> Methods {
        self.settings.methods
    }

    /// Whether a request can be for both.
    pub(crate) const fn overlaps(&self, other: &Self) -> bool {
        self.settings.methods.overlap(other.settings.methods) && self.pattern.same(&other.pattern)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { backend, kind, methods, .. } = &self.settings;
        let mut route = f.debug_struct("Route");
        route.field("path", &self.path()).field("kind", kind).field("methods", methods);
        route.field("backend", backend).finish()
    }
}
