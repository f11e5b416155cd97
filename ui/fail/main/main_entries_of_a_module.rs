mod live {
    #[fanout::sse(channel = "news")]
    pub fn news() {}
}

#[fanout::main(live::*)]
fn main() {}
