use std::collections::HashMap;

use fanout::Query;

#[fanout::sse(channel = "news")]
fn news(query: Result<Query<HashMap<String, String>>, String>) {
    drop(query);
}

#[fanout::main(news)]
fn main() {}
