#[fanout::sse(path = "/things/{type}", channel = "things-{type}")]
fn things(type_: &str) {
    let _ = type_;
}

#[fanout::main(things)]
fn main() {}
