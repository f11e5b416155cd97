//! Paths, and their parameters.

use fanout::prelude::*;

/// Gives a value back, as the function gets it.
#[fanout::long_poll(path = "/language/value/{value}", channel = "language")]
fn value(value: &str) -> Poll<String, ()> {
    Poll::Now(value.to_owned())
}

/// A number. What is none is another path, and nothing is at that one.
#[fanout::long_poll(path = "/language/number/{number}", channel = "language")]
fn number(number: u8) -> Poll<String, ()> {
    Poll::Now(number.to_string())
}

/// A number. What is none is a mistake.
#[fanout::long_poll(path = "/language/strict/{number}", channel = "language", strict)]
fn strict(number: u8) -> Poll<String, ()> {
    Poll::Now(number.to_string())
}

/// Not a parameter.
#[fanout::long_poll(path = "/language/order/literal", channel = "language")]
fn literal() -> Poll<&'static str, ()> {
    Poll::Now("literal")
}

/// Anything else in its place.
#[fanout::long_poll(path = "/language/order/{parameter}", channel = "language")]
fn parameter(parameter: String) -> Poll<String, ()> {
    Poll::Now(format!("parameter {parameter}"))
}

/// Anything else at all.
#[fanout::long_poll(path = "/language/order/{*rest}", channel = "language")]
fn rest(rest: &str) -> Poll<String, ()> {
    Poll::Now(format!("rest {rest}"))
}

/// The name of an endpoint in another module, and of none that the list has.
#[cfg(any())]
#[fanout::sse(path = "/language/number/{number}", channel = "language")]
fn missing(number: &str) {}

/// What there is to be found.
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
