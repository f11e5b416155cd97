//! The only folder that touches the `fastly` crate.

mod downstream;
mod entry;
mod handle;

pub use entry::{MainReturn, main};
pub use handle::{Outcome, handle};
