#[fanout::stream(channel = "news", keep_alive = idle(0, "\n"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
