#[fanout::stream(channel = "news", keep_alive = "20s")]
fn news() {}

#[fanout::main(news)]
fn main() {}
