//! The steps from a request to its answer, and the calls of the functions that make it.

#[cfg(feature = "sig")]
mod body_length;
mod call;
#[cfg(feature = "sig")]
pub(crate) mod decide;
#[cfg(feature = "sig")]
pub(crate) mod environment;
#[cfg(feature = "sig")]
pub(crate) mod gate;
#[cfg(feature = "sig")]
pub(crate) mod panicked;
#[cfg(feature = "sig")]
pub(crate) mod respond;
pub(crate) mod running;

#[cfg(test)]
pub(crate) use call::find;
pub use call::{Async, Callable, CallableWith, ChannelResult, Maker, NotAsync, Returned, found};
