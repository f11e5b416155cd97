#[fanout::route("GET /news")]
fn news() {}

#[fanout::main(news)]
fn main() {}
