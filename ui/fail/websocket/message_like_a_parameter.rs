#[fanout::ws(path = "/rooms/{room}", channel = "{room}")]
fn chat(rom: &str) {
    drop(rom.to_owned());
}

#[fanout::main(chat)]
fn main() {}
