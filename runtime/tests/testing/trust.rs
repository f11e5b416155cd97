use fanout::grip::sig::{Key, Policy};
use fanout::prelude::*;
use fanout::testing;

const SECRET: &str = "a secret of 32 bytes or more, as HS256 demands";

fn admitted(head: &RequestHead<'_>) -> Result<String, Answer> {
    let user = head.header("x-user").and_then(|user| user.to_str().ok());
    user.map(str::to_owned).ok_or_else(|| Answer::text(401, "who are you?\n"))
}

#[fanout::sse(channel = "news", guard = admitted)]
fn news(Guarded(user): Guarded<String>) -> Event {
    Event::data(user)
}

fn own() -> Policy {
    fanout::policy().trust(Key::hs256(SECRET).expect("it is long enough"), "push.example.com")
}

#[test]
fn the_tokens_are_signed_and_verified() {
    let app = testing::app::<news>();
    assert_eq!(app.get("/news").header("x-user", "ann").open().next_event().data(), "ann");
    let own = || app.get("/news").header("x-user", "ann");
    let held = own().header("grip-sig", app.token()).send();
    assert_eq!(held.header("content-type"), Some("application/grip-instruct"));
    assert!(held.text().starts_with(r#"{"hold":{"mode":"stream","channels":[{"name":"news"}]}"#), "{held:?}");
    for forged in ["", "a.b.c", &app.token().replace('.', "")] {
        assert_eq!(own().header("grip-sig", forged).send().status(), 403, "{forged}");
    }
    let two = own().header("grip-sig", app.token()).header("grip-sig", app.token()).send();
    assert_eq!(two.status(), 403);
    assert_eq!(own().header("grip-feature", "status").send().status(), 403);
    assert!(app.story().contains("refused GET /news"), "{}", app.story());
}

#[test]
fn a_token_expires() {
    let app = testing::app::<news>();
    let token = app.token();
    let ask = || app.get("/news").header("x-user", "ann").header("grip-sig", token.as_str()).send();
    app.advance(super::seconds(3_500));
    assert_eq!(ask().status(), 200);
    app.advance(super::seconds(200));
    assert_eq!(ask().status(), 403);
}

#[test]
fn a_client_cannot_write_the_headers_of_the_proxy() {
    #[fanout::sse(channel = "news")]
    fn ids(missed: LastIds, head: &RequestHead<'_>) -> Event {
        Event::data(format!("{} {}", missed.is_empty(), head.header("x-a").is_some()))
    }

    let app = testing::app::<ids>();
    let mut stream = app.get("/ids").header("grip-last", "news; last-id=1").header("x-a", "1").open();
    assert_eq!(stream.next_event().data(), "true true");
}

#[test]
fn a_guard_header_of_a_client_is_replaced() {
    let app = testing::app::<news>();
    let refused = app.get("/news").header("fanout-guard", "x.ImFubiI").send();
    assert_eq!((refused.status().as_u16(), refused.text()), (401, "who are you?\n"));
}

#[test]
fn the_policy_decides_who_is_trusted() {
    let app = testing::app::<news>().policy(own).signed_by("push.example.com", SECRET);
    assert_eq!(app.get("/news").header("x-user", "ann").open().next_event().data(), "ann");
    let app = testing::app::<news>().signed_by("push.example.com", SECRET);
    assert_eq!(app.get("/news").header("x-user", "ann").send().status(), 403);
    let app = testing::app::<news>().policy(Policy::new);
    assert_eq!(app.get("/news").header("x-user", "ann").send().status(), 403);
    let message = super::panic_of(|| {
        let app = testing::app::<news>();
        let _ = app.head("/news").send();
        let _ = app.policy(own);
    });
    assert!(message.contains("before its first request"), "{message}");
}
