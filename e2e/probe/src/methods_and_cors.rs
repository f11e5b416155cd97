//! Methods, and scripts of other origins.

use fanout::Guarded;
use fanout::http::StatusCode;
use fanout::prelude::*;

/// One of two endpoints of a path.
#[fanout::long_poll(path = "/language/methods", channel = "language")]
fn get() -> Poll<&'static str, ()> {
    Poll::Now("got")
}

/// The other one, which reads the body.
#[fanout::long_poll(path = "/language/methods", channel = "language", methods = ["POST", "PUT"])]
fn post(mut request: Request) -> Poll<String, ()> {
    let (method, body) = (request.get_method_str().to_owned(), request.take_body_str());
    Poll::Now(format!("{method} {body}"))
}

/// For pages of one other origin; a hold in headers.
#[fanout::sse(path = "/language/cors/headers", channel = "cors", cors = "http://page.example")]
fn in_headers() {}

/// For pages of one other origin; the comma makes it a hold in JSON.
#[fanout::sse(path = "/language/cors/json", channel = "cors,json", cors = "http://page.example")]
fn in_json() {}

fn never() -> Result<(), (StatusCode, &'static str)> {
    Err((StatusCode::FORBIDDEN, "never\n"))
}

/// For pages of one other origin, and refused.
#[fanout::sse(path = "/language/cors/refused", channel = "cors", cors = "http://page.example", guard = never)]
fn refused(_: Guarded<()>) {}

/// For pages of one other origin, with a number. Fails at 0.
#[fanout::sse(path = "/language/cors/number/{number}", channel = "cors", cors = "http://page.example")]
fn number(number: u8) -> Result<String, StatusCode> {
    if number == 0 { Err(StatusCode::INTERNAL_SERVER_ERROR) } else { Ok(number.to_string()) }
}

/// For pages of every origin.
#[fanout::sse(path = "/language/cors/any", channel = "cors", cors = "*")]
fn any() -> &'static str {
    "welcome"
}

/// The endpoints of this module.
#[fanout::endpoints(get, post, in_headers, in_json, refused, number, any)]
pub enum Endpoints {}
