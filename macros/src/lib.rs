//! The attributes of the `fanout` crate.
