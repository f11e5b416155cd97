use fanout::prelude::*;

#[fanout::main()]
fn main(request: &Request) -> Response {
    Response::from_body(request.get_path())
}
