//! What an endpoint is: a route, the function that answers it, and the types that go in and out. Nothing here
//! needs Compute: it runs, and is tested, on the host.

mod answer;
mod arguments;
mod call;
mod cors;
pub(crate) mod gate;
mod guard;
pub(crate) mod handshake;
mod head;
mod instruct;
mod json;
mod list;
mod methods;
pub(crate) mod path;
mod redirect;
mod refusal;
mod replies;
mod route;
pub(crate) mod serve;
mod subscriptions;
pub mod websocket;

pub use answer::{Answer, IntoResponse};
pub use arguments::{
    Cookies, FromRequest, InvalidHeader, InvalidLastEventId, InvalidQuery, LastEventId, LastIds,
    OptionalFromRequest, Query, TypedHeader,
};
pub use call::Guarded;
#[doc(hidden)]
pub use call::{
    Argument, Carry, Edge, Function, Inside, Verdict, admit, found, guard, parameter, strict_parameter,
};
pub(crate) use guard::{CARRIED, carry_on, split};
pub use guard::{Carried, guarded};
pub use handshake::Subprotocol;
pub use head::{Headers, RequestHead};
pub use json::Json;
pub use list::{Endpoint, Endpoints, Listed};
pub use methods::Methods;
pub use path::{FromParameter, Parameters, ViaFromStr, ViaStr};
pub use redirect::Redirect;
pub use refusal::Refusal;
pub use replies::{Held, IntoEvents, IntoPoll, IntoStream, Opening, Poll};
pub(crate) use route::Run;
pub use route::{Kind, Route};
pub use subscriptions::IntoSubscriptions;
pub use websocket::IntoMessages;
