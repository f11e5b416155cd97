#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, message: &[u8]) {
        assert!(!message.is_empty());
    }
}

#[fanout::main(Chat)]
fn main() {}
