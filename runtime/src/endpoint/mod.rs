//! What an endpoint is: a route, the function that answers it, and the types that go in and out. Nothing here
//! needs Compute: it runs, and is tested, on the host.

mod answer;
mod arguments;
pub(crate) mod call;
pub(crate) mod gate;
mod guard;
mod head;
mod instruct;
mod list;
mod methods;
pub(crate) mod path;
mod replies;
mod route;
pub(crate) mod serve;
mod subscriptions;

pub use answer::{Answer, IntoResponse};
pub use arguments::FromRequest;
pub use call::Guarded;
pub(crate) use guard::CARRIED;
pub use guard::{Carried, guarded};
pub use head::{Headers, RequestHead};
pub use list::{Endpoint, Endpoints, Listed};
pub use methods::Methods;
pub use path::Parameters;
pub use replies::{IntoEvents, IntoMessages, IntoPoll, IntoStream};
pub(crate) use route::Run;
pub use route::{Kind, Route};
pub use subscriptions::IntoSubscriptions;
