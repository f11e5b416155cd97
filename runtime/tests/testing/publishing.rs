use fanout::grip::Filter;
use fanout::prelude::*;
use fanout::publish::{HttpStream, Item, Message, PublishError, Publisher, WsMessage};
use fanout::testing;
use fanout::websocket::CloseCode;

#[fanout::sse(channel = "all")]
fn sse() {}

#[fanout::stream(channel = "all")]
fn stream() {}

#[fanout::long_poll(channel = "all")]
fn poll() -> &'static str {
    "nothing\n"
}

#[fanout::ws(echo, channel = "all")]
fn ws() {}

#[fanout::ws(path = "/say", channel = "all")]
fn say(message: &str) -> Result<&'static str, PublishError> {
    fanout::publish(sse::channel(), message)?;
    Publisher::from_secret_store("fanout", "publisher")?.publish(sse::channel(), "again")?;
    Ok("said")
}

#[fanout::endpoints(sse, stream, poll, ws, say)]
enum All {}

#[test]
fn one_message_reaches_every_kind_of_client() {
    let app = testing::app::<All>();
    let mut sse = app.open("/sse");
    let mut stream = app.open("/stream");
    let poll = app.open("/poll");
    let mut ws = app.connect("/ws");
    app.publish(sse::channel(), "one\ntwo");
    assert_eq!(sse.next_event().data(), "one\ntwo");
    assert_eq!(stream.next_text(), "data: one\ndata: two\n\n");
    assert_eq!(poll.response().text(), "one\ntwo");
    assert_eq!(ws.next_text(), "one\ntwo");
    app.publish(sse::channel(), b"\xff\x00");
    assert_eq!(ws.next_bytes(), b"\xff\x00");
}

#[test]
fn a_handler_publishes_to_the_clients_of_its_app() {
    let (app, other) = (testing::app::<All>(), testing::app::<All>());
    let mut sse = app.open("/sse");
    let mut elsewhere = other.open("/sse");
    let mut client = app.connect("/say");
    client.send("hello");
    assert_eq!((sse.next_event().data().to_owned(), sse.next_event().data()), ("hello".into(), "again"));
    assert_eq!([client.next_text(), client.next_text(), client.next_text()], ["hello", "again", "said"]);
    elsewhere.assert_nothing();
}

#[test]
fn a_close_ends_streams_and_websockets() {
    let app = testing::app::<All>();
    let sse = app.open("/sse");
    let poll = app.open("/poll");
    let mut ws = app.connect("/ws");
    app.publish(sse::channel(), Message::close(CloseCode::NORMAL, "over"));
    assert!(sse.is_ended() && poll.is_held());
    let closed = ws.closed();
    assert_eq!((closed.code(), closed.reason(), closed.is_clean()), (1000, "over", true));
    assert!(!ws.is_open());
}

#[test]
fn a_format_that_is_left_out_reaches_no_client_of_its_kind() {
    let app = testing::app::<All>();
    let mut sse = app.open("/sse");
    let mut ws = app.connect("/ws");
    app.publish(sse::channel(), Message::text("x").without_http_stream());
    sse.assert_nothing();
    assert_eq!(ws.next_text(), "x");
    let message = Message::new().ws_message(WsMessage::ping("p")).http_stream(HttpStream::send("raw"));
    app.publish(sse::channel(), message);
    assert_eq!(ws.next_ping(), b"p");
    assert_eq!(sse.next_text(), "raw");
}

#[test]
fn filters_decide_who_gets_an_item() {
    fn filtered(head: &RequestHead<'_>) -> Result<Subscription, Answer> {
        let filters = head
            .query()
            .unwrap_or_default()
            .split('&')
            .map(|name| *Filter::ALL.iter().find(|filter| filter.as_str() == name).expect("a filter"));
        Ok(filters.fold(Subscription::new(Channel::from_static("room")), Subscription::filter))
    }

    fn user(head: &RequestHead<'_>) -> WithHold<()> {
        let user = head.header("x-user").and_then(|user| user.to_str().ok()).unwrap_or("nobody").to_owned();
        WithHold::new((), |hold| hold.meta("user", user))
    }

    #[fanout::sse(channel = filtered)]
    fn room(head: &RequestHead<'_>) -> WithHold<()> {
        user(head)
    }

    let app = testing::app::<room>();
    let open = |filters: &str, user: &str| app.get(format!("/room?{filters}")).header("x-user", user).open();
    let (mut ann, mut bob) = (open("skip-self", "ann"), open("skip-self", "bob"));
    let room = || Channel::from_static("room");
    app.publish_all([Item::new(room(), "hi").meta("sender", "ann")]);
    ann.assert_nothing();
    assert_eq!(bob.next_event().data(), "hi");
    bob.assert_hold(|hold| hold.subscriptions()[0].filters() == ["skip-self"]);

    let mut named = open("var-subst", "ann");
    let filtered = HttpStream::send("data: %(user)s\n\n").content_filters([Filter::VarSubst]);
    app.publish(room(), Message::new().http_stream(filtered));
    assert_eq!(named.next_event().data(), "ann");
    // The others have no such filter.
    bob.assert_nothing();
}

#[test]
fn an_invalid_item_is_a_panic_of_the_test() {
    let app = testing::app::<All>();
    let message = super::panic_of(|| app.publish(sse::channel(), Message::new()));
    assert!(message.contains("format"), "{message}");
}
