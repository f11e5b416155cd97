use fanout::fastly::{self, Error, Request, Response};

#[fanout::sse(channel = "news")]
fn news() {}

#[fastly::main]
#[fanout::main(news)]
fn main(_request: Request) -> Result<Response, Error> {
    Ok(Response::new())
}
