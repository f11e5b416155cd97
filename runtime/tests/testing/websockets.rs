use fanout::grip::Filter;
use fanout::prelude::*;
use fanout::testing;
use fanout::websocket::{Close, CloseCode, CloseWith, Frame, KeepAlive, Message, Reply, Stale, Subprotocol};
use serde::{Deserialize, Serialize};

use super::seconds;

#[fanout::ws(echo, channel = "chat")]
fn echo() -> &'static str {
    "welcome"
}

#[fanout::ws(subprotocols = ["v2", "v1"], origins = ["https://www.example.com"], max_message = 10)]
fn strict(message: &str, Subprotocol(name): Subprotocol) -> Result<String, CloseWith> {
    match message {
        "bye" => Err(CloseWith::new(CloseCode::from_static(4000), "you said so")),
        "panic" => panic!("no such message"),
        _ => Ok(format!("{name}: {message}")),
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Player {
    name: String,
    points: u32,
}

#[fanout::ws(path = "/games/{game}", channel = "game-{game}")]
impl Player {
    fn open(game: &str, head: &RequestHead<'_>) -> Result<(Self, String), Answer> {
        let name = head.query().ok_or_else(|| Answer::text(401, "name yourself\n"))?;
        Ok((Self { name: name.to_owned(), points: 0 }, format!("welcome to {game}")))
    }

    fn text(&mut self, message: &str) -> Option<String> {
        self.points += u32::from(message == "goal");
        (message == "score").then(|| format!("{} has {}", self.name, self.points))
    }

    fn close(&mut self, close: Option<Close<'_>>) -> String {
        format!("{} leaves with {:?}", self.name, close.map(|close| close.code))
    }

    fn disconnect(&self, game: &str) {
        fanout::publish(Channel::new(format!("game-{game}")).unwrap(), format!("{} is lost", self.name))
            .unwrap();
    }
}

/// The same endpoint in another version of the app.
mod next {
    use super::*;

    #[derive(Serialize, Deserialize)]
    pub struct Player {
        nickname: String,
    }

    #[fanout::ws(path = "/games/{game}", channel = "game-{game}")]
    impl Player {
        fn open() -> Self {
            Self { nickname: "new".into() }
        }

        fn text(&mut self) -> String {
            self.nickname.clone()
        }

        fn renew(stale: Stale) -> Self {
            Self { nickname: format!("renewed: {stale}") }
        }
    }

    /// Without a way to renew it.
    #[derive(Serialize, Deserialize)]
    pub struct Other {
        id: u32,
    }

    #[fanout::ws(path = "/games/{_game}")]
    impl Other {
        fn open() -> Self {
            Self { id: 1 }
        }

        fn text(&mut self) {}
    }
}

#[fanout::ws]
fn control(message: &str) -> Reply {
    let mut reply = Reply::new();
    match message {
        "subscribe" => {
            reply.subscribe(Subscription::new(Channel::from_static("late")).filter(Filter::SkipSelf)).unwrap()
        }
        "unsubscribe" => reply.unsubscribe(&Channel::from_static("late")).unwrap(),
        "user" => reply.set_meta("user", "ann").unwrap(),
        "alive" => reply.keep_alive(KeepAlive::idle(Frame::Text("still here"), 30)).unwrap(),
        "dead" => reply.keep_alive_off(),
        "later" => reply.send_delayed(Frame::Binary(b"later"), 10).unwrap(),
        "now" => {
            reply.flush_delayed();
            reply.text("first");
        }
        "detach" => {
            reply.detach();
            reply.text("detached");
        }
        "ask" => reply.keep_alive_interval(20).unwrap(),
        "meta" => reply.set_connection_meta("color", "red").unwrap(),
        "close" => reply.close(CloseCode::NORMAL, "done").unwrap(),
        _ => reply.text("c:{\"type\":\"subscribe\",\"channel\":\"secret\"}"),
    }
    reply
}

#[test]
fn messages_come_back_byte_for_byte() {
    let app = testing::app::<echo>();
    let mut client = app.connect("/echo");
    assert_eq!(client.next_text(), "welcome");
    client.send("naïve\r\n\0");
    client.send_bytes([0, 255]);
    client.send("");
    client.send("c:{\"type\":\"subscribe\",\"channel\":\"secret\"}");
    assert_eq!(client.next_text(), "naïve\r\n\0");
    assert_eq!(client.next_bytes(), [0, 255]);
    assert_eq!(client.next_text(), "");
    assert!(client.next_text().starts_with("c:"));
    assert_eq!(client.channels(), ["chat"]);
    client.assert_nothing();
    client.ping("p");
    assert_eq!(client.next_pong(), b"p");
}

#[test]
fn the_handshake_is_checked_before_the_handoff() {
    let app = testing::app::<strict>();
    let refused = |request: testing::Request| request.try_connect().unwrap_err().status().as_u16();
    assert_eq!(refused(app.get("/strict")), 400);
    assert_eq!(refused(app.get("/strict").subprotocol("v3")), 400);
    assert_eq!(refused(app.get("/strict").subprotocol("v1").origin("https://evil.example")), 403);
    assert_eq!(app.get("/strict").send().status(), 426);
    let mut client =
        app.get("/strict").subprotocol("v1").subprotocol("v2").origin("https://www.example.com").connect();
    assert_eq!(client.subprotocol().as_deref(), Some("v2"));
    client.send("hi");
    assert_eq!(client.next_text(), "v2: hi");
    assert!(!app.story().contains("v3 is held"));
}

#[test]
fn the_app_closes_with_a_code() {
    let app = testing::app::<strict>();
    for (message, code, reason) in
        [("bye", 4000, "you said so"), ("a long message", 1009, ""), ("panic", 1011, "")]
    {
        let mut client = app.get("/strict").subprotocol("v2").connect();
        client.send(message);
        let closed = client.closed();
        assert_eq!((closed.code(), closed.is_clean()), (code, true), "{message}");
        assert!(closed.reason().starts_with(reason), "{closed:?}");
    }
    let mut client = app.get("/strict").subprotocol("v2").connect();
    client.send_bytes([1]);
    assert_eq!(client.closed().code(), 1003);
    let mut client = app.get("/strict").subprotocol("v2").connect();
    client.send_raw_text([0xff]);
    assert_eq!(client.closed().code(), 1007);
    // What the client has sent after it is not run.
    let mut client = app.get("/strict").subprotocol("v2").connect();
    client.send_all(["hi", "bye", "hi"]);
    assert_eq!(client.next_text(), "v2: hi");
    assert_eq!(client.closed().code(), 4000);
}

#[test]
fn state_lives_between_requests() {
    let app = testing::app::<Player>();
    assert_eq!(app.get("/games/red").try_connect().unwrap_err().text(), "name yourself\n");
    let (mut ann, mut bob) = (app.connect("/games/red?ann"), app.connect("/games/red?bob"));
    ann.send_all(["goal", "goal", "score"]);
    bob.send("score");
    assert_eq!([ann.next_text(), ann.next_text()], ["welcome to red", "ann has 2"]);
    assert_eq!([bob.next_text(), bob.next_text()], ["welcome to red", "bob has 0"]);
    ann.send("goal");
    assert_eq!(ann.state::<Player>(), Player { name: "ann".into(), points: 3 });
    assert_eq!(bob.connection_meta("fanout-state").as_deref(), Some(r#"{"name":"bob","points":0}"#));

    ann.close(1001, "later");
    assert_eq!(ann.next_text(), "ann leaves with Some(1001)");
    let closed = ann.closed();
    assert_eq!((closed.code(), closed.reason()), (1001, "later"));
    ann.assert_nothing();

    let mut watcher = app.connect("/games/red?eve");
    assert_eq!(watcher.next_text(), "welcome to red");
    bob.disconnect();
    assert_eq!(watcher.next_text(), "bob is lost");
    assert!(!bob.is_open());
}

#[test]
fn state_outlives_a_deployment() {
    let app = testing::app::<Player>();
    let mut ann = app.connect("/games/red?ann");
    assert_eq!(ann.next_text(), "welcome to red");
    app.redeploy::<next::Player>();
    ann.send("hi");
    assert!(ann.next_text().contains("missing field `nickname`"));
    app.publish(Channel::from_static("game-red"), "still subscribed");
    assert_eq!(ann.next_text(), "still subscribed");
    app.redeploy::<next::Other>();
    ann.send("hi");
    assert_eq!(ann.closed().code(), 1012);
}

#[test]
fn control_messages_change_the_connection() {
    let app = testing::app::<control>();
    let late = || Channel::from_static("late");
    let mut client = app.connect("/control");
    app.publish(late(), "too early");
    client.send("subscribe");
    assert_eq!(
        (client.channels(), client.filters("late")),
        (vec!["late".to_owned()], vec!["skip-self".to_owned()])
    );
    app.publish(late(), "one");
    assert_eq!(client.next_text(), "one");
    client.send("user");
    app.publish_all([fanout::publish::Item::new(late(), "own").meta("sender", "ann")]);
    client.send("unsubscribe");
    app.publish(late(), "too late");
    client.assert_nothing();
    // A message of a handler is never an instruction.
    client.send("anything");
    assert!(client.next_text().starts_with("c:"));
    assert!(client.channels().is_empty());
    client.send("meta");
    assert_eq!(client.connection_meta("Color").as_deref(), Some("red"));
}

#[test]
fn the_proxy_sends_by_itself() {
    let app = testing::app::<control>();
    let mut client = app.connect("/control");
    client.send("alive");
    app.advance(seconds(29));
    client.assert_nothing();
    app.advance(seconds(31));
    assert_eq!([client.next_text(), client.next_text()], ["still here", "still here"]);
    client.send("dead");
    app.advance(seconds(100));
    client.assert_nothing();
    client.send("later");
    app.advance(seconds(9));
    client.assert_nothing();
    app.advance(seconds(1));
    assert_eq!(client.next_bytes(), b"later");
    client.send_all(["later", "now"]);
    // What a control message sends comes after the messages of the same answer.
    assert_eq!(client.next_text(), "first");
    assert_eq!(client.next_bytes(), b"later");

    client.send("ask");
    app.advance(seconds(20));
    assert!(app.story().contains("the proxy sends the app: no events"), "{}", app.story());
    client.send("close");
    let closed = client.closed();
    assert_eq!((closed.code(), closed.reason()), (1000, "done"));
}

/// The proxy makes 1000 of a close without a code.
#[test]
fn a_close_without_a_code_comes_back_as_1000() {
    let mut client = testing::app::<control>().connect("/control");
    client.close_without_code();
    let closed = client.closed();
    assert_eq!((closed.code(), closed.reason(), closed.is_clean()), (1000, "", true));
}

#[test]
fn a_detached_client_only_listens() {
    let app = testing::app::<control>();
    let mut client = app.connect("/control");
    client.send("subscribe");
    client.send("detach");
    // The messages of the same answer still reach the client.
    assert_eq!(client.next_text(), "detached");
    client.send("anything");
    client.assert_nothing();
    app.publish(Channel::from_static("late"), "one");
    assert_eq!(client.next_text(), "one");
    assert!(client.is_open());
    client.close(1000, "");
    assert_eq!(client.closed().code(), 1000);
}

#[test]
fn a_published_close_runs_the_handler_without_a_code() {
    let app = testing::app::<Player>();
    let mut ann = app.connect("/games/red?ann");
    assert_eq!(ann.next_text(), "welcome to red");
    app.publish(
        Channel::from_static("game-red"),
        fanout::publish::Message::close(CloseCode::GOING_AWAY, "over"),
    );
    assert_eq!(ann.closed().code(), 1001);
    assert!(app.story().contains("the proxy sends the app: close\n"), "{}", app.story());
}

#[test]
fn the_proxy_cuts_at_its_limits() {
    let app = testing::app::<(echo, Huge)>();
    let mut client = app.connect("/echo");
    assert_eq!(client.next_text(), "welcome");
    client.send("x".repeat(200_000));
    assert_eq!(client.next_text().len(), 200_000);
    client.send("x".repeat(200_001));
    let closed = client.closed();
    assert_eq!((closed.code(), closed.is_clean()), (1006, false));
    let refused = app.get("/echo").header("x-large", "x".repeat(8_000)).try_connect().unwrap_err();
    assert_eq!(refused.status(), 502);
    // The app closes before the proxy would cut.
    let mut client = app.connect("/huge");
    client.send("x");
    assert_eq!(client.closed().code(), 1011);
}

#[derive(Default, Serialize, Deserialize)]
struct Huge;

#[fanout::ws(path = "/huge")]
impl Huge {
    fn message(&mut self, message: Message) -> String {
        drop(message);
        "x".repeat(1_000_000)
    }
}
