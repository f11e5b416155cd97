#[fanout::sse(path = "/rooms/$id", channel = "rooms")]
fn rooms(id: u32) {
    let _ = id;
}

#[fanout::main(rooms)]
fn main() {}
