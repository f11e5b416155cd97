//! Paths, and their parameters.

use fanout::prelude::*;

/// Returns a value as the handler receives it.
#[fanout::long_poll(path = "/language/value/{value}", channel = "language")]
fn value(value: &str) -> Poll<String, ()> {
    Poll::Now(value.to_owned())
}

/// A number. Any other text is a 404.
#[fanout::long_poll(path = "/language/number/{number}", channel = "language")]
fn number(number: u8) -> Poll<String, ()> {
    Poll::Now(number.to_string())
}

/// A number. Any other text is a 400.
#[fanout::long_poll(path = "/language/strict/{number}", channel = "language", strict)]
fn strict(number: u8) -> Poll<String, ()> {
    Poll::Now(number.to_string())
}

/// Not a parameter.
#[fanout::long_poll(path = "/language/order/literal", channel = "language")]
fn literal() -> Poll<&'static str, ()> {
    Poll::Now("literal")
}

/// Any other segment.
#[fanout::long_poll(path = "/language/order/{parameter}", channel = "language")]
fn parameter(parameter: String) -> Poll<String, ()> {
    Poll::Now(format!("parameter {parameter}"))
}

/// Any other path.
#[fanout::long_poll(path = "/language/order/{*rest}", channel = "language")]
fn rest(rest: &str) -> Poll<String, ()> {
    Poll::Now(format!("rest {rest}"))
}

/// An endpoint with the name of one in another module, and in no list.
#[cfg(any())]
#[fanout::sse(path = "/language/number/{number}", channel = "language")]
fn missing(number: &str) {}

/// The endpoints of this module.
#[fanout::endpoints(
    value,
    number,
    strict,
    literal,
    parameter,
    rest,
    #[cfg(any())]
    missing
)]
pub enum Endpoints {}
