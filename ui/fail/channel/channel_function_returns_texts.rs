fn topics() -> Vec<String> {
    vec!["news".to_owned()]
}

#[fanout::sse(channel = topics)]
fn news() {}

#[fanout::main(news)]
fn main() {}
