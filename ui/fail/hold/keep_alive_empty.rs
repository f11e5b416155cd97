#[fanout::stream(channel = "news", keep_alive = idle("20s", ""))]
fn news() {}

#[fanout::main(news)]
fn main() {}
