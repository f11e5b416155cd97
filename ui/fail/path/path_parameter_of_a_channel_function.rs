fn team(room: &str) -> fanout::Channel {
    fanout::Channel::new(room).unwrap()
}

#[fanout::sse(path = "/{room}", channel = team)]
fn news() {}

#[fanout::main(news)]
fn main() {}
