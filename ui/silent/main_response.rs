//! A `main` that returns a response.

use fanout::prelude::*;

#[fanout::main()]
fn main(mut request: Request) -> Response {
    Response::from_body(request.take_body())
}
