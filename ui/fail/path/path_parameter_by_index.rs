#[fanout::sse(path = "/rooms/{0}", channel = "room-{id}")]
fn room(id: u32) {
    let _ = id;
}

#[fanout::main(room)]
fn main() {}
