use fanout::http::{HeaderValue, StatusCode, header};
use fanout::prelude::*;
use fanout::publish::{HttpResponse, Item, Message};
use fanout::testing;

use super::seconds;

#[fanout::long_poll(channel = "score", timeout = 30, headers = [("x-app", "1")], status = 203)]
fn score(seen: LastEventId) -> Poll<String> {
    match seen.get() {
        Some("old") => Poll::Now("you missed a goal\n".to_owned()),
        _ => Poll::Wait("no goal\n".to_owned()),
    }
}

#[test]
fn a_poll_ends_at_the_first_item() {
    let app = testing::app::<score>();
    let poll = app.open("/score");
    poll.assert_hold(|hold| hold.timeout() == Some(seconds(30)) && !hold.is_stream());
    app.publish(score::channel(), "1 : 0");
    app.publish(score::channel(), "2 : 0");
    let answer = poll.response();
    assert_eq!((answer.status().as_u16(), answer.text()), (200, "1 : 0"));
    // It inherits the headers of the hold.
    assert_eq!(answer.header("x-app"), Some("1"));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn a_poll_ends_at_its_timeout() {
    let app = testing::app::<score>();
    // Another client keeps the channel known to the proxy.
    let first = app.open("/score");
    app.advance(seconds(1));
    let poll = app.open("/score");
    app.advance(seconds(29));
    assert!(poll.is_held());
    app.advance(seconds(1));
    let answer = poll.response();
    assert_eq!((answer.status().as_u16(), answer.text()), (203, "no goal\n"));
    assert_eq!(first.response().text(), "no goal\n");
}

#[test]
fn a_poll_starts_anew_a_second_after_a_first_subscription() {
    let app = testing::app::<score>();
    let poll = app.open("/score");
    app.advance(seconds(30));
    assert!(poll.is_held(), "it was asked again at 1 s, and waits until 31 s");
    app.advance(seconds(1));
    assert_eq!(poll.response().text(), "no goal\n");
    // For a minute the proxy knows the channel.
    let poll = app.open("/score");
    app.advance(seconds(30));
    assert_eq!(poll.response().text(), "no goal\n");
    app.advance(seconds(61));
    let poll = app.open("/score");
    app.advance(seconds(30));
    assert!(poll.is_held());
}

#[test]
fn an_answer_at_once_is_no_hold() {
    let app = testing::app::<score>();
    let answer = app.get("/score").last_event_id("old").send();
    assert_eq!((answer.status().as_u16(), answer.text()), (203, "you missed a goal\n"));
}

#[test]
fn an_item_has_a_response_of_its_own() {
    let app = testing::app::<score>();
    let poll = app.open("/score");
    let response = HttpResponse::new("{}")
        .status(StatusCode::CREATED)
        .reason("Goal")
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    app.publish_all([Item::new(score::channel(), Message::new().http_response(response))]);
    let answer = poll.response();
    assert_eq!((answer.status().as_u16(), answer.reason(), answer.text()), (201, Some("Goal"), "{}"));
    assert_eq!(answer.headers("content-type"), ["application/json"]);
    assert_eq!(answer.header("x-app"), Some("1"));
}

#[test]
fn a_hint_asks_the_app_again() {
    let app = testing::app::<score>();
    let poll = app.open("/score");
    app.publish(score::channel(), Message::hint());
    assert!(poll.is_held());
    assert!(app.story().contains("the poll starts anew"));
}
