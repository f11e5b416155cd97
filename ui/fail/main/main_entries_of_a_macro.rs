mod rooms {
    #[fanout::sse(channel = "chat")]
    pub fn chat() {}
}

#[fanout::sse(channel = "news")]
fn news() {}

#[fanout::main(routes![news, rooms::chat])]
fn main() {}
