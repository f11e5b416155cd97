use std::cell::Cell;

use fanout::grip::Link;
use fanout::prelude::*;
use fanout::publish::{HttpStream, Item, Message};
use fanout::testing;

use super::seconds;

thread_local! {
    /// The last goal in the store.
    static LAST: Cell<u32> = const { Cell::new(0) };
    static GONE: Cell<u32> = const { Cell::new(0) };
}

fn admitted(head: &RequestHead<'_>) -> Result<String, Answer> {
    let user = head.header("x-user").and_then(|user| user.to_str().ok());
    user.map(str::to_owned).ok_or_else(|| Answer::text(401, "who are you?\n"))
}

#[fanout::sse(
    path = "/rooms/{room}/goals",
    channel = "goals-{room}",
    next = "/rooms/{room}/goals",
    next_after = "60s",
    gone = "/gone",
    guard = admitted
)]
fn goals(
    room: &str,
    Guarded(user): Guarded<&String>,
    seen: LastEventId,
    missed: LastIds,
) -> WithHold<Vec<Event>> {
    let channel = goals::channel(room);
    let greeting = missed.is_empty().then(|| Event::data(format!("welcome, {user}")));
    let from = missed.of(&channel).or(seen.get()).map_or(0, |id| id.parse().unwrap());
    let missed = (from + 1..=LAST.get())
        .map(|id| Event::data(format!("goal {id} for {user}")).id(id.to_string()).unwrap());
    let events = greeting.into_iter().chain(missed).collect();
    WithHold::new(events, |hold| hold.channel(Subscription::new(channel).prev_id(LAST.get().to_string())))
}

#[fanout::long_poll(channel = "nothing", methods = ["POST"])]
fn gone() -> Poll<()> {
    GONE.set(GONE.get() + 1);
    Poll::Now(())
}

/// Scores a goal, and publishes it unless it gets lost.
fn score(app: &testing::App, is_lost: bool) {
    let last = LAST.get();
    LAST.set(last + 1);
    let goal = Event::data(format!("goal {}", last + 1)).id((last + 1).to_string()).unwrap();
    let item = Item::new(goals::channel("red"), goal).id((last + 1).to_string()).prev_id(last.to_string());
    if !is_lost {
        app.publish_all([item]);
    }
}

fn open(app: &testing::App) -> testing::Client {
    LAST.set(0);
    let mut stream = app.get("/rooms/red/goals").header("x-user", "ann").open();
    assert_eq!(stream.next_event().data(), "welcome, ann");
    stream
}

#[test]
fn items_that_follow_one_another_come_without_a_request() {
    let app = testing::app::<(goals, gone)>();
    let mut stream = open(&app);
    let channel = goals::channel("red");
    stream.assert_hold(|hold| {
        hold.prev_id(channel.as_str()) == Some("0") && hold.next_after() == Some(seconds(60))
    });
    score(&app, false);
    score(&app, false);
    assert_eq!(
        (stream.next_event().data().to_owned(), stream.next_event().data()),
        ("goal 1".into(), "goal 2")
    );
    assert_eq!(stream.hold().prev_id(channel.as_str()), Some("2"));
    assert!(!app.story().contains("recovery request"));
}

#[test]
fn a_lost_item_is_recovered_with_the_guard_value_in_the_link() {
    let app = testing::app::<(goals, gone)>();
    let mut stream = open(&app);
    score(&app, false);
    score(&app, true);
    // The proxy has not seen goal 2, so it waits 5 seconds for it before it looks at its streams.
    score(&app, false);
    assert_eq!(stream.next_event().data(), "goal 1");
    stream.assert_nothing();
    app.advance(seconds(5));
    assert_eq!(stream.next_event().data(), "goal 2 for ann");
    assert_eq!(stream.next_event().data(), "goal 3 for ann");
    stream.assert_nothing();
    assert_eq!(stream.hold().prev_id("goals-red"), Some("3"));
    assert!(stream.hold().next().unwrap().contains("fanout-guard="), "{:?}", stream.hold());
}

#[test]
fn a_quiet_stream_asks_for_what_it_may_have_missed() {
    let app = testing::app::<(goals, gone)>();
    let mut stream = open(&app);
    score(&app, true);
    // The first subscription of the channel was a second before.
    app.advance(seconds(1));
    assert_eq!(stream.next_event().data(), "goal 1 for ann");
    score(&app, true);
    app.advance(seconds(59));
    assert!(super::panic_of(|| stream.next_event()).contains("there is no event"));
    app.advance(seconds(1));
    assert_eq!(stream.next_event().data(), "goal 2 for ann");
}

#[test]
fn a_client_that_reconnects_goes_on_where_it_was() {
    let app = testing::app::<(goals, gone)>();
    let mut stream = open(&app);
    score(&app, false);
    assert_eq!(stream.next_event().id(), Some("1"));
    stream.leave();
    assert_eq!(GONE.replace(0), 1);
    score(&app, false);
    let seen = stream.last_event_id().unwrap().to_owned();
    let mut stream = app.get("/rooms/red/goals").header("x-user", "ann").last_event_id(&seen).open();
    assert_eq!(stream.next_event().data(), "welcome, ann");
    assert_eq!(stream.next_event().data(), "goal 2 for ann");
    stream.assert_nothing();
}

