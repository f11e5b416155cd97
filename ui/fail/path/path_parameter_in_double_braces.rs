#[fanout::sse(path = "/rooms/{{id}}", channel = "room-{id}")]
fn room(id: u32) {
    let _ = id;
}

#[fanout::main(room)]
fn main() {}
