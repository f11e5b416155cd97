//! What the attributes say: a module for each part of the language, and each with a list of its own.

pub mod channels;
pub mod guards;
mod holds;
pub mod limits;
mod manners;
mod paths;

/// All of it.
#[fanout::endpoints(
    paths::Endpoints,
    channels::Endpoints,
    guards::Endpoints,
    holds::Endpoints,
    limits::Endpoints,
    manners::Endpoints,
    #[cfg(any())]
    nowhere::Endpoints
)]
pub enum Endpoints {}
