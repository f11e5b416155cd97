//! A crate that hands others on, as a team's own framework would.

pub use fanout;

/// A part of its API.
pub mod realtime {
    pub use fanout::prelude;
    pub use fanout::*;
}
