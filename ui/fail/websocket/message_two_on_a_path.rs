#[fanout::ws(path = "/news/{topic}", channel = "{topic}")]
fn news(line: &str, other: String) {
    let _ = (line, other);
}

#[fanout::main(news)]
fn main() {}
