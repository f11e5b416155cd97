#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, #[cfg(any())] room: Room, text: &str) {
        let _ = text;
    }
}

#[fanout::main(Chat)]
fn main() {}
