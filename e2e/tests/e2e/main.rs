//! The apps, compiled to wasm, on a real Viceroy and behind a real Pushpin, as their clients see them.
//!
//! `cargo xtask test e2e` builds the apps, names them and the tools in the environment, and runs these tests.

mod before_handoff;
mod channels;
mod conformance;
mod deploy;
mod examples;
mod guards;
mod holds;
mod hostcalls;
mod kv_history;
mod pages;
mod panics;
mod plain_endpoints;
mod publish;
mod recovery_links;
mod refusals;
mod reuse;
mod routing;
mod serve_command;
mod trust;
mod typed_client;
mod websocket;
