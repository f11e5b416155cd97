#[fanout::endpoints(news)]
mod rooms {
    #[fanout::sse(channel = "news")]
    pub fn news() {}
}

#[fanout::main(rooms)]
fn main() {}
