use fanout::publish::PublishError;

#[fanout::post(path = "/rooms/{room}", channel = "room-{room}")]
fn say(room: &str) -> Result<(), PublishError> {
    fanout::publish(say::channel(room), "hello")
}

#[fanout::main(say)]
fn main() {}
