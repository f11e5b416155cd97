//! GRIP, the protocol between an app and its proxy (Fanout, Pushpin): pure, without I/O and without `fastly`.
//!
//! Where the published text and the proxy differ, this is what the proxy does.

mod channel;
mod event;
mod filter;
mod hold;
mod keep_alive;
mod link;
pub(crate) mod publish;
pub mod sig;
mod subscription;
pub mod websocket;

pub(crate) use channel::{BYTE_ORDER_MARK, as_text};
pub use channel::{Channel, InvalidChannel};
pub use event::{Event, InvalidEvent};
pub use filter::Filter;
pub use hold::{Hold, Mode};
pub use keep_alive::{InvalidKeepAlive, KeepAlive};
pub use link::{InvalidLink, Link};
pub use subscription::Subscription;
