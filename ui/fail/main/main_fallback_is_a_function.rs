use fanout::prelude::*;

fn not_found(_: Request) -> Response {
    Response::from_status(404)
}

#[fanout::main(fallback = not_found)]
fn main() {}
