//! A crate that re-exports others, as a framework of a team would.

pub use fanout;

/// A part of its API.
pub mod realtime {
    pub use fanout::prelude;
    pub use fanout::*;
}
