#[fanout::stream(channel = "news", keep_alive = every("20s", b"\n"))]
fn news() {}

#[fanout::main(news)]
fn main() {}
