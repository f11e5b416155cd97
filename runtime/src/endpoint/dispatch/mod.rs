//! The steps from a request to its answer, and the calls of the functions that make it.

mod call;
pub(crate) mod decide;
pub(crate) mod gate;
pub(crate) mod running;

pub use call::{
    Argument, Function, GuardResult, Guarded, InGuard, InHandler, found, guard_value_or_run, parameter,
    run_guard, strict_parameter,
};
