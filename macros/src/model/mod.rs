//! From what was written to what it means: a typed endpoint or app, checked where each rule is stated.

pub mod app;
pub mod channels;
pub mod endpoint;
pub mod handler;
pub mod hold;
pub mod message;
pub mod names;
pub mod origin;
pub mod path;
pub mod socket;
