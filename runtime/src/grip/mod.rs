//! GRIP, the protocol between an app and its proxy (Fanout, Pushpin): pure, without I/O and without `fastly`.
//!
//! Where the published text and the proxy differ, this is what the proxy does.

pub(crate) mod channel;
pub(crate) mod event;
mod filter;
pub(crate) mod hold;
pub mod sig;
mod subscription;
pub mod websocket;

pub(crate) use channel::Channel;
pub use channel::InvalidChannel;
pub(crate) use channel::{BYTE_ORDER_MARK, as_text};
pub(crate) use event::Event;
pub use event::InvalidEvent;
pub use filter::Filter;
pub use hold::{Hold, InvalidKeepAlive, InvalidLink, KeepAlive, Link, Mode};
pub use subscription::Subscription;
