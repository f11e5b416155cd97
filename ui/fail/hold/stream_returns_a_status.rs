use fanout::prelude::*;

#[fanout::stream(channel = "news")]
fn news() -> (StatusCode, String) {
    (StatusCode::ACCEPTED, String::new())
}

#[fanout::main(news)]
fn main() {}
