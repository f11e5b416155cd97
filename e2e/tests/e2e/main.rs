//! The example app, compiled to wasm, on a real Viceroy and behind a real Pushpin, as its clients see it.
//!
//! `cargo xtask test` builds what these tests need, says where it is in the environment, and runs them.

mod channels;
mod deploy;
mod edge;
mod examples;
mod guards;
mod holds;
mod hostcalls;
mod panics;
mod publish;
mod routing;
mod trust;
mod websocket;
