//! The requests of Fastly Compute. Only this folder and the [transport](crate::publish::Backend) of publishers on Compute
//! touch the `fastly` crate.

mod client;
mod downstream;
mod entry;
mod handle;
mod handoff;
mod panics;

pub use client::{ClientGeo, ClientRequest};
pub use entry::{MainReturn, main, not_found};
pub use handle::{Outcome, fall_back, handle, handle_with};

/// Lets `?` take any error in a handler for messages.
impl crate::websocket::IntoClose for fastly::Error {}
