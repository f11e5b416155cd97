//! What runs behind a `ws` endpoint: the messages that go in and out, the life of a connection and its state.
//!
//! WebSocket over HTTP makes the app stateless: each batch of what a client did is one request. [`Callbacks`] turns a
//! batch into calls, in order, and what they return into the answer.

mod closing;
mod handshake;
mod json;
mod life;
mod message;
mod messages;
mod methods;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use closing::broken;
pub use closing::{Closing, IntoClose};
pub use handshake::{check_origin, choose_subprotocol};
pub use json::InvalidJson;
pub use life::Callbacks;
pub use message::{FromMessage, Incoming, Message, WrongKind};
pub use messages::{IntoMessages, IntoReply, Messages};
pub(crate) use methods::closing;
pub use methods::{Closed, FromClose, IntoEnd, IntoOpen, IntoState};
#[doc(hidden)]
pub use methods::{close, message};
pub use state::{MAX_STATE, Stale, State};
