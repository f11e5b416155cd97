//! The stories of the clients, with a simulated proxy.

use std::time::Duration;

use fanout::testing::{App, Client, Response};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, Claims, Header};
use scores::{Endpoints, articles, board, guesses, notifications, problem};
use serde_json::{Value, json};

fn app() -> App {
    fanout::testing::app::<Endpoints>().refuse(problem)
}

/// The end of the year 2099.
const LATER: u64 = 4_102_444_800;

fn token(claims: Value) -> String {
    signed(claims, "a key for tokens that only your own machine trusts")
}

fn signed(claims: Value, key: &str) -> String {
    let token = Hs256.token(&Header::empty(), &Claims::new(claims), &Hs256Key::new(key));
    token.expect("the claims are JSON")
}

fn ann() -> String {
    format!("Bearer {}", token(json!({ "sub": "ann", "exp": LATER })))
}

fn editor() -> String {
    format!("Bearer {}", token(json!({ "sub": "eve", "editor": true, "exp": LATER })))
}

/// An editor posts JSON.
fn post(app: &App, path: &str, value: &Value) -> Response {
    app.post(path).header("authorization", editor()).json(value).send()
}

/// Checks that a response is problem details.
fn assert_problem(response: &Response, status: u16, detail: &str) {
    assert_eq!(response.header("content-type"), Some("application/problem+json"), "{response:?}");
    let problem = response.json::<Value>();
    assert_eq!((response.status().as_u16(), &problem["status"]), (status, &json!(status)), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains(detail)), "{problem}");
}

#[test]
fn a_goal_reaches_the_board_of_its_game() {
    let app = app();
    let mut red = app.open("/games/red/score");
    let mut blue = app.open("/games/blue/score");
    assert_eq!(red.next_event().json::<Value>(), json!({ "home": 0, "away": 0, "goals": [] }));

    let goal = json!({ "team": "home", "minute": 12, "player": "Ida" });
    let posted = post(&app, "/games/red/score", &goal);
    assert_eq!(posted.status(), 200);
    let score = json!({ "home": 1, "away": 0, "goals": [goal] });
    assert_eq!(red.next_event().json::<Value>(), score);
    blue.next_event();
    blue.assert_nothing();

    // The editor sends it again, and a new client comes.
    assert_eq!(post(&app, "/games/red/score", &goal).json::<Value>(), score);
    assert_eq!(app.open("/games/red/score").next_event().json::<Value>(), score);
}

#[test]
fn only_editors_post() {
    let app = app();
    let goal = json!({ "team": "away", "minute": 1, "player": "Bo" });
    let anybody = app.post("/games/red/score").json(&goal).send();
    assert_problem(&anybody, 401, "there is no token");
    assert_eq!(anybody.header("www-authenticate"), Some("Bearer"));
    for path in ["/games/red/score", "/games/red/commentary", "/members/ann/notifications"] {
        let member = app.post(path).header("authorization", ann()).json(&goal).send();
        assert_problem(&member, 403, "only editors");
    }
    let mut board = app.open("/games/red/score");
    assert_eq!(board.next_event().json::<Value>()["away"], 0);
    board.assert_nothing();
}

#[test]
fn a_token_is_checked() {
    let app = app();
    let ann = json!({ "sub": "ann", "exp": LATER });
    let refused = [
        (signed(ann, "another key"), "signature"),
        (token(json!({ "sub": "ann", "exp": 1_700_000_000 })), "expired"),
        (token(json!({ "sub": "ann" })), "`exp`"),
        (token(json!({ "sub": "", "exp": LATER })), "no name"),
        (token(json!({ "editor": true, "exp": LATER })), "sub"),
        ("not a token".to_owned(), ""),
    ];
    for (token, detail) in refused {
        let token = token.replace(' ', "+");
        assert_problem(&app.get(format!("/notifications?token={token}")).send(), 401, detail);
    }
}

