trait Api {
    #[fanout::sse(channel = "news")]
    fn news();
}

#[fanout::main]
fn main() {}
