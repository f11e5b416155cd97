#[fanout::ws(path = "/rooms/{room}", message = room)]
fn chat(room: &str) {
    assert!(!room.is_empty());
}

#[fanout::main(chat)]
fn main() {}