#[test]
fn members_read_the_commentary() {
    let app = app();
    assert_problem(&app.get("/games/red/commentary").send(), 401, "there is no token");
    let mut stream = app.get("/games/red/commentary").header("authorization", ann()).open();
    stream.assert_hold(|hold| hold.channels() == ["commentary-red"]);
    assert_eq!(stream.next_text(), "the commentary of red:\n");

    let path = "/games/red/commentary";
    let said = app.post(path).header("authorization", editor()).text("a corner for red").send();
    assert_eq!(said.status(), 204);
    assert_eq!(stream.next_text(), "a corner for red\n");
    app.advance(Duration::from_secs(30));
    assert_eq!(stream.next_text(), "\n");
    let long = app.post(path).header("authorization", editor()).text("x".repeat(2_001)).send();
    assert_problem(&long, 413, "2000");
}

#[test]
fn a_notification_reaches_one_member() {
    let app = app();
    let mut ann = app.get("/notifications").header("authorization", ann()).open();
    let bob = token(json!({ "sub": "bob", "exp": LATER }));
    let mut bob = app.open(format!("/notifications?token={bob}"));
    bob.assert_hold(|hold| hold.channels() == ["member-bob"]);

    let path = "/members/ann/notifications";
    let notified = app.post(path).header("authorization", editor()).text("your game begins").send();
    assert_eq!(notified.status(), 204);
    assert_eq!(ann.next_event().data(), "your game begins");
    bob.assert_nothing();
    assert_eq!(notifications::notifications::channel("ann").as_str(), "member-ann");
}

#[test]
fn players_guess_until_the_number_is_known() {
    let app = app();
    let path = format!("/games/red/guesses?token={}", token(json!({ "sub": "ann", "exp": LATER })));
    let mut ann = app.connect(&path);
    let mut eve = app.get("/games/red/guesses").header("authorization", editor()).connect();
    let mut elsewhere = app.get("/games/blue/guesses").header("authorization", editor()).connect();

    ann.send("many");
    assert_eq!(ann.next_text(), "a guess is a number");
    for guess in [31_000, 32_000, 33_000] {
        ann.send(guess.to_string());
        for player in [&mut ann, &mut eve] {
            assert_eq!(player.next_json::<Value>(), json!({ "player": "ann", "guess": guess }));
        }
    }
    ann.send("34000");
    let closed = ann.closed();
    assert_eq!((closed.code(), closed.reason()), (1008, "you have no guess left"));

    assert_eq!(post(&app, "/games/red/spectators", &json!(31_250)).status(), 204);
    assert_eq!(eve.next_json::<Value>(), json!({ "spectators": 31_250 }));
    elsewhere.assert_nothing();
    eve.send("31250");
    assert_eq!(eve.closed().reason(), "the number of spectators is known");

    // The same error on HTTP, and when a connection opens.
    assert_problem(&post(&app, "/games/red/spectators", &json!(31_251)), 409, "is known");
    assert_eq!(post(&app, "/games/red/spectators", &json!(31_250)).status(), 204);
    assert_problem(&app.get(path).try_connect().expect_err("it opened"), 409, "is known");
    assert_eq!(guesses::Player::channel("red").as_str(), "guesses-red");
}

/// An editor publishes an article, and gets its id.
fn write(app: &App, title: &str) -> String {
    let posted = post(app, "/topics/cup/articles", &json!({ "title": title, "text": "…" }));
    assert_eq!(posted.status(), 201);
    posted.json::<String>()
}

/// Reads the titles of the next articles, whose ids are these.
fn titles<const N: usize>(stream: &mut Client, ids: [&String; N]) -> [String; N] {
    ids.map(|id| {
        let event = stream.next_event();
        assert_eq!(event.id(), Some(id.as_str()));
        event.json::<Value>()["title"].as_str().expect("it has a title").to_owned()
    })
}

