//! What an endpoint is: a route, the function that answers it, and the types that go in and out. Nothing here
//! needs Compute: it runs, and is tested, on the host.

mod answer;
mod arguments;
pub(crate) mod gate;
mod head;
mod replies;
mod route;
pub(crate) mod serve;
pub mod websocket;

pub use answer::{Answer, IntoResponse};
pub use arguments::FromRequest;
pub use head::{Headers, RequestHead};
pub use replies::{IntoEvents, IntoPoll, IntoStream};
pub(crate) use route::Run;
pub use route::{Endpoint, Kind, Route};
pub use websocket::IntoMessages;
