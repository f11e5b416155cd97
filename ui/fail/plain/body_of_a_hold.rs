use fanout::prelude::*;

#[fanout::sse(channel = "orders")]
fn orders(Form(_filter): Form<Vec<(String, String)>>) {}

#[fanout::main(orders)]
fn main() {}
