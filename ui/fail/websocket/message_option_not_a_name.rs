#[fanout::ws(message = "line")]
fn news(line: &str) {
    let _ = line;
}

#[fanout::main(news)]
fn main() {}
