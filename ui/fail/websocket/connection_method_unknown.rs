#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn texts(&mut self, message: &str) {
        drop(message.to_owned());
    }
}

#[fanout::main(Chat)]
fn main() {}
