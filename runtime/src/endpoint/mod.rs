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
    Argument, Edge, Function, Inside, Verdict, admit, found, guard, parameter, strict_parameter,
};
#[doc(hidden)]
pub use guard::Carry;
pub(crate) use guard::{CARRIED, carry_on, split};
pub use guard::{Carried, guarded};
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
