mod rooms {
    #[fanout::sse(channel = "news")]
    pub fn news() {}

    #[fanout::ws(channel = "chat")]
    pub fn chat() {}
}

#[fanout::main(rooms::{news, chat})]
fn main() {}
