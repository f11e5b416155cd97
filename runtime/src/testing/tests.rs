use std::time::Duration;

use crate as fanout;
use crate::testing;

#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}", crate = fanout)]
fn room() {}

#[fanout::ws(path = "/rooms/{room}/chat", channel = "room-{room}", crate = fanout)]
fn chat(room: &str, message: &str) -> String {
    format!("{room}: {message}")
}

#[fanout::endpoints(room, chat, crate = fanout)]
enum Endpoints {}

#[test]
fn a_client_listens() {
    let app = testing::app::<Endpoints>();
    let mut stream = app.get("/rooms/red").header("x-member", "ann").open();
    stream.assert_hold(|hold| hold.channels() == ["room-red"]);
    app.publish(room::channel("red"), "goal");
    assert_eq!(stream.next_event().data(), "goal");
    let mut chat = app.connect("/rooms/red/chat?nickname=ann");
    chat.send("hello");
    assert_eq!(chat.next_text(), "red: hello");
    app.advance(Duration::from_secs(60));
    println!("{}", app.story());
}
