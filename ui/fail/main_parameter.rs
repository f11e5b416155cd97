use fanout::prelude::*;

#[fanout::main()]
fn main(path: &str) -> Response {
    Response::from_body(path)
}
