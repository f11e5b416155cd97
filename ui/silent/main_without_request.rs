//! A `main` that answers the same to everything.

use fanout::prelude::*;

#[fanout::ws(echo)]
fn chat() {}

#[fanout::main(chat)]
fn main() -> Response {
    Response::from_status(410)
}
