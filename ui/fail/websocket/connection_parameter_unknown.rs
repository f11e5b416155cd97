#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Chat;

#[fanout::ws(path = "/rooms/{room}", channel = "{room}")]
impl Chat {
    fn open(rom: &str) -> Self {
        drop(rom.to_owned());
        Self
    }
}

#[fanout::main(Chat)]
fn main() {}
