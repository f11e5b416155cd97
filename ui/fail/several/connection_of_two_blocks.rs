#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(channel = "chat")]
impl Chat {
    fn text(&mut self) {}
}

#[fanout::ws(path = "/news", channel = "news")]
impl Chat {
    fn close(&mut self) {}
}

#[fanout::main(Chat)]
fn main() {}
