//! The clients' stories, with a simulated proxy.

use std::collections::BTreeSet;
use std::time::Duration;

use fanout::history::Appended;
use fanout::testing::{self, App, Socket};
use serde_json::{Value, json};

use super::*;

fn enter(app: &App, room: &str, nickname: &str) -> Socket {
    app.connect(format!("/rooms/{room}?nickname={nickname}"))
}

/// The next message, without the ids of what was said.
#[track_caller]
fn hear(socket: &mut Socket) -> Value {
    let mut heard: Value = socket.next_json();
    if heard["type"] == "said" {
        for id in ["id", "prev"] {
            let id = heard.as_object_mut().and_then(|heard| heard.remove(id));
            assert!(id.is_some_and(|id| id.is_string()));
        }
    }
    heard
}

/// A client that keeps what was said, as the page does.
struct Follower {
    socket: Socket,
    last: String,
    ids: BTreeSet<String>,
    texts: Vec<String>,
}

impl Follower {
    /// Enters a room with the last id that the client has, or an empty one.
    #[track_caller]
    fn enter(app: &App, room: &str, nickname: &str, last: &str) -> Self {
        let mut follower = Self {
            socket: enter(app, room, nickname),
            last: last.to_owned(),
            ids: BTreeSet::new(),
            texts: Vec::new(),
        };
        follower.catch_up();
        follower
    }

    #[track_caller]
    fn catch_up(&mut self) -> Value {
        self.socket.send(format!("/since {}", self.last));
        loop {
            let heard: Value = self.socket.next_json();
            if heard["type"] == "missed" {
                let said = heard["said"].as_array().expect("it is a list");
                // Only the answer to an unknown id has messages that the client may have.
                let is_new = |said: &&Value| heard["incomplete"] == false || !self.has(said);
                let new: Vec<_> = said.iter().filter(is_new).collect();
                new.into_iter().for_each(|said| self.add(said));
                self.last = heard["last"].as_str().expect("it is an id").to_owned();
                return heard;
            }
        }
    }

    #[track_caller]
    fn follow(&mut self) {
        let heard: Value = self.socket.next_json();
        if heard["type"] == "said" {
            if heard["prev"] == self.last.as_str() {
                self.add(&heard);
            } else if !self.has(&heard) {
                self.catch_up();
            }
        }
    }

    #[track_caller]
    fn has(&self, said: &Value) -> bool {
        self.ids.contains(said["id"].as_str().expect("it is an id"))
    }

    #[track_caller]
    fn add(&mut self, said: &Value) {
        self.last = said["id"].as_str().expect("it is an id").to_owned();
        assert!(self.ids.insert(self.last.clone()), "{said} comes twice");
        self.texts.push(text(said));
    }
}

#[track_caller]
fn text(said: &Value) -> String {
    said["text"].as_str().expect("it is a text").to_owned()
}

#[test]
fn two_members_of_a_room_hear_each_other() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = enter(&app, "one", "bob");
    let mut eve = enter(&app, "two", "eve");
    assert_eq!(hear(&mut ann), json!({"type": "joined", "nickname": "bob"}));

    ann.send("hello");
    let said = json!({"type": "said", "nickname": "ann", "text": "hello"});
    assert_eq!([hear(&mut ann), hear(&mut bob)], [said.clone(), said]);

    bob.send("hello, Ann");
    let said = json!({"type": "said", "nickname": "bob", "text": "hello, Ann"});
    assert_eq!([hear(&mut ann), hear(&mut bob)], [said.clone(), said]);

    eve.assert_nothing();
}

#[test]
fn a_member_takes_another_nickname() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = enter(&app, "one", "bob");
    assert_eq!(hear(&mut ann)["type"], "joined");

    // Both reach the app in one request.
    bob.send_all(["/nick Robert", "hello"]);
    for member in [&mut ann, &mut bob] {
        assert_eq!(hear(member), json!({"type": "renamed", "nickname": "bob", "to": "Robert"}));
        assert_eq!(hear(member), json!({"type": "said", "nickname": "Robert", "text": "hello"}));
    }
    // The proxy keeps the nickname.
    bob.send("still me");
    assert_eq!(hear(&mut ann)["nickname"], "Robert");
}

#[test]
fn a_wrong_nickname_concerns_its_member_alone() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = enter(&app, "one", "bob");
    assert_eq!(hear(&mut ann)["type"], "joined");

    bob.send("/nick an extraordinarily long one");
    assert_eq!(bob.next_text(), "a nickname has 1 to 20 characters");
    ann.assert_nothing();
    bob.send("hello");
    assert_eq!(hear(&mut ann)["nickname"], "bob");
}

#[test]
fn the_others_hear_that_a_member_leaves() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = enter(&app, "one", "bob");
    assert_eq!(hear(&mut ann)["type"], "joined");

    bob.close(1000, "");
    assert_eq!(hear(&mut ann), json!({"type": "left", "nickname": "bob"}));

    let mut carol = enter(&app, "one", "carol");
    assert_eq!(hear(&mut ann)["type"], "joined");
    carol.disconnect();
    assert_eq!(hear(&mut ann), json!({"type": "left", "nickname": "carol"}));
    ann.assert_nothing();
}

