fn signed_in() -> Result<String, fanout::Answer> {
    Ok(String::new())
}

#[fanout::sse(channel = {guard.id}, guard = signed_in)]
fn mine() {}

#[fanout::sse(path = "/{room}", channel = room-{room}-{guard}, guard = signed_in)]
fn room() {}

#[fanout::main(mine, room)]
fn main() {
    fanout::publish(mine::channel(7), "hello").unwrap();
    fanout::publish(room::channel("blue", 7), "hello").unwrap();
}
