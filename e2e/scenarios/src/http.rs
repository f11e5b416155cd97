//! Methods, and pages of other origins.

use fanout::http::{Method, StatusCode};
use fanout::prelude::*;

/// Two methods.
#[fanout::long_poll(path = "/http/methods/{of}", channel = "http-{of}", methods = ["POST", "PUT"])]
pub fn methods(method: Method) -> Poll<String, ()> {
    Poll::Now(format!("{method}\n"))
}

/// For the pages of one origin.
#[fanout::sse(path = "/http/cors/{of}", channel = "http-{of}", cors = "https://page.example", methods = ["GET", "POST"])]
pub fn cors() -> &'static str {
    "welcome"
}

fn never() -> Result<(), (StatusCode, &'static str)> {
    Err((StatusCode::FORBIDDEN, "never\n"))
}

/// For the pages of one origin, and refused.
#[fanout::sse(path = "/http/refused/{of}", channel = "http-{of}", cors = "https://page.example", guard = never)]
pub fn refused() {}

/// For pages of every origin.
#[fanout::long_poll(path = "/http/any/{of}", channel = "http-{of}", cors = "*")]
pub fn any() -> Poll<&'static str, ()> {
    Poll::Now("welcome\n")
}

/// A WebSocket beside it.
#[fanout::ws(path = "/http/ws/{of}", channel = "ws-{of}")]
pub fn ws(_message: &str) {}

/// The endpoints of this module.
#[fanout::endpoints(methods, cors, refused, any, ws)]
pub enum Endpoints {}
