#[fanout::stream(channel = "log", keep_alive = off)]
fn log() {}

#[fanout::main(log)]
fn main() {}
