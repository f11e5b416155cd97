mod rooms {
    #[fanout::sse(channel = "chat")]
    pub fn chat() {}
}

#[fanout::main(rooms)]
fn main() {}
