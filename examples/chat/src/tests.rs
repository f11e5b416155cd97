//! The clients' stories, with a simulated proxy.

use fanout::testing::{self, App, Socket};
use serde_json::{Value, json};

use super::*;

fn enter(app: &App, room: &str, nickname: &str) -> Socket {
    app.connect(format!("/rooms/{room}?nickname={nickname}"))
}

#[track_caller]
fn hear(socket: &mut Socket) -> Value {
    socket.next_json()
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
