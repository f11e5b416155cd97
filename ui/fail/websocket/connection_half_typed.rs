#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(channel = "chat")]
impl Chat {
    fn text(&mut self, message) {}

    fn texts(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {
    let _: fanout::Channel = Chat::channel();
}
