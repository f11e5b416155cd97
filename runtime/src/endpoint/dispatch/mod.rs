//! The steps from a request to its answer, and the calls of the functions that make it.

mod body_length;
mod call;
pub(crate) mod decide;
pub(crate) mod environment;
pub(crate) mod gate;
pub(crate) mod panicked;
pub(crate) mod respond;
pub(crate) mod running;

pub use call::{Function, found, parameter, strict_parameter};
