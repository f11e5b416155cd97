use super::Methods;

/// The settings of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) kind: Kind,
    pub(crate) methods: Methods,
    /// The backend of the handoff.
    pub(crate) backend: &'static str,
    /// The origins whose pages may read the answers.
    pub(crate) cors: &'static [&'static str],
    /// The origins whose pages may open the WebSocket. Empty for every origin.
    pub(crate) origins: &'static [&'static str],
    /// The subprotocols of the WebSocket, the preferred one first.
    pub(crate) subprotocols: &'static [&'static str],
    /// The limit of the body of a request, in bytes.
    pub(crate) max_body: usize,
    /// True if a client may send the id of its last event in the query.
    pub(crate) last_event_id_query: bool,
}

/// The kind of an endpoint: the connection that it holds, or none.
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
    /// A plain endpoint: the client request is answered at once, and no connection is held.
    Plain,
}
