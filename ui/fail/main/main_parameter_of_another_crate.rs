use fanout::http::Request;

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(news)]
fn main(_: Request<()>) {}
