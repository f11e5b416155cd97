use fanout::prelude::*;

#[fanout::main()]
fn main(path: String) -> Response {
    Response::from_body(path)
}
