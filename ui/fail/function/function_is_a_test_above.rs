// The compiler takes the function out of the program, and with it our attribute, before that is expanded.
#[test]
#[fanout::sse(channel = "news")]
fn news() {}

#[cfg(not(test))]
#[fanout::main(news)]
fn main() {}
