//! What an endpoint is: a route, the function that answers it, and the types that go in and out. Nothing here
//! needs Compute: it runs, and is tested, on the host.

pub(crate) mod dispatch;
mod guard;
mod read_back;
mod request;
pub(crate) mod response;
pub(crate) mod routing;
pub mod websocket;

pub use dispatch::Guarded;
#[doc(hidden)]
pub use dispatch::{
    Argument, Function, GuardResult, InGuard, InHandler, found, guard_value_or_run, parameter, run_guard,
    strict_parameter,
};
#[doc(hidden)]
pub use guard::GuardData;
pub(crate) use guard::{GUARD_HEADER, add_guard_value_to_link, split_query};
pub use guard::{GuardValue, guard_value};
pub use request::{
    Cookies, FromRequest, Headers, InvalidHeader, InvalidLastEventId, InvalidQuery, LastEventId, LastIds,
    OptionalFromRequest, Query, RequestHead, TypedHeader,
};
pub use response::{
    Answer, IntoAnswer, IntoEvents, IntoPoll, IntoStream, IntoSubscriptions, Json, Opening, Poll, Redirect,
    Refusal, WithHold,
};
pub(crate) use routing::Run;
pub use routing::{
    Endpoint, Endpoints, FromParameter, Kind, Listed, Methods, Parameters, Route, ViaFromStr, ViaStr,
};
pub use websocket::{IntoMessages, Subprotocol};
