//! `cargo fanout routes`: the endpoints of an app.

pub mod model;
pub mod typescript;
