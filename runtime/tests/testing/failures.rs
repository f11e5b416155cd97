use fanout::prelude::*;
use fanout::{ClientRequest, testing};

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
            "there is no response: it waits for an item, or 30 s in all, and is subscribed to `score`"
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
    assert!(message.contains("there is no hold: its response is complete, with the status 404"), "{message}");
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
}

#[test]
fn a_panic_is_reported_at_the_line_of_the_test() {
    use std::sync::{Arc, Mutex};

    let app = testing::app::<All>();
    let mut stream = app.open("/rooms/red");
    let place = Arc::new(Mutex::new(String::new()));
    let hook = std::panic::take_hook();
    let seen = Arc::clone(&place);
    let thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == thread {
            *seen.lock().unwrap() = info.location().map(ToString::to_string).unwrap_or_default();
        }
    }));
    panic_of(|| stream.next_event());
    std::panic::set_hook(hook);
    assert!(place.lock().unwrap().contains("failures.rs"), "{place:?}");
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
