#[fanout::stream(channel = "news", headers = [("Content-Type", "text/html")])]
fn news() {}

#[fanout::main(news)]
fn main() {}
