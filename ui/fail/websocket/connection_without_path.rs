#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(channel = "room-{room}")]
impl Chat {
    fn text(&mut self, room: &str, line: &str) {
        let _ = (room, line);
    }
}

#[fanout::main(Chat)]
fn main() {}
