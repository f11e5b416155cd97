mod rooms {
    #[fanout::sse(channel = "chat")]
    pub fn chat() {}
}

#[fanout::main("/rooms" => rooms::chat)]
fn main() {}