#[test]
fn a_client_that_connects_again_gets_what_it_missed() {
    let app = app();
    let mut stream = app.open("/topics/cup/articles");
    let [one, two] = ["one", "two"].map(|title| write(&app, title));
    assert_eq!(titles(&mut stream, [&one, &two]), ["one", "two"]);
    let last = stream.last_event_id().expect("articles have ids").to_owned();
    assert_eq!(last, two);
    stream.leave();

    let [three, again] = ["three", "three"].map(|title| write(&app, title));
    assert_eq!(three, again);
    let mut stream = app.get("/topics/cup/articles").last_event_id(&last).open();
    assert_eq!(titles(&mut stream, [&three]), ["three"]);
    let four = write(&app, "four");
    assert_eq!(titles(&mut stream, [&four]), ["four"]);
    stream.assert_nothing();
    let mut new = app.open("/topics/cup/articles");
    assert_eq!(titles(&mut new, [&one, &two, &three, &four]), ["one", "two", "three", "four"]);
}

#[test]
fn a_lost_item_is_recovered() {
    let app = app();
    let mut stream = app.open("/topics/cup/articles");
    let one = write(&app, "one");
    // The second item reaches another proxy only. The history is the same.
    let two = write(&self::app(), "two");
    let three = write(&app, "three");
    assert_eq!(titles(&mut stream, [&one]), ["one"]);
    stream.assert_nothing();
    // The proxy waits 5 seconds for the second item, and then fetches both.
    app.advance(Duration::from_secs(6));
    assert_eq!(titles(&mut stream, [&two, &three]), ["two", "three"]);
    let four = write(&app, "four");
    assert_eq!(titles(&mut stream, [&four]), ["four"]);
}

/// An item that is lost for good is fetched within the time of `next_after`.
#[test]
fn a_quiet_stream_catches_up() {
    let app = app();
    let mut stream = app.open("/topics/cup/articles");
    app.advance(Duration::from_secs(5));
    let one = write(&self::app(), "one");
    stream.assert_nothing();
    app.advance(Duration::from_secs(60));
    assert_eq!(titles(&mut stream, [&one]), ["one"]);
}

#[test]
fn a_poll_gets_what_it_missed_or_the_next_article() {
    let app = app();
    let waiting = app.open("/topics/cup/latest");
    assert!(waiting.is_held());
    let one = write(&app, "one");
    assert_eq!(waiting.response().json::<Value>(), json!({ "title": "one", "text": "…" }));
    assert_eq!(waiting.header("content-type").as_deref(), Some("application/json"));
    assert_eq!(waiting.header("last-event-id").as_deref(), Some(one.as_str()));

    let two = write(&app, "two");
    let missed = app.get("/topics/cup/latest").last_event_id(&one).open();
    assert_eq!(missed.response().json::<Value>()["title"], "two");
    assert_eq!(missed.header("last-event-id").as_deref(), Some(two.as_str()));
    let idle = app.get("/topics/cup/latest").last_event_id(&two).open();
    // The proxy asks again after a second, because the channel is new to it.
    app.advance(Duration::from_secs(31));
    assert_eq!(idle.response().json::<Value>(), json!({ "topic": "cup", "article": null }));
}

#[test]
fn a_topic_keeps_some_articles() {
    let app = app();
    let ids: Vec<_> = (0..=articles::KEPT).map(|number| write(&app, &number.to_string())).collect();
    assert_eq!(titles(&mut app.open("/topics/cup/articles"), [&ids[1], &ids[2]]), ["1", "2"]);
    let mut back = app.get("/topics/cup/articles").last_event_id("of-another-server").open();
    assert_eq!(back.next_event().event(), "reset");
    assert_eq!(titles(&mut back, [&ids[1]]), ["1"]);
}

#[test]
fn refusals_are_problem_details() {
    let app = app();
    let wrong = app.put("/games/red/score").send();
    assert_problem(&wrong, 405, "");
    assert_eq!(wrong.header("allow"), Some("GET, POST, HEAD, OPTIONS"));
    assert_problem(&app.get("/games/red").send(), 404, "");
    assert_problem(&app.get("/games/a%20b/score").send(), 400, "letters, digits and hyphens");
    let text = app.post("/games/red/score").header("authorization", editor()).text("a goal").send();
    assert_problem(&text, 415, "application/json");
    assert_problem(&post(&app, "/games/red/score", &json!({ "team": "both" })), 400, "team");
    assert_eq!(board::score::channel("red").as_str(), "score-red");
}
