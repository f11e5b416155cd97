//! The only folder that touches the `fastly` crate.

mod downstream;
mod entry;
mod environment;
mod handle;

pub use entry::{MainReturn, main};
pub use environment::policy;
pub use handle::{Outcome, handle, handle_with};
