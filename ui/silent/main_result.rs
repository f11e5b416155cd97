//! A `main` that can fail.

use fanout::prelude::*;

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main(request: Request) -> Result<Response, Error> {
    let name = request.get_query_parameter("name").ok_or_else(|| Error::msg("who are you?"))?;
    Ok(Response::from_body(name))
}
