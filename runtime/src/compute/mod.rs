//! The only folder that touches the `fastly` crate.

mod backend;
mod client;
mod downstream;
mod entry;
mod environment;
mod handle;

pub use backend::Backend;
pub use client::{ClientAddr, ClientGeo, ClientRequest};
pub use entry::{MainReturn, main};
pub use environment::policy;
pub use handle::{Outcome, fall_back, handle, handle_with};
