//! A `main` that answers every request alike.

use fanout::prelude::*;

#[fanout::ws(echo)]
fn chat() {}

#[fanout::main(chat)]
fn main() -> Response {
    Response::from_status(410)
}
