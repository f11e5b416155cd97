//! The simulated proxy: what a Pushpin 1.41 with default settings does, without I/O and with a clock that stands still until
//! the test moves it. It reads answers as they are on the wire.

mod clock;
mod control;
mod engine;
mod filter;
mod format;
mod http_session;
mod instruct;
mod item;
mod parameters;
mod requests;
mod sequencer;
mod socket;
mod socket_session;
mod subscriptions;

pub(super) use clock::Clock;
pub(super) use engine::{Handed, Proxy};
pub(super) use http_session::{Answered, End, HttpSession};
pub(super) use instruct::{HoldMode, Instruct};
pub(super) use socket::ClientEvent;
pub use socket_session::Frame;
pub(super) use socket_session::described;
pub(super) use socket_session::{Side, SocketSession};
