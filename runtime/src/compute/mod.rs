//! The only folder that touches the `fastly` crate.

mod backend;
mod downstream;
mod entry;
mod environment;
mod handle;

pub use backend::Backend;
pub use entry::{MainReturn, main};
pub use environment::policy;
pub use handle::{Outcome, handle, handle_with};
