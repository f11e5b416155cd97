#[fanout::sse(channel = "news")]
fn news() -> ! {
    todo!()
}

#[fanout::main(news)]
fn main() {}
