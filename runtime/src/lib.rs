//! Real-time endpoints on [Fastly Compute] with [Fanout]: annotate a function, get an endpoint that holds
//! thousands of connections.
//!
//! ```no_run
//! use fanout::prelude::*;
//!
//! /// Every subscriber of `news`, as server-sent events.
//! #[fanout::sse(channel = "news")]
//! fn news() {}
//!
//! /// Sends every message back, and hears what is published to `news`.
//! #[fanout::ws(echo, channel = "news")]
//! fn chat() {}
//!
//! #[fanout::main(news, chat)]
//! fn main(request: Request) -> Result<Response, Error> {
//!     Ok(Response::from_status(404).with_body(format!("nothing at {}\n", request.get_path())))
//! }
//! ```
//!
//! The attributes are [`sse`], [`stream`], [`long_poll`], [`ws`] and [`main`].
//!
//! # What happens to a request
//!
//! An app of this kind is invoked twice for each client request. The first time by the client: the request has
//! no `Grip-Sig` header, and the endpoint hands it off to Fanout, naming the backend `self`, which is the app
//! again. The second time by Fanout, which signs what it sends: now the endpoint's function runs, and the
//! answer tells Fanout to hold the connection and which channels to subscribe it to. The app is done then;
//! Fanout holds the connection and delivers what is published.
//!
//! # Without macros
//!
//! The attributes are thin. An endpoint is a [`Route`], a plain value, and [`handle`] serves a list of them:
//!
//! ```no_run
//! use fanout::grip::{Channel, Hold};
//! use fanout::{Outcome, Route};
//!
//! const NEWS: Route = Route::sse("/news", |_head| {
//!     Hold::sse(Channel::from_static("news")).into()
//! });
//!
//! fn main() {
//!     match fanout::handle(fastly::Request::from_client(), &[NEWS]) {
//!         Outcome::HandedOff | Outcome::Answered => {}
//!         Outcome::Unmatched(request) => {
//!             let body = format!("nothing at {}\n", request.get_path());
//!             fastly::Response::from_status(404).with_body(body).send_to_client();
//!         }
//!     }
//! }
//! ```
//!
//! So an app that has its own `main` can adopt one endpoint at a time. It cannot be a `#[fastly::main]`: that
//! one always sends a response, and a request that was handed off has none.
//!
//! [Fastly Compute]: https://www.fastly.com/documentation/guides/compute/
//! [Fanout]: https://www.fastly.com/documentation/guides/concepts/real-time-messaging/fanout/

mod compute;
pub mod endpoint;
pub mod grip;
pub mod prelude;

#[doc(hidden)]
pub mod __private;

#[doc(inline)]
pub use compute::{Outcome, handle};
#[doc(inline)]
pub use endpoint::{Answer, Endpoint, FromRequest, IntoResponse, RequestHead, Route};
pub use fanout_macros::{long_poll, main, sse, stream, ws};
#[doc(inline)]
pub use grip::{Channel, Event};

pub use http;
