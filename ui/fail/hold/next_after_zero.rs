#[fanout::stream(channel = "log", next = "/log/missed", next_after = 0)]
fn log() {}

#[fanout::main(log)]
fn main() {}
