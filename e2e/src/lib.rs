//! The shared parts of the end-to-end tests: a running stack, and clients that know when the proxy has subscribed them.

mod app;
mod browser;
pub mod config;
mod http;
mod stand_in;
mod tools;
mod trace;
mod typescript;
mod websocket;

pub use ::reqwest::header::HeaderMap;
pub use app::{App, PATIENCE, on_app, on_app_with, on_app_within, on_stack, on_stack_with, within};
pub use browser::Browser;
pub use http::{Answer, Held, Poll, grip_headers, media_type};
pub use stand_in::{Received, StandIn};
pub use tools::{skip, tool};
pub use trace::{AppRequest, trace_hostcalls};
pub use typescript::Tsc;
pub use websocket::Socket;
