//! GRIP, the protocol between an app and its proxy (Fanout or Pushpin): without I/O, and without the `fastly` crate.
//!
//! The proxy and the published text of the protocol differ in places. This module follows the proxy.

pub(crate) mod channel;
mod filter;
pub(crate) mod hold;
mod into;
mod json_error;
mod seconds;
pub(crate) mod server_sent_event;
#[cfg(feature = "sig")]
pub mod sig;
mod subscription;
pub mod websocket;

pub(crate) use channel::Channel;
pub use channel::InvalidChannel;
pub(crate) use channel::{BYTE_ORDER_MARK, as_text};
pub use filter::Filter;
pub use hold::{Hold, InvalidKeepAlive, InvalidLink, KeepAlive, Link, Mode};
pub use into::{IntoBytes, IntoIdNumber, IntoText};
pub use json_error::JsonError;
pub(crate) use json_error::to_json;
pub(crate) use server_sent_event::Event;
pub use server_sent_event::InvalidEvent;
pub use subscription::{IntoSubscription, Subscription};
