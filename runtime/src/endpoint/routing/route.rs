use std::fmt;

use crate::grip::Hold;
use crate::grip::websocket::Events;

use super::{Kind, Methods, Pattern, Settings};
use crate::endpoint::guard::GuardValue;
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;

/// An endpoint as a value: its path, its kind, its guard and its handler.
///
/// The [guard](Self::guard), if there is one, runs on the client request, which is then handed off. The function that
/// the constructors take runs on the Fanout request. A [plain](Self::plain) endpoint answers the client request.
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
/// A path is matched segment by segment, as it was sent, but without needless percent-encoding. `{name}` is one segment and not empty. `{*name}`, at the end,
/// is the rest of the path and not empty. If several paths match, a literal segment wins over a parameter, and a
/// parameter over the rest.
#[derive(Clone, Copy)]
pub struct Route {
    pub(crate) pattern: Pattern,
    pub(crate) run: Run,
    pub(crate) guard: Option<Guard>,
    pub(crate) settings: Settings,
}

/// The handler of a route, by its arguments.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    Hold(fn(&RequestHead<'_>) -> Answer),
    WebSocket(fn(&RequestHead<'_>, Events<'_>) -> Answer),
    Plain(fn(&RequestHead<'_>) -> Answer),
}

/// A guard.
pub(crate) type Guard = fn(&RequestHead<'_>) -> Result<GuardValue, Answer>;

impl Route {
    /// A placeholder for tables, which matches no request.
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
                max_body: Hold::MAX_REQUEST_BODY,
                last_event_id_query: false,
            },
        }
    }

    /// A stream of server-sent events. `answer` holds it with [`Hold::sse`](crate::grip::Hold::sse).
    ///
    /// # Panics
    ///
    /// If `path` does not start with `/`, or a path parameter is invalid. In a `const`, that is a compile error. The
    /// other constructors panic too.
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

    /// A WebSocket. `answer` is called with the events of each request. It returns a
    /// [`Reply`](crate::websocket::Reply), or refuses the connection with any other answer.
    #[track_caller]
    pub const fn ws(path: &'static str, answer: fn(&RequestHead<'_>, Events<'_>) -> Answer) -> Self {
        Self::new(path, Kind::WebSocket, Run::WebSocket(answer))
    }

    /// A plain endpoint: `answer` runs on the client request, which is answered at once and never handed off.
    ///
    /// ```
    /// use fanout::endpoint::Methods;
    /// use fanout::grip::Hold;
    /// use fanout::http::StatusCode;
    /// use fanout::{Answer, Channel, IntoAnswer, Route};
    ///
    /// const NEWS: Channel = Channel::from_static("news");
    /// const STREAM: Route = Route::sse("/news", |_| Hold::sse(NEWS).into());
    /// const PUBLISH: Route = Route::plain("/news", |head| {
    ///     match fanout::publish(NEWS, head.query().unwrap_or_default()) {
    ///         Ok(()) => Answer::new(StatusCode::NO_CONTENT),
    ///         Err(error) => error.into_answer(),
    ///     }
    /// })
    /// .methods(Methods::POST);
    /// ```
    #[track_caller]
    pub const fn plain(path: &'static str, answer: fn(&RequestHead<'_>) -> Answer) -> Self {
        Self::new(path, Kind::Plain, Run::Plain(answer)).max_body(Self::MAX_BODY)
    }

    /// The default limit of a body at a plain endpoint: 1 MiB.
    pub const MAX_BODY: usize = 1024 * 1024;

    /// Sets the limit of a body at a plain endpoint, in bytes. The answer to a longer one is a 413.
    ///
    /// # Panics
    ///
    /// If the endpoint is not plain. The limit of a hold is that of the proxy, [`Hold::MAX_REQUEST_BODY`]. In a `const`, that
    /// is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn max_body(self, bytes: usize) -> Self {
        assert!(matches!(self.settings.kind, Kind::Plain), "`max_body` is for plain endpoints");
        Self { settings: Settings { max_body: bytes, ..self.settings }, ..self }
    }

    /// Lets [`LastEventId`](crate::LastEventId) take the id from the query `lastEventId`, if the client sends no header.
    #[must_use]
    pub const fn last_event_id_query(self) -> Self {
        Self { settings: Settings { last_event_id_query: true, ..self.settings }, ..self }
    }

    /// Sets the backend of the handoff, which must lead to this app. The default is `self`.
    #[must_use]
    pub const fn backend(self, name: &'static str) -> Self {
        Self { settings: Settings { backend: name, ..self.settings }, ..self }
    }

    /// Sets the methods that the endpoint accepts. The default is `GET`.
    ///
    /// # Panics
    ///
    /// If the endpoint is a WebSocket, which accepts `GET` only. In a `const`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn methods(self, methods: Methods) -> Self {
        assert!(!matches!(self.settings.kind, Kind::WebSocket), "a WebSocket accepts `GET` only");
        Self { settings: Settings { methods, ..self.settings }, ..self }
    }

    /// Lets pages of other origins read the answers: those in the list, such as `https://www.example.com`, with the
    /// cookies of the client; or with `*` alone pages of every origin, without cookies.
    ///
    /// # Panics
    ///
    /// If `*` is in a list with other origins. In a `const`, that is a compile error.
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

    /// Refuses a WebSocket that a page of another origin opens, with a 403. An origin is written as browsers send it,
    /// such as `https://www.example.com`. A client without an `Origin` header is not a browser, and is accepted.
    #[must_use]
    pub const fn origins(self, origins: &'static [&'static str]) -> Self {
        Self { settings: Settings { origins, ..self.settings }, ..self }
    }

    /// Sets the subprotocols of a WebSocket, the preferred one first. A client that offers none of them gets a 400.
    #[must_use]
    pub const fn subprotocols(self, names: &'static [&'static str]) -> Self {
        Self { settings: Settings { subprotocols: names, ..self.settings }, ..self }
    }

    /// Sets the guard, which runs on the client request before the handoff. Its `Err` is the answer, and the client
    /// costs no connection of Fanout. The handler gets the [`GuardValue`].
    ///
    /// A self-run proxy in the policy can skip the client request. So the handler calls the guard too, through
    /// [`guard_value`](crate::endpoint::guard_value).
    ///
    /// At a plain endpoint there is no handoff to carry the value: the guard runs before the handler, which calls it itself if
    /// it needs the value.
    #[must_use]
    pub const fn guard(self, guard: fn(&RequestHead<'_>) -> Result<GuardValue, Answer>) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// The path template.
    pub const fn path(&self) -> &'static str {
        self.pattern.path()
    }

    /// The kind of the endpoint.
    pub const fn kind(&self) -> Kind {
        self.settings.kind
    }

    /// The methods that the endpoint accepts.
    pub const fn allowed_methods(&self) -> Methods {
        self.settings.methods
    }

    /// Returns true if a request can match both routes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "a WebSocket accepts `GET` only")]
    fn a_web_socket_has_no_other_method() {
        let _ = Route::ws("/chat", |_, _| Answer::text(200, "")).methods(Methods::POST);
    }
}
