#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(path = "/rooms/{room}")]
impl Chat {
    fn text(&mut self, rom: &str, message: &str) {
        assert_ne!(rom, message);
    }
}

#[fanout::main(Chat)]
fn main() {}
