//! Recovery links: they carry what a stream depends on, and a client gains nothing from typing it.

use std::cell::Cell;

use fanout::grip::Filter;
use fanout::grip::sig::{Key, Policy};
use fanout::prelude::*;
use fanout::publish::{HttpStream, Message};
use fanout::testing;
use serde::Deserialize;

use super::seconds;

const ALL: Channel = Channel::from_static("all");

#[derive(Deserialize)]
struct Wanted {
    #[serde(default = "by_default")]
    topic: String,
}

fn by_default() -> String {
    "default".to_owned()
}

fn topics(Query(wanted): Query<Wanted>) -> Result<[Channel; 2], Answer> {
    Ok([Channel::new(wanted.topic)?, ALL])
}

/// The word for the opening, or for a recovery request.
fn moment(missed: &LastIds) -> &'static str {
    if missed.is_empty() { "opened" } else { "again" }
}

#[fanout::sse(path = "/q", channel = topics, next = "/q")]
fn by_query(Query(wanted): Query<Wanted>, missed: LastIds) -> Event {
    Event::data(format!("{} {}", moment(&missed), wanted.topic))
}

thread_local! {
    /// The sessions that have expired.
    static EXPIRED: Cell<bool> = const { Cell::new(false) };
}

fn who(cookies: Cookies) -> Result<String, Answer> {
    match cookies.get("user") {
        Some(user) if !EXPIRED.get() => Ok(user.to_owned()),
        _ => Err(Answer::text(401, "sign in first\n")),
    }
}

#[fanout::sse(path = "/mine", channel = ["user-{guard}", "all"], guard = who, next = "/mine")]
fn mine(Guarded(user): Guarded<&String>, missed: LastIds) -> Event {
    Event::data(format!("{} {user}", moment(&missed)))
}

/// The link of this stream leads to one with another guard value.
#[fanout::sse(path = "/elsewhere", channel = "all", guard = who, next = "/mine")]
fn elsewhere() {}

fn of_cookie(cookies: Cookies) -> Result<[Subscription; 2], Answer> {
    let user = cookies.get("user").unwrap_or("nobody");
    Ok([Subscription::new(Channel::new(format!("user-{user}"))?).filter(Filter::SkipSelf), ALL.into()])
}

#[fanout::sse(path = "/inbox", channel = of_cookie, next = "/inbox")]
fn inbox(missed: LastIds) -> Event {
    Event::data(moment(&missed))
}

/// Makes the proxy ask for every stream, at the same moment.
fn ask_again(app: &testing::App) {
    app.publish(ALL, Message::new().http_stream(HttpStream::hint()));
}

fn self_run() -> Policy {
    Policy::new().trust(Key::hs256("the key of a proxy that we run ourselves").unwrap(), "self-run")
}

/// The app behind a local proxy and behind a self-run one.
fn apps() -> [testing::App; 2] {
    type Endpoints = (by_query, mine, elsewhere, inbox);
    let own = testing::app::<Endpoints>().policy(self_run);
    [testing::app::<Endpoints>(), own.signed_by("self-run", "the key of a proxy that we run ourselves")]
}

#[test]
fn streams_of_different_queries_stay_apart() {
    for app in apps() {
        let mut streams = ["a", "b", "c"].map(|topic| (topic, app.open(format!("/q?topic={topic}"))));
        for (topic, stream) in &mut streams {
            assert_eq!(stream.next_event().data(), format!("opened {topic}"));
        }
        for _ in 0..2 {
            ask_again(&app);
            for (topic, stream) in &mut streams {
                assert_eq!(stream.next_event().data(), format!("again {topic}"));
                assert_eq!(stream.hold().channels(), [topic, "all"]);
                app.publish(Channel::new(*topic).unwrap(), format!("for {topic}"));
            }
            app.publish(Channel::from_static("default"), "for nobody");
            for (topic, stream) in &mut streams {
                assert_eq!(stream.next_event().data(), format!("for {topic}"));
                stream.assert_nothing();
            }
        }
    }
}

#[test]
fn a_guarded_stream_without_ids_recovers_also_after_its_session() {
    for app in apps() {
        EXPIRED.set(false);
        let mut streams = ["ann", "bob"].map(|user| (user, app.get("/mine").cookie("user", user).open()));
        EXPIRED.set(true);
        assert_eq!(app.get("/mine").cookie("user", "ann").send().status(), 401);
        for (user, stream) in &mut streams {
            assert_eq!(stream.next_event().data(), format!("opened {user}"));
        }
        for _ in 0..2 {
            ask_again(&app);
            for (user, stream) in &mut streams {
                assert_eq!(stream.next_event().data(), format!("again {user}"));
                app.publish(Channel::new(format!("user-{user}")).unwrap(), format!("for {user}"));
                assert_eq!(stream.next_event().data(), format!("for {user}"));
            }
        }
        for (_, stream) in &mut streams {
            stream.assert_nothing();
        }
    }
}

#[test]
fn a_channel_of_a_cookie_stays_in_a_recovery() {
    for app in apps() {
        let mut streams = ["ann", "bob"].map(|user| (user, app.get("/inbox").cookie("user", user).open()));
        for expected in ["opened", "again", "again"] {
            for (user, stream) in &mut streams {
                assert_eq!(stream.next_event().data(), expected);
                let hold = stream.hold();
                assert_eq!(hold.channels(), [&format!("user-{user}"), "all"]);
                assert_eq!(hold.subscriptions()[0].filters(), ["skip-self"]);
                app.publish(Channel::new(format!("user-{user}")).unwrap(), format!("for {user}"));
                assert_eq!(stream.next_event().data(), format!("for {user}"));
                stream.assert_nothing();
            }
            ask_again(&app);
        }
    }
}

