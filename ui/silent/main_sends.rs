//! A `main` that sends its response itself.

use fanout::prelude::*;

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main(request: Request) {
    Response::from_body(request.into_body()).send_to_client();
}
