use fanout::prelude::*;

#[fanout::main()]
async fn main(request: Request) -> Response {
    Response::from_body(request.into_body())
}
