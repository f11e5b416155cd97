#[fanout::sse(channel = "a", keep_alive = idle("20s", DATA))]
fn news() {}

#[fanout::main(news)]
fn main() {}
