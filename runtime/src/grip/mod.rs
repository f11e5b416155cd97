//! GRIP, the protocol between an app and its proxy (Fanout, Pushpin): pure, without I/O and without `fastly`.
//!
//! Where the published text and the proxy differ, this is what the proxy does.

mod channel;
mod event;
mod filter;
pub(crate) mod hold;
pub mod sig;
mod subscription;
pub mod websocket;

pub(crate) use channel::{BYTE_ORDER_MARK, as_text};
pub use channel::{Channel, InvalidChannel};
pub use event::{Event, InvalidEvent};
pub use filter::Filter;
pub use hold::{Hold, InvalidKeepAlive, InvalidLink, KeepAlive, Link, Mode};
pub use subscription::Subscription;
