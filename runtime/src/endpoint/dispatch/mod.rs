//! The steps from a request to its answer, and the calls of the functions that make it.

mod call;
pub(crate) mod decide;
pub(crate) mod gate;
pub(crate) mod running;

pub use call::{
    Argument, Edge, Function, Guarded, Inside, Verdict, admit, found, guard, parameter, strict_parameter,
};
