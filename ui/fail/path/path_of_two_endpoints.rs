#[fanout::sse(path = "/hello", channel = "a")]
fn hello() {}

#[fanout::sse(path = "/hello", channel = "b")]
fn greeting() {}

#[fanout::main(hello, greeting)]
fn main() {}
