use fanout::prelude::*;
use fanout::publish::Message;
use fanout::websocket::CloseCode;
use fanout::{ClientRequest, Route, testing};

use super::panic_of;

#[fanout::sse(path = "/rooms/{room}", channel = "room-{room}")]
fn room() {}

#[fanout::long_poll(channel = "score", timeout = 30)]
fn score() {}

#[fanout::ws(echo, channel = "chat")]
fn chat() {}

#[fanout::stream(channel = "log", methods = ["POST"])]
fn log(request: Request) -> Vec<u8> {
    request.into_body_bytes()
}

#[fanout::ws]
fn ask(message: &str, request: Request) -> String {
    format!("{message} {}", request.get_path())
}

fn no_old_tls(client: ClientRequest<'_>) -> Result<(), Answer> {
    match client.get_tls_protocol() {
        Ok(Some("TLSv1.3")) => Ok(()),
        _ => Err(Answer::text(403, "your TLS is too old\n")),
    }
}

#[fanout::sse(channel = "tls", guard = no_old_tls)]
fn tls() {}

#[fanout::endpoints(room, score, chat, log, ask, tls)]
enum All {}

#[test]
fn waiting_for_nothing_is_a_panic_that_says_what_the_client_has() {
    let app = testing::app::<All>();
    let mut stream = app.get("/rooms/red").header("x-user", "ann").open();
    app.publish(room::channel("blue"), "goal");
    let message = panic_of(|| stream.next_event());
    for part in [
        "client 1: there is no event: it has an open stream, and is subscribed to `room-red`",
        "client 1  GET /rooms/red\n",
        "client 1    x-user: ann\n",
        "app       hands the client request off to `self`",
        "client 1  is held: 200 stream, on `room-red`",
        "proxy     published to `room-blue`: no client listens",
    ] {
        assert!(message.contains(part), "{part}\n{message}");
    }
    let poll = app.open("/score");
    let message = panic_of(|| poll.response());
    assert!(
        message.contains(
            "there is no response: it waits for an item until 30 s of the clock, and is subscribed to `score`"
        ),
        "{message}"
    );
    let mut chat = app.connect("/chat");
    let message = panic_of(|| chat.next_text());
    assert!(message.contains("there is no text: it is open, and is subscribed to `chat`"), "{message}");
    chat.close(1000, "");
    let message = panic_of(|| chat.next_text());
    assert!(message.contains("there is no text: the next is close 1000"), "{message}");
    let message = panic_of(|| chat.send("x"));
    assert!(message.contains("it cannot send: it is closed"), "{message}");
}

#[test]
fn a_wrong_expectation_shows_what_is_there() {
    let app = testing::app::<All>();
    let stream = app.open("/rooms/red");
    let message = panic_of(|| stream.assert_hold(|hold| hold.channels() == ["room-blue"]));
    assert!(message.contains("the hold of client 1 is another") && message.contains("room-red"), "{message}");
    let message = panic_of(|| app.open("/nowhere").hold());
    assert!(
        message.contains(
            r#"there is no hold: its response is complete, with the status 404 and the body "not found\n""#
        ),
        "{message}"
    );
    let message = panic_of(|| app.connect("/rooms/red"));
    assert!(message.contains("the WebSocket is refused with a 400"), "{message}");
    let message = panic_of(|| app.get("/rooms/red").send());
    assert!(message.contains("the response is not complete: it has an open stream"), "{message}");
    let message = panic_of(|| app.get("rooms").open());
    assert!(message.contains("`rooms` is no path"), "{message}");
    let message = panic_of(|| app.get("/a b").open());
    assert!(message.contains("percent-encode"), "{message}");
}

#[test]
fn what_exists_on_compute_only_is_named() {
    let app = testing::app::<All>();
    for message in [
        panic_of(|| app.post("/log").open()),
        panic_of(|| app.get("/tls").open()),
        panic_of(|| app.connect("/ask").send("hi")),
    ] {
        assert!(
            message.contains("cannot run in a test: it takes `fastly::Request` or `ClientRequest`"),
            "{message}"
        );
    }
    // The others run.
    assert!(app.open("/rooms/red").is_held());
}

#[test]
fn two_endpoints_of_the_same_requests_are_a_panic() {
    #[fanout::sse(path = "/rooms/{_name}", channel = "x")]
    fn other() {}

    let message = panic_of(testing::app::<(room, other)>);
    assert!(message.ends_with("::room` match the same request"), "{message}");
    let message = panic_of(testing::app::<(All, room)>);
    assert!(message.ends_with("::room` is in the list of the app twice"), "{message}");
}

