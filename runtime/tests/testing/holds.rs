use fanout::http::{HeaderName, HeaderValue, StatusCode};
use fanout::prelude::*;
use fanout::testing;

use super::seconds;

#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn room() {}

#[fanout::stream(channel = "log", keep_alive = every("20s", "...\n"), content_type = "text/csv", status = 202)]
fn log() -> &'static str {
    "a,b\n"
}

#[fanout::sse(
    channel = ["news", "all"],
    headers = [("x-a", "1"), ("x-b", "2")],
    expose_headers = ["x-a"],
    meta = [("user", "ann")],
    keep_alive = off
)]
fn news() -> Vec<Event> {
    vec![Event::data("one\ntwo").id("1").unwrap(), Event::comment("hi"), Event::named("goal", "{\"n\":1}")]
}

/// A name that no header can carry.
#[fanout::sse(channel = odd)]
fn odd_names() {}

fn odd() -> Channel {
    Channel::new("a,b;c").unwrap()
}

#[test]
fn a_stream_gets_what_is_published_to_its_channel_alone() {
    let app = testing::app::<room>();
    let (mut red, mut blue) = (app.open("/rooms/red"), app.open("/rooms/a%20b"));
    red.assert_hold(|hold| hold.channels() == ["room-red"] && hold.is_stream() && hold.timeout().is_none());
    blue.assert_hold(|hold| hold.channels() == ["room-a b"]);
    app.publish(room::channel("red"), "goal");
    assert_eq!(red.next_event().data(), "goal");
    red.assert_nothing();
    blue.assert_nothing();
    assert_eq!(
        (red.status(), red.header("Content-Type").as_deref()),
        (StatusCode::OK, Some("text/event-stream"))
    );
    assert!(red.header("grip-hold").is_none());
}

#[test]
fn the_first_events_come_before_the_published_ones() {
    let app = testing::app::<news>();
    let mut stream = app.open("/news");
    app.publish(Channel::from_static("all"), Event::data("three").id("3").unwrap());
    let first = stream.next_event();
    assert_eq!((first.data(), first.id(), first.event()), ("one\ntwo", Some("1"), "message"));
    let second = stream.next_event();
    assert_eq!((second.event(), second.json::<serde_json::Value>()["n"].as_u64()), ("goal", Some(1)));
    assert_eq!(stream.next_event().id(), Some("3"));
    assert_eq!(stream.last_event_id(), Some("3"));
    stream.assert_hold(|hold| {
        hold.channels() == ["news", "all"] && hold.meta("user") == Some("ann") && hold.keep_alive().is_none()
    });
    let names = stream.header_names();
    assert!(names.contains(&"x-a".to_owned()) && !names.contains(&"x-b".to_owned()), "{names:?}");
}

#[test]
fn the_clock_brings_keep_alives() {
    let app = testing::app::<(room, log)>();
    let mut stream = app.open("/rooms/red");
    assert_eq!(stream.next_comment(), "");
    app.advance(seconds(14));
    stream.assert_nothing();
    app.publish(room::channel("red"), "goal");
    app.advance(seconds(14));
    assert_eq!(stream.next_event().data(), "goal");
    assert!(super::panic_of(|| stream.next_comment()).contains("there is no comment"));
    app.advance(seconds(1));
    assert_eq!(stream.next_comment(), "");

    let mut log = app.open("/log");
    assert_eq!((log.status().as_u16(), log.header("content-type").as_deref()), (202, Some("text/csv")));
    assert_eq!(log.next_text(), "a,b\n");
    app.advance(seconds(10));
    app.publish(log::channel(), fanout::publish::Message::text("1,2\n").unframed());
    assert_eq!(log.next_text(), "1,2\n");
    // Every 20 seconds, quiet or not.
    app.advance(seconds(10));
    assert_eq!(log.next_text(), "...\n");
    log.assert_hold(|hold| {
        hold.keep_alive().is_some_and(|keep_alive| {
            keep_alive.is_interval() && keep_alive.time() == seconds(20) && keep_alive.data() == b"...\n"
        })
    });
}

#[test]
fn a_name_that_fits_no_header_is_held_all_the_same() {
    let app = testing::app::<odd_names>();
    let mut stream = app.open("/odd_names");
    stream.assert_hold(|hold| hold.channels() == ["a,b;c"]);
    app.publish(odd(), "one");
    assert_eq!(stream.next_event().data(), "one");
}

#[test]
fn a_client_that_leaves_gets_nothing_more() {
    let app = testing::app::<room>();
    let mut stream = app.open("/rooms/red");
    stream.leave();
    assert!(stream.is_ended() && !stream.is_held());
    app.publish(room::channel("red"), "goal");
    assert_eq!(stream.next_comment(), "");
    stream.assert_nothing();
}

#[test]
fn only_twenty_channels_are_subscribed() {
    #[fanout::sse(channel = many)]
    fn stream() {}

    fn many() -> Vec<Channel> {
        (0..25).map(|number| Channel::new(format!("c{number}")).unwrap()).collect()
    }

    let app = testing::app::<stream>();
    assert_eq!(app.open("/stream").hold().channels().len(), 20);
}

#[test]
fn a_bad_instruction_is_what_the_proxy_makes_of_it() {
    use fanout::Route;

    const BY_HAND: Route = Route::sse("/by-hand", |head| {
        let name = HeaderName::from_bytes(head.query().unwrap_or_default().as_bytes()).unwrap();
        Answer::text(200, "x").with_header(name, HeaderValue::from_static("?"))
    });
    let app = testing::routes([BY_HAND]);
    for name in ["grip-hold", "grip-timeout", "grip-status"] {
        let answer = app.get(format!("/by-hand?{name}")).send();
        assert_eq!(
            (answer.status().as_u16(), answer.text()),
            (502, "Error while proxying to origin.\n"),
            "{name}"
        );
    }
    // Without a hold, the response goes to the client, without the instruction.
    let answer = app.get("/by-hand?grip-channel").send();
    assert_eq!((answer.status().as_u16(), answer.text(), answer.header("grip-channel")), (200, "x", None));
}

#[test]
fn the_id_beside_a_comment_counts() {
    #[fanout::sse(channel = "news")]
    fn feed(seen: LastEventId) -> Event {
        Event::comment(format!("after {:?}", seen.get())).id_number(42)
    }

    let app = testing::app::<feed>();
    let mut stream = app.open("/feed");
    assert_eq!(stream.next_comment(), "after None");
    assert_eq!(stream.last_event_id(), Some("42"));
    stream.reconnect();
    assert_eq!(stream.next_comment(), "after Some(\"42\")");
}
