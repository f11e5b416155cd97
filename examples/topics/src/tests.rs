//! The clients' stories, with a simulated proxy and a key of their own.

use fanout::testing::{self, App, Request};
use jwt_compact::{Claims, Header};
use serde_json::json;

use super::*;

/// The end of this century.
const LATER: i64 = 4_102_444_800;

/// A token for `news`, `sport` and `a,b`.
fn token(key: &Hs256Key, expires: i64) -> String {
    let claims = Claims::new(json!({"read": ["news", "sport", "a,b"], "exp": expires}));
    Hs256.token(&Header::empty(), &claims, key).expect("the claims are JSON")
}

/// A request for topics, of a client with a valid token.
fn request(app: &App, topics: &str) -> Request {
    app.get(format!("/events?{topics}"))
        .header("authorization", format!("Bearer {}", token(&token_key(), LATER)))
}

#[test]
fn a_client_gets_the_topics_that_it_names() {
    let app = testing::app::<events>();
    let mut client = request(&app, "topic=news&topic=a%2Cb").open();
    client.assert_hold(|hold| hold.channels() == ["news", "a,b"]);
    for (topic, text) in [("sport", "no"), ("a", "no"), ("news", "one"), ("a,b", "two")] {
        app.publish(Channel::new(topic).expect("it is a channel"), text);
    }
    assert_eq!(client.next_event().data(), "one");
    assert_eq!(client.next_event().data(), "two");
    client.assert_nothing();
}

#[test]
fn a_page_has_its_token_in_the_query() {
    let app = testing::app::<events>();
    let target = format!("/events?topic=news&token={}", token(&token_key(), LATER));
    let mut page = app.get(target).origin("https://news.example").open();
    assert_eq!(page.header("access-control-allow-origin").as_deref(), Some("*"));
    app.publish(Channel::from_static("news"), "one");
    assert_eq!(page.next_event().data(), "one");
}

#[test]
fn a_client_without_a_valid_token_is_refused() {
    let app = testing::app::<events>();
    let refused = |token: Option<String>| {
        let request = app.get("/events?topic=news");
        let response = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")).send(),
            None => request.send(),
        };
        assert_eq!(response.status(), 401, "{}", response.text());
        response.text().to_owned()
    };
    assert_eq!(refused(None), "there is no token\n");
    assert_eq!(refused(Some("not a token".into())), "signature has failed verification\n");
    assert_eq!(refused(Some(token(&token_key(), 1_700_000_000))), "token has expired\n");
    let another = Hs256Key::new("another key");
    assert_eq!(refused(Some(token(&another, LATER))), "signature has failed verification\n");
}

#[test]
fn a_token_is_for_its_topics_alone() {
    let app = testing::app::<events>();
    for (topics, text) in [
        ("topic=news&topic=secret", "the token is not for \"secret\"\n"),
        ("topic=News", "the token is not for \"News\"\n"),
        ("topic=a", "the token is not for \"a\"\n"),
    ] {
        let refusal = request(&app, topics).send();
        assert_eq!((refusal.status().as_u16(), refusal.text()), (403, text));
    }
}

#[test]
fn a_client_names_1_to_10_topics() {
    let app = testing::app::<events>();
    for topics in ["", &["topic=news"; 11].join("&")] {
        let refusal = request(&app, topics).send();
        assert_eq!((refusal.status().as_u16(), refusal.text()), (400, "name 1 to 10 topics\n"));
    }
    assert!(request(&app, &["topic=news"; 10].join("&")).open().is_held());
}
