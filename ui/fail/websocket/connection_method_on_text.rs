#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn on_text(&mut self, message: &str) {
        assert!(!message.is_empty());
    }
}

#[fanout::main(Chat)]
fn main() {}
