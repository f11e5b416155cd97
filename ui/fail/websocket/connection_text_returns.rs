#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, message: &str) -> usize {
        message.len()
    }
}

#[fanout::main(Chat)]
fn main() {}
