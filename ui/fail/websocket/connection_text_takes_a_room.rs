#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws]
impl Chat {
    fn text(&mut self, room: &str, message: &str) {
        let _ = (room, message);
    }
}

#[fanout::main(Chat)]
fn main() {}
