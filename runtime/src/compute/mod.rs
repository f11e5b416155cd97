//! The requests of Fastly Compute, and the transport of publishers and the store of histories there. Only this folder touches the `fastly` crate.

mod app;
mod backend;
mod client;
mod downstream;
mod entry;
mod handle;
mod handoff;
mod kv_history;
mod panics;
mod refuse;
mod reuse;

pub use app::App;
pub use backend::Backend;
pub use client::{ClientGeo, ClientRequest};
pub use entry::{MainParameter, MainReturn, main, main_again, not_found};
pub use handle::{Outcome, fall_back, handle, handle_with};
pub use kv_history::KvHistory;
pub use reuse::Reuse;

/// Lets `?` take any error in a handler for messages.
#[diagnostic::do_not_recommend]
impl crate::websocket::IntoClose for fastly::Error {}
