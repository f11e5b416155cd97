#[fanout::sse(channel = "news", history = goals)]
fn news() {}

fn goals() -> Vec<String> {
    Vec::new()
}

#[fanout::main(news)]
fn main() {}
