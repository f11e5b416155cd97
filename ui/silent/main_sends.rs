//! A `main` that has sent its answer itself.

use fanout::prelude::*;

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main(request: Request) {
    Response::from_body(request.into_body()).send_to_client();
}
