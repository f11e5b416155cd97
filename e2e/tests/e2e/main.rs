//! The example app, compiled to wasm, on a real Viceroy and behind a real Pushpin, as its clients see it.
//!
//! `cargo xtask test` builds what these tests need, says where it is in the environment, and runs them.

mod browser;
mod channels;
mod chat;
mod fastly_cli;
mod fresh_tokens;
mod grip;
mod hold;
mod hostcalls;
mod json_rpc;
mod language;
mod lifecycle;
mod long_poll;
mod manifest;
mod manners;
mod panics;
mod publish;
mod returns;
mod socket;
mod tokens;
mod topics;
mod trust;
mod websocket;