/// Its ids count in a recovery, and its channel does not.
#[test]
fn a_channel_function_with_ids_goes_on_from_its_id() {
    fn counted(cookies: Cookies, missed: LastIds) -> Result<Subscription, Answer> {
        let channel = Channel::new(format!("counted-{}", cookies.get("user").unwrap_or("ann")))?;
        let id = missed.of(&channel).map_or("0", |_| "7");
        Ok(Subscription::new(channel).prev_id(id))
    }
    #[fanout::sse(path = "/counted", channel = counted, next = "/counted")]
    fn numbers() {}
    let app = testing::app::<numbers>();
    for (user, id) in [("ann", "7"), ("bob", "0")] {
        let stream = app.get("/counted").cookie("user", user).open();
        let channel = format!("counted-{user}");
        assert_eq!(stream.hold().prev_id(&channel), Some("0"));
        for _ in 0..2 {
            app.publish(Channel::new(&*channel).unwrap(), Message::new().http_stream(HttpStream::hint()));
            app.advance(seconds(2));
            assert_eq!(stream.hold().channels(), [&*channel]);
            assert_eq!(stream.hold().prev_id(&channel), Some(id), "{user}");
        }
    }
}

/// The real proxy joins the requests for one path with equal ids, so one answer goes to all of these streams.
#[test]
fn equal_recovery_requests_are_joined() {
    thread_local! {
        static CALLS: Cell<u32> = const { Cell::new(0) };
    }
    #[fanout::sse(channel = "all", next = "/news")]
    fn news() -> Event {
        CALLS.set(CALLS.get() + 1);
        Event::data(CALLS.get().to_string())
    }
    let app = testing::app::<news>();
    let mut streams = [app.open("/news"), app.open("/news"), app.open("/news?query")];
    ask_again(&app);
    let heard = streams.each_mut().map(|stream| (stream.next_event().data().to_owned(), stream.next_event()));
    let heard: Vec<_> = heard.iter().map(|(first, second)| (first.as_str(), second.data())).collect();
    assert_eq!(heard, [("1", "4"), ("2", "4"), ("3", "5")]);
    assert!(app.story().contains("joined"));
}

#[test]
fn a_client_gains_nothing_from_the_link_of_another() {
    EXPIRED.set(false);
    for app in apps() {
        let ann = app.get("/inbox").cookie("user", "ann").open().hold();
        let stolen = ann.next().unwrap();
        assert!(stolen.contains("fanout-channels="), "{stolen}");
        let last = "all; last-id=1, fanout-recovery; last-id=x";
        let mut eve = app.get(stolen).cookie("user", "eve").header("grip-last", last).open();
        let ann = app.get("/mine").cookie("user", "ann").open().hold();
        let stolen = ann.next().unwrap();
        assert!(stolen.contains("fanout-guard="), "{stolen}");
        assert_eq!(app.get(stolen).send().status(), 401);
        let mut mine = app.get(stolen).cookie("user", "eve").open();
        for (stream, link) in [(&mut eve, "/inbox?fanout-channels="), (&mut mine, "/mine?fanout-guard=")] {
            stream.next_event();
            ask_again(&app);
            assert!(stream.next_event().data().starts_with("again"));
            let hold = stream.hold();
            assert_eq!(hold.channels(), ["user-eve", "all"]);
            let next = hold.next().unwrap();
            assert!(next.starts_with(link) && !next.contains('&') && next != stolen, "{next}");
        }
    }
}

#[test]
fn a_refused_recovery_is_in_the_log() {
    EXPIRED.set(false);
    let app = testing::app::<(mine, elsewhere)>();
    let stream = app.get("/elsewhere").cookie("user", "ann").open();
    ask_again(&app);
    let story = app.story();
    let said = "/mine: a recovery request was answered 401, so the proxy repeats it for about half a minute and then \
                ends the stream; a recovery request has no cookies and no other header of the client: let `next` lead to \
                the path of the stream itself";
    assert!(story.contains(said), "{story}");
    app.advance(seconds(40));
    assert!(stream.is_ended());
}

#[test]
fn a_link_without_room_refuses_the_opening() {
    fn many() -> Vec<Channel> {
        (0..60).map(|id| Channel::new(format!("channel-{id}")).unwrap()).collect()
    }
    #[fanout::sse(path = "/many", channel = many, next = "/many")]
    fn much() {}
    let app = testing::app::<(much, by_query)>();
    assert_eq!(app.get("/many").send().status(), 500);
    let story = app.story();
    assert!(story.contains("/many: the stream was not opened, because its recovery link has 1"), "{story}");
    let answer = app.get(format!("/q?topic=a&x={}", "x".repeat(1000))).send();
    let reason = "the query takes 1011 bytes of the recovery link, which has room for 962\n";
    assert_eq!((answer.status().as_u16(), answer.text()), (400, reason));
}

#[test]
fn nobody_publishes_to_the_channel_that_proves_links() {
    assert!(Channel::new("fanout-recovery").is_err());
    #[fanout::sse(path = "/rooms/{room}", channel = "{room}")]
    fn room() {}
    let app = testing::app::<room>();
    let answer = app.get("/rooms/fanout-recovery").send();
    let reason = "the channel `fanout-recovery` is reserved: choose another name\n";
    assert_eq!((answer.status().as_u16(), answer.text()), (400, reason));
}
