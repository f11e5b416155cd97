//! The steps from a request to its answer, and the calls of the functions that make it.

mod body_length;
mod call;
pub(crate) mod decide;
pub(crate) mod gate;
pub(crate) mod running;

#[cfg(test)]
pub(crate) use call::find;
pub use call::{Async, Callable, CallableWith, ChannelResult, Maker, NotAsync, PathMaker, Returned, found};