/// Returns the place of a panic.
fn place_of<R>(run: impl FnOnce() -> R) -> String {
    use std::sync::{Arc, Mutex};

    // One test at a time has the hook of the process.
    static HOOK: Mutex<()> = Mutex::new(());
    let _one = HOOK.lock();
    let place = Arc::new(Mutex::new(String::new()));
    let hook = std::panic::take_hook();
    let seen = Arc::clone(&place);
    let thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == thread {
            *seen.lock().unwrap() = info.location().map(ToString::to_string).unwrap_or_default();
        }
    }));
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    std::panic::set_hook(hook);
    match outcome {
        Ok(_) => "no panic".to_owned(),
        Err(_) => std::mem::take(&mut place.lock().unwrap()),
    }
}

#[test]
fn every_panic_is_reported_at_the_line_of_the_test() {
    macro_rules! at_the_line {
        ($($call:expr;)*) => {
            let places = [$((stringify!($call), place_of(|| $call))),*];
            let elsewhere: Vec<_> = places.iter().filter(|(_, place)| !place.contains("failures.rs")).collect();
            assert!(elsewhere.is_empty(), "{elsewhere:#?}");
        };
    }

    let late = Message::close(CloseCode::NORMAL, "");
    let app = testing::app::<All>();
    let mut stream = app.open("/rooms/red");
    let poll = app.open("/score");
    let refused = app.open("/nowhere");
    let response = app.get("/nowhere").send();
    let mut chat = app.connect("/chat");
    let mut closed = app.connect("/chat");
    closed.close(1000, "");
    at_the_line! {
        testing::app::<(room, room)>();
        testing::routes([Route::sse("/a", |_| Answer::text(200, "")); 2]);
        app.redeploy::<(room, room)>();
        app.advance(std::time::Duration::MAX);
        app.publish(room::channel("red"), "x".repeat(2_000_000));
        testing::app::<room>().get("/rooms/red").send();
        app.get("a").open();
        app.get("/a b").send();
        app.get("a").try_connect();
        app.connect("a");
        app.open("a");
        app.connect("/nowhere");
        app.get("/nowhere").connect();
        app.get("/").header("a b", "");
        app.get("/").header("a", "\n");
        app.get("/").origin("\n");
        app.get("/").last_event_id("\n");
        app.get("/").from_addr("nowhere");
        app.get("/").cookie("a", "\n").send();
        app.get("/").json(&std::collections::BTreeMap::from([([0], 0)]));
        app.get("/").form(&1);
        app.post("/log").open();
        app.post("/log").send();
        app.get("/tls").connect();
        poll.status();
        poll.header("a");
        poll.headers("a");
        poll.reason();
        poll.header_names();
        poll.response();
        stream.response();
        stream.next_event();
        app.open("/score").next_bytes();
        app.open("/score").next_text();
        refused.hold();
        refused.assert_hold(|_| true);
        stream.assert_hold(|_| false);
        app.open("/score").next_comment();
        response.json::<u8>();
        chat.next_text();
        chat.next_json::<u8>();
        chat.next_bytes();
        chat.next_ping();
        chat.next_pong();
        chat.closed();
        chat.state::<u8>();
        closed.next_text();
        closed.send("");
        closed.send_bytes("");
        closed.send_json("");
        closed.send_all([""]);
        closed.send_raw_text("");
        closed.ping("");
        closed.pong("");
        closed.close(1000, "");
        closed.close_without_code();
    }
    app.publish(room::channel("red"), "{");
    let event = stream.next_event();
    app.publish(room::channel("red"), "goal");
    chat.send("{");
    at_the_line! {
        event.json::<u8>();
        stream.next_comment();
        chat.next_json::<u8>();
    }
    app.publish(room::channel("red"), "goal");
    app.publish(chat::channel(), late);
    at_the_line! {
        stream.assert_nothing();
        chat.assert_nothing();
    }
}

#[fanout::post(path = "/body")]
fn body(request: Request) -> Vec<u8> {
    request.into_body_bytes()
}

#[test]
fn a_plain_endpoint_can_take_a_request_on_compute_only() {
    let app = testing::app::<body>();
    let message = panic_of(|| app.post("/body").text("x").send());
    assert!(message.contains("the endpoint `/body` cannot run in a test"), "{message}");
}
