//! The handlers of a `ws` endpoint: messages, connection types and connection state.
//!
//! WebSocket over HTTP makes the app stateless: each request has a batch of events of one client. [`Callbacks`] turns
//! a batch into calls, in order, and their results into the answer.

mod callbacks;
mod close_with;
mod connection_methods;
mod connection_state;
mod from_message;
pub(crate) mod handshake;
mod into_messages;
mod json_message;
mod open;
mod state;
#[cfg(test)]
mod tests;

pub use callbacks::Callbacks;
pub(crate) use close_with::broken;
pub use close_with::{CloseWith, IntoClose};
pub use connection_methods::{Closed, FromClose, IntoEnd, IntoOpen, IntoState, for_event, refuse, stale};
pub use connection_state::{ConnectionByDefault, ConnectionState};
pub use from_message::{FromMessage, Incoming, Message, WrongKind};
pub use handshake::{Subprotocol, check_origin, choose_subprotocol};
pub use into_messages::{IntoMessages, IntoReply, Messages};
pub use json_message::{InvalidJson, JsonReadError};
pub use open::{begin, connect, said};
pub use state::{MAX_STATE, Stale, State};
