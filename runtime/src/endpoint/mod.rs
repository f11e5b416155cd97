//! What an endpoint is: a route, the function that answers it, and the types that go in and out. Nothing here
//! needs Compute: it runs, and is tested, on the host.

mod answer;
mod arguments;
pub(crate) mod gate;
mod head;
mod instruct;
mod json;
mod redirect;
mod refusal;
mod replies;
mod route;
pub(crate) mod serve;
mod subscriptions;

pub use answer::{Answer, IntoResponse};
pub use arguments::{
    FromRequest, InvalidHeader, InvalidLastEventId, InvalidQuery, LastEventId, LastIds, OptionalFromRequest,
    Query, TypedHeader,
};
pub use head::{Headers, RequestHead};
pub use json::Json;
pub use redirect::Redirect;
pub use refusal::Refusal;
pub use replies::{Held, IntoEvents, IntoMessages, IntoPoll, IntoStream, Opening, Poll};
pub(crate) use route::Run;
pub use route::{Endpoint, Kind, Route};
pub use subscriptions::IntoSubscriptions;
