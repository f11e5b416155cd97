use fanout::prelude::{Request, Response};

#[fanout::get]
fn news(request: Request) -> Response {
    Response::from_body(request.into_body())
}

#[fanout::main(news)]
fn main() {}
