//! The clients' stories. Nothing of Compute runs here, and the proxy is simulated.

use std::time::Duration;

use fanout::testing::{self, App};

use super::*;

fn app() -> App {
    testing::app::<(sse, stream, response, ws, publish::publish, page::page)>()
}

#[test]
fn one_publish_reaches_the_clients_of_all_four() {
    let app = app();
    let mut sse = app.open("/sse");
    let mut stream = app.open("/stream");
    let poll = app.open("/response");
    let mut ws = app.connect("/ws");
    assert_eq!(sse.next_comment(), "");
    assert!(poll.is_held());

    assert_eq!(app.post("/publish").text("hello").send().text(), "published\n");

    assert_eq!(sse.next_event().data(), "hello");
    // The proxy cannot tell `stream` clients from `sse` clients.
    assert_eq!(stream.next_text(), "data: hello\n\n");
    assert_eq!(poll.response().text(), "hello");
    assert_eq!(ws.next_text(), "hello");
}

#[test]
fn a_poll_without_a_message_ends_after_30_seconds() {
    let app = app();
    let poll = app.open("/response");
    // After a second, the proxy requests the poll again, and it starts anew.
    app.advance(Duration::from_secs(30));
    assert!(poll.is_held());
    app.advance(Duration::from_secs(1));
    assert_eq!(poll.response().text(), "nothing yet\n");
}

#[test]
fn a_web_socket_sends_messages_back_to_its_client_alone() {
    let app = app();
    let mut ann = app.connect("/ws");
    let mut bob = app.connect("/ws");
    ann.send("hello");
    assert_eq!(ann.next_text(), "hello");
    ann.send_bytes([1, 2]);
    assert_eq!(ann.next_bytes(), [1, 2]);
    bob.assert_nothing();
}

#[test]
fn a_message_for_another_channel_reaches_none_of_them() {
    let app = app();
    let mut sse = app.open("/sse");
    assert_eq!(app.post("/publish?channel=other").text("hello").send().status(), 200);
    sse.assert_nothing();

    let refused = app.post("/publish?channel=").text("hello").send();
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.text(), "a channel name cannot be empty\n");
}

#[test]
fn the_help_says_what_there_is() {
    let help = app().get("/").send();
    assert_eq!(help.header("content-type"), Some("text/plain; charset=utf-8"));
    for path in ["/sse", "/stream", "/response", "/ws", "/publish"] {
        assert!(help.text().contains(path), "{path}");
    }
}

#[test]
fn a_browser_gets_the_page() {
    let app = app();
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let page = app.get("/").header("accept", accept).send();
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("content-security-policy"), Some(page::POLICY));
    assert!(page.text().contains("<h1>"), "{}", page.text());

    // `curl` accepts everything, and a cache keeps both answers apart.
    let help = app.get("/").header("accept", "*/*").send();
    assert_eq!(help.header("content-type"), Some("text/plain; charset=utf-8"));
    for answer in [page, help] {
        assert_eq!(answer.header("vary"), Some("Accept"));
    }
}