#[test]
fn a_client_without_a_nickname_is_refused() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    for query in ["?nickname=", "?nickname=%20", "?nickname=an+extraordinarily+long+one"] {
        let refusal = app.get(format!("/rooms/one{query}")).try_connect().expect_err(query);
        assert_eq!((refusal.status().as_u16(), refusal.text()), (400, "a nickname has 1 to 20 characters"));
    }
    let refusal = app.get("/rooms/one").try_connect().expect_err("there is no nickname");
    assert_eq!(refusal.status(), 400);
    assert!(refusal.text().contains("nickname"), "{}", refusal.text());
    ann.assert_nothing();
}

#[test]
fn a_message_of_more_than_2000_bytes_ends_the_connection() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = enter(&app, "one", "bob");
    assert_eq!(hear(&mut ann)["type"], "joined");

    bob.send("x".repeat(2_001));
    assert_eq!(bob.closed().code(), 1009);
    assert_eq!(hear(&mut ann), json!({"type": "left", "nickname": "bob"}));
}

#[test]
fn a_client_that_comes_later_gets_the_last_messages() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    for number in 0..25 {
        ann.send(format!("message {number}"));
    }
    let bob = Follower::enter(&app, "one", "bob", "");
    assert_eq!(bob.texts, (5..25).map(|number| format!("message {number}")).collect::<Vec<_>>());
    // Other rooms have histories of their own.
    assert_eq!(Follower::enter(&app, "two", "eve", "").texts, [""; 0]);
}

#[test]
fn a_client_that_returns_gets_what_it_missed_once_and_in_order() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = Follower::enter(&app, "one", "bob", "");
    ann.send_all(["one", "two"]);
    bob.follow();
    bob.follow();
    assert_eq!(bob.texts, ["one", "two"]);
    bob.socket.disconnect();
    ann.send_all(["three", "four"]);

    let mut bob = Follower::enter(&app, "one", "bob", &bob.last);
    ann.send("five");
    bob.follow();
    assert_eq!(bob.texts, ["three", "four", "five"]);
    let missed = bob.catch_up();
    assert_eq!((&missed["said"], &missed["incomplete"]), (&json!([]), &json!(false)));
}

/// Messages that were kept and not published, for example because the proxy was not there.
#[test]
fn a_client_notices_a_gap_at_the_next_message() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = Follower::enter(&app, "one", "bob", "");
    ann.send("one");
    bob.follow();
    let lost = Said { nickname: "ann".into(), text: "two".into() };
    let entry = Entry::new(Message::json(&lost).unwrap()).unwrap();
    history().append(&Chat::channel("one"), entry).unwrap();
    ann.send("three");
    // The proxy waits for the message before it.
    bob.socket.assert_nothing();
    app.advance(Duration::from_secs(5));
    bob.follow();
    assert_eq!(bob.texts, ["one", "two", "three"]);
    ann.send("four");
    bob.follow();
    assert_eq!(bob.texts, ["one", "two", "three", "four"]);
}

/// A message is kept before it is published, so it may be in the answer and arrive after it.
#[test]
fn a_message_that_arrives_after_it_was_in_the_answer_is_dropped() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    let mut bob = Follower::enter(&app, "one", "bob", "");
    let channel = Chat::channel("one");
    let said = Said { nickname: "ann".into(), text: "one".into() };
    let entry = Entry::new(Message::json(&said).unwrap()).unwrap();
    let Appended { id, prev_id } = history().append(&channel, entry).unwrap();
    bob.catch_up();
    assert_eq!(bob.texts, ["one"]);
    let message = Message::json(&Heard::Said { said: &said, id: &id, prev: &prev_id }).unwrap();
    app.publish_all([Item::new(channel, message).id(id.as_str()).prev_id(prev_id.as_str())]);
    ann.send("two");
    bob.follow();
    bob.follow();
    assert_eq!(bob.texts, ["one", "two"]);
}

#[test]
fn a_client_with_an_id_of_another_history_gets_the_latest_and_learns_it() {
    let app = testing::app::<Chat>();
    let mut ann = enter(&app, "one", "ann");
    ann.send_all(["one", "two"]);
    for id in ["of-another-1", "not an id", "a,b"] {
        let mut bob = Follower::enter(&app, "one", "bob", "");
        bob.last = id.to_owned();
        let missed = bob.catch_up();
        assert_eq!(missed["incomplete"], json!(true), "{id}");
        assert_eq!(missed["said"].as_array().map(Vec::len), Some(2));
    }
    let mut bob = enter(&app, "one", "bob");
    bob.send("/since");
    assert_eq!(hear(&mut bob)["incomplete"], json!(false));
}
