#[fanout::stream(channel = "log", content_type = "html")]
fn log() {}

#[fanout::main(log)]
fn main() {}
