//! The table of scenarios.

use anyhow::Result;
use futures_util::future::LocalBoxFuture;

use super::scenarios;
use super::stage::Stage;

/// A story of some clients, which runs on the proxy and on its simulation.
pub struct Scenario {
    pub name: &'static str,
    pub shows: &'static [Shows],
    pub run: for<'s> fn(&'s Stage<'_>) -> LocalBoxFuture<'s, Result<()>>,
    /// `true` if it changes the stack for all others.
    pub alone: bool,
    pub file: &'static str,
}

impl Scenario {
    /// The name, and the file that has it.
    pub fn named(&self) -> String {
        format!("{} ({})", self.name, self.file)
    }
}

/// An entry of the table: the name of a function, and what it shows.
macro_rules! scenario {
    ($name:ident: $($shows:ident),+) => {
        $crate::conformance::scenario::Scenario {
            name: stringify!($name),
            shows: &[$($crate::conformance::scenario::Shows::$shows),+],
            run: |stage| Box::pin($name(stage)),
            alone: false,
            file: file!(),
        }
    };
    (alone $name:ident: $($shows:ident),+) => {
        $crate::conformance::scenario::Scenario {
            alone: true,
            ..$crate::conformance::scenario::scenario!($name: $($shows),+)
        }
    };
}
pub(super) use scenario;

/// Every scenario.
pub fn all() -> impl Iterator<Item = &'static Scenario> {
    scenarios::ALL.iter().copied().flatten()
}

/// Lists the variants of an enum too.
macro_rules! shows {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The behaviours of the proxy and of the crate that users test with `fanout::testing`. Each has a scenario.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Shows {
            $($(#[$doc])* $name,)*
        }

        impl Shows {
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

shows! {
    /// Server-sent events.
    Sse,
    /// Streams.
    Stream,
    /// Long polls.
    LongPoll,
    /// The timeout of a long poll.
    Timeout,
    /// Keep-alives of a stream.
    KeepAlive,
    /// Statuses and headers of a hold.
    Head,
    /// Answers without a hold.
    EarlyAnswer,
    /// Redirects.
    Redirect,
    /// Channels from templates, lists and functions.
    Channels,
    /// The JSON form of a hold.
    JsonForm,
    /// Path parameters.
    Paths,
    /// The query.
    Query,
    /// `Last-Event-ID`.
    LastEventId,
    /// Endpoints with a history.
    History,
    /// Guards that admit and refuse.
    Guard,
    /// The client's address.
    ClientAddr,
    /// The client's location.
    ClientGeo,
    /// Headers and cookies of the client.
    Headers,
    /// `HEAD`.
    HeadMethod,
    /// `OPTIONS`.
    Options,
    /// Pages of other origins.
    Cors,
    /// Plain endpoints.
    Plain,
    /// Bodies of requests.
    Body,
    /// Tokens that do not verify.
    Token,
    /// 404, 405 and 426.
    NoEndpoint,
    /// The formats of an item.
    Formats,
    /// Filters of a subscription.
    Filters,
    /// Filters of a content.
    ContentFilters,
    /// `id` and `prev_id`.
    Ids,
    /// Published closes.
    PublishedClose,
    /// Items that a handler publishes.
    HandlerPublishes,
    /// Recovery requests.
    Recovery,
    /// The opening of a WebSocket.
    Open,
    /// Messages of a WebSocket.
    Messages,
    /// Subprotocols.
    Subprotocols,
    /// Origins of WebSockets.
    Origins,
    /// Several messages in one request.
    Batch,
    /// Pings of both sides.
    Ping,
    /// Control messages.
    Control,
    /// Keep-alives of a WebSocket.
    SocketKeepAlive,
    /// Closes of both sides.
    Close,
    /// A client that is gone without a close.
    Disconnect,
    /// The connection state.
    State,
    /// The connection state in the next version of an app.
    Redeployed,
    /// Several clients at once.
    SeveralClients,
}
