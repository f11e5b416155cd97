#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(channel = "chat")]
impl Chat {
    fn text(&mut self) {}
}

impl Chat {
    fn channel(&self) -> &'static str {
        "mine"
    }
}

#[fanout::main(Chat)]
fn main() {}
