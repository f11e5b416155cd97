//! The stories of clients. `fanout::testing` simulates the proxy, so nothing of Compute runs here.

use fanout::testing::{self, App};

use super::*;

fn app() -> App {
    testing::app::<(room, say)>()
}

#[test]
fn what_a_member_says_reaches_the_room() {
    let app = app();
    let mut ann = app.open("/rooms/lobby?name=ann");
    let mut eve = app.open("/rooms/kitchen?name=eve");
    assert_eq!(ann.next_comment(), "ann, you are in the room lobby");

    let answer = app.post("/rooms/lobby?name=bob").text("hello").send();
    assert_eq!(answer.status(), 204);
    assert_eq!(ann.next_event().data(), "bob: hello");
    assert_eq!(eve.next_comment(), "eve, you are in the room kitchen");
    eve.assert_nothing();
}

#[test]
fn a_client_without_a_name_is_refused() {
    let app = app();
    assert_eq!(app.get("/rooms/lobby?name=").send().status(), 403);
    assert_eq!(
        app.post("/rooms/lobby?name=").text("hello").send().status(),
        403
    );
    assert_eq!(app.get("/rooms/lobby").send().status(), 400);
}
