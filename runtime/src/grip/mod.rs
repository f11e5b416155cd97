//! GRIP, the protocol between an app and its proxy (Fanout, Pushpin): pure, without I/O and without `fastly`.
//!
//! Where the published text and the proxy differ, this is what the proxy does.

mod channel;
mod event;
mod filter;
mod hold;
pub(crate) mod publish;
pub mod sig;
pub mod websocket;

pub use channel::{Channel, InvalidChannel};
pub use event::{Event, InvalidEvent};
pub use filter::Filter;
pub use hold::{Hold, Mode};
