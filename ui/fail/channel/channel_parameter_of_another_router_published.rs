#[fanout::sse(path = "/rooms/{room}", channel = "room-:room")]
fn news() {}

#[fanout::post(path = "/rooms/{room}")]
fn say(room: &str) -> Result<(), fanout::publish::PublishError> {
    fanout::publish(news::channel(room), "hello")
}

#[fanout::main(news, say)]
fn main() {}
