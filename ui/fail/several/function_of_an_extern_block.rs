unsafe extern "C" {
    #[fanout::sse(channel = "news")]
    fn news();
}

#[fanout::main]
fn main() {}
