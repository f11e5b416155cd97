//! GRIP, the protocol between an app and its proxy (Fanout or Pushpin): without I/O, and without the `fastly` crate.
//!
//! The proxy and the published text of the protocol differ in places. This module follows the proxy.

mod channel;
mod filter;
pub(crate) mod hold;
mod json_error;
mod seconds;
mod server_sent_event;
pub mod sig;
mod subscription;
pub mod websocket;

pub(crate) use channel::{BYTE_ORDER_MARK, as_text};
pub use channel::{Channel, InvalidChannel};
pub use filter::Filter;
pub use hold::{Hold, InvalidKeepAlive, InvalidLink, KeepAlive, Link, Mode};
pub use json_error::JsonError;
pub(crate) use json_error::to_json;
pub use server_sent_event::{Event, InvalidEvent};
pub use subscription::Subscription;