/// Fanout's `POST` would run the handler, as if a client came.
#[test]
fn a_gone_link_to_a_path_without_post_refuses_the_opening() {
    #[fanout::sse(path = "/rooms/{room}", channel = "{room}", gone = "/rooms/{room}?left")]
    fn room() {}
    #[fanout::post(path = "/rooms/{_room}")]
    fn left() {
        GONE.set(GONE.get() + 1);
    }
    #[fanout::sse(channel = "here", methods = ["GET", "POST"], gone = "/both")]
    fn both() -> Result<Event, Answer> {
        GONE.set(GONE.get() + 1);
        Ok(Event::data("here"))
    }
    #[fanout::sse(channel = "news")]
    fn by_hand() -> WithHold<()> {
        WithHold::new((), |hold| hold.gone(Link::from_static("/by%5fhand")))
    }
    let app = testing::app::<(room, by_hand)>();
    for path in ["/rooms/a%2Cb", "/by_hand"] {
        assert_eq!(app.get(path).send().status(), 500, "{path}");
        let said =
            format!("{path}: the stream was not opened, because its `gone` link leads to its own path");
        assert!(app.story().contains(&said), "{}", app.story());
    }
    // Where an endpoint of the path answers it, the link is right.
    let app = testing::app::<(room, left, both)>();
    app.open("/rooms/a").leave();
    assert_eq!(GONE.replace(0), 1);
    app.open("/both").leave();
    assert_eq!(GONE.replace(0), 2);
}

#[test]
fn a_gone_link_to_another_method_is_in_the_log() {
    #[fanout::sse(channel = "news", gone = "/left")]
    fn news() {}
    #[fanout::get]
    fn left() {}
    #[fanout::sse(channel = "other", gone = "/news")]
    fn other() {}
    let app = testing::app::<(news, left, other)>();
    for (path, link) in [("/news", "/left"), ("/other", "/news")] {
        app.open(path).leave();
        let said =
            format!("{link}: a `POST` through the proxy was answered 405; if a `gone` link leads here");
        assert!(app.story().contains(&said), "{}", app.story());
    }
    // A client's own is no report.
    let app = testing::app::<left>();
    assert_eq!(app.post("/left").send().status(), 405);
    assert!(!app.story().contains("gone"), "{}", app.story());
}

/// `Grip-Channel` quotes ids, and `Grip-Last` does not.
#[test]
fn ids_with_separators_are_recovered() {
    fn id(number: u32) -> String {
        format!("{number}, \"a\"; last-id=b")
    }
    #[fanout::sse(channel = ["one", "two"], next = "/both")]
    fn both(missed: LastIds) -> WithHold<Vec<Event>> {
        let [one, two] = both::channels();
        let last = |channel| missed.of(channel).map_or_else(|| id(1), str::to_owned);
        let ids = [last(&one), last(&two)];
        let events = if missed.is_empty() { Vec::new() } else { vec![Event::data(ids.join(" | "))] };
        let [of_one, of_two] = ids;
        let subscriptions = [Subscription::new(one).prev_id(of_one), Subscription::new(two).prev_id(of_two)];
        WithHold::new(events, move |hold| hold.channels(subscriptions))
    }
    let app = testing::app::<both>();
    let mut stream = app.open("/both");
    let [one, two] = both::channels();
    let item = |channel: &Channel, number: u32| {
        let item = Item::new(channel.clone(), Event::data(number.to_string()));
        item.id(id(number)).prev_id(id(number - 1))
    };
    app.publish_all([item(&one, 2)]);
    assert_eq!(stream.next_event().data(), "2");
    app.publish_all([item(&two, 3)]);
    app.advance(seconds(6));
    assert_eq!(stream.next_event().data(), format!("{} | {}", id(2), id(1)));
}

#[test]
fn a_repetition_is_dropped_and_an_early_item_waits() {
    let app = testing::app::<(goals, gone)>();
    let mut stream = open(&app);
    let item = |id: u32| {
        let goal = Event::data(format!("goal {id}"));
        Item::new(goals::channel("red"), goal).id(id.to_string()).prev_id((id - 1).to_string())
    };
    app.publish_all([item(1), item(1), item(3), item(2)]);
    for goal in ["goal 1", "goal 2", "goal 3"] {
        assert_eq!(stream.next_event().data(), goal);
    }
    stream.assert_nothing();
}

#[test]
fn a_stream_without_a_hold_in_the_answer_ends() {
    #[fanout::sse(channel = "news", next = "/news")]
    fn news(missed: LastIds) -> Result<WithHold<()>, Answer> {
        if !missed.is_empty() {
            return Err(Answer::text(200, "data: the end\n\n"));
        }
        Ok(WithHold::new((), |hold| hold.channel(Subscription::new(news::channel()).prev_id("1"))))
    }

    let app = testing::app::<news>();
    let mut stream = app.open("/news");
    app.publish_all([Item::new(news::channel(), "x").id("9").prev_id("8")]);
    assert_eq!(stream.next_event().data(), "the end");
    assert!(stream.is_ended());
}

#[test]
fn a_refused_recovery_is_tried_again_and_ends_the_stream() {
    #[fanout::sse(channel = "news", next = "/news")]
    fn news(missed: LastIds) -> Result<WithHold<()>, Answer> {
        if !missed.is_empty() {
            return Err(Answer::text(503, "later\n"));
        }
        Ok(WithHold::new((), |hold| hold.channel(Subscription::new(news::channel()).prev_id("1"))))
    }

    let app = testing::app::<news>();
    let stream = app.open("/news");
    app.publish(news::channel(), Message::new().http_stream(HttpStream::hint()));
    app.advance(seconds(30));
    assert!(stream.is_held());
    app.advance(seconds(1));
    assert!(stream.is_ended());
}
