#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, message: u8) {
        let _ = message;
    }
}

#[fanout::main(Chat)]
fn main() {}
