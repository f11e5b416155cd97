//! Endpoints with a history.

use std::cell::Cell;
use std::collections::BTreeMap;

use fanout::endpoint::InvalidQuery;
use fanout::grip::Filter;
use fanout::history::{Appended, Entry, EntryId, History, HistoryError, Latest, MemoryHistory, Missed};
use fanout::http::{HeaderValue, header};
use fanout::prelude::*;
use fanout::publish::{HttpResponse, Message};
use fanout::testing::{App, Client, Event as Got, app};
use serde::Deserialize;

use super::seconds;

static HISTORY: MemoryHistory = MemoryHistory::new(5);

fn history() -> &'static MemoryHistory {
    &HISTORY
}

#[fanout::sse(path = "/{of}/goals", channel = "goals-{of}", history = history)]
fn goals(of: &str) -> Event {
    Event::named("greeting", of)
}

#[fanout::sse(path = "/{of}/quiet", channel = "goals-{of}", history = history, next_after = "30s")]
fn quiet() {}

#[fanout::sse(path = "/{of}/replayed", channel = "goals-{of}", history = history, replay = 2)]
fn replayed() {}

#[fanout::stream(path = "/{of}/lines", channel = "lines-{of}", history = history, replay = 2)]
fn lines() -> &'static str {
    "begin\n"
}

#[fanout::long_poll(path = "/{of}/poll", channel = "goals-{of}", history = history, timeout = 30, cors = "*")]
fn poll() -> (StatusCode, &'static str) {
    (StatusCode::ACCEPTED, "nothing yet")
}

fn test() -> App {
    app::<(goals, quiet, replayed, lines, poll)>()
}

/// Keeps an entry that is never published.
fn append(channel: &Channel, text: &str) -> EntryId {
    HISTORY.append(channel, Entry::new(text).unwrap()).unwrap().id
}

/// The data and the id of each event that came since.
fn came(client: &mut Client) -> Vec<(String, Option<String>)> {
    let short = |event: Got| (event.data().to_owned(), event.id().map(str::to_owned));
    client.events().into_iter().map(short).collect()
}

fn with_ids<const N: usize>(entries: [(&str, &EntryId); N]) -> Vec<(String, Option<String>)> {
    entries.map(|(text, id)| (text.to_owned(), Some(id.to_string()))).into()
}

#[test]
fn a_client_that_comes_back_gets_what_it_missed_once_and_in_order() {
    let app = test();
    let channel = goals::channel("back");
    let mut client = app.open("/back/quiet");
    let one = app.publish_with(&HISTORY, &channel, "1");
    assert_eq!(came(&mut client), with_ids([("1", &one)]));
    client.leave();
    let two = app.publish_with(&HISTORY, &channel, Event::named("goal", "2"));
    let three = append(&channel, "3");
    client.reconnect();
    assert_eq!(came(&mut client), with_ids([("2", &two), ("3", &three)]));
    let four = app.publish_with(&HISTORY, &channel, "4");
    assert_eq!(came(&mut client), with_ids([("4", &four)]));
    client.reconnect();
    app.advance(seconds(600));
    client.assert_nothing();
}

/// Events that the client did not read before it lost the connection come again.
#[test]
fn a_client_gets_again_what_it_lost() {
    let app = test();
    let channel = goals::channel("lost");
    let mut client = app.open("/lost/quiet");
    let one = app.publish_with(&HISTORY, &channel, "1");
    let two = app.publish_with(&HISTORY, &channel, "2");
    assert_eq!(client.next_event().data(), "1");
    client.reconnect();
    assert_eq!(came(&mut client), with_ids([("2", &two)]));
    assert_eq!(one.as_str().split('-').next(), two.as_str().split('-').next());
}

/// The first event may come after the client has lost its connection.
#[test]
fn a_client_knows_its_place_before_the_first_event() {
    let app = test();
    let channel = goals::channel("place");
    for before in [None, Some("old")] {
        let newest = before.map_or(EntryId::before_first(), |text| append(&channel, text));
        let mut client = app.open("/place/quiet");
        client.assert_nothing();
        assert_eq!(client.last_event_id(), Some(newest.as_str()));
        client.assert_hold(|hold| {
            hold.prev_id("goals-place") == Some(newest.as_str())
                && hold.next() == Some("/place/quiet")
                && hold.next_after() == Some(seconds(30))
        });
        client.leave();
        let missed = append(&channel, "missed");
        client.reconnect();
        assert_eq!(came(&mut client), with_ids([("missed", &missed)]));
    }
}

#[test]
fn an_item_that_the_proxy_lost_is_recovered_with_the_next() {
    let app = test();
    let channel = goals::channel("proxy");
    let mut client = app.open("/proxy/goals");
    assert_eq!(client.next_event().event(), "greeting");
    let one = app.publish_with(&HISTORY, &channel, "1");
    app.lose_items(2);
    let two = app.publish_with(&HISTORY, &channel, "2");
    let three = app.publish_with(&HISTORY, &channel, "3");
    assert_eq!(came(&mut client), with_ids([("1", &one)]));
    let four = app.publish_with(&HISTORY, &channel, "4");
    // The proxy waits for the item before it.
    app.advance(seconds(5));
    assert_eq!(came(&mut client), with_ids([("2", &two), ("3", &three), ("4", &four)]));
    app.advance(seconds(60));
    let five = app.publish_with(&HISTORY, &channel, "5");
    assert_eq!(came(&mut client), with_ids([("5", &five)]));
}

#[test]
fn an_item_that_the_proxy_lost_is_recovered_in_quiet_times() {
    let app = test();
    let mut client = app.open("/time/quiet");
    app.advance(seconds(2));
    app.lose_items(1);
    let one = app.publish_with(&HISTORY, goals::channel("time"), "1");
    app.advance(seconds(28));
    client.assert_nothing();
    app.advance(seconds(1));
    assert_eq!(came(&mut client), with_ids([("1", &one)]));
}

/// The greeting is that of the opening, and the proxy asks several times.
#[test]
fn the_handler_runs_at_the_opening_alone_and_its_events_have_no_id() {
    let app = test();
    let mut client = app.open("/greeting/goals");
    let greeting = client.next_event();
    assert_eq!((greeting.event(), greeting.id()), ("greeting", None));
    app.advance(seconds(600));
    client.assert_nothing();
    assert!(app.story().contains("recovery request"), "{}", app.story());
    client.reconnect();
    assert_eq!(client.next_event().event(), "greeting");
    client.assert_nothing();
}

/// The page discards its state at the reset.
#[test]
fn what_the_handler_says_comes_after_a_reset() {
    let app = test();
    let mut client = app.get("/said/goals").last_event_id("made-up").open();
    assert_eq!(client.next_event().event(), "reset");
    assert_eq!(client.next_event().event(), "greeting");
    client.assert_nothing();
}

#[test]
fn an_expired_or_unknown_id_is_an_event_and_then_everything_that_is_kept() {
    let app = test();
    let channel = goals::channel("reset");
    let first = append(&channel, "0");
    let kept = ["1", "2", "3", "4", "5", "6"].map(|text| append(&channel, text));
    for (id, reason) in
        [(first.as_str(), "expired"), ("0", "expired"), ("made-up", "unknown"), ("\u{e9}, ;", "unknown")]
    {
        let id = HeaderValue::from_bytes(id.as_bytes()).unwrap();
        let mut client = app.get("/reset/quiet").header("last-event-id", id).open();
        let reset = client.next_event();
        assert_eq!((reset.event(), reset.id()), ("reset", None));
        assert_eq!(reset.data(), format!(r#"{{"reason":"{reason}"}}"#));
        let rest = [("2", &kept[1]), ("3", &kept[2]), ("4", &kept[3]), ("5", &kept[4]), ("6", &kept[5])];
        assert_eq!(came(&mut client), with_ids(rest));
        app.publish_with(&HISTORY, goals::channel("other"), "x");
        client.assert_hold(|hold| hold.prev_id("goals-reset") == Some(kept[5].as_str()));
        client.assert_nothing();
    }
    // Nothing is kept.
    let mut client = app.get("/empty/quiet").last_event_id("made-up").open();
    let reset = client.next_event();
    assert_eq!((reset.event(), client.last_event_id()), ("reset", None));
    client.assert_nothing();
    assert_eq!(client.last_event_id(), Some("0"));
}

/// The proxy has an id that is no longer kept.
#[test]
fn a_recovery_after_too_long_a_gap_is_a_reset() {
    let app = test();
    let channel = goals::channel("gap");
    let mut client = app.open("/gap/quiet");
    app.advance(seconds(2));
    let kept = ["1", "2", "3", "4", "5", "6"].map(|text| append(&channel, text));
    app.advance(seconds(30));
    assert_eq!(client.next_event().event(), "reset");
    assert_eq!(came(&mut client).len(), 5);
    client.assert_hold(|hold| hold.prev_id("goals-gap") == Some(kept[5].as_str()));
}

#[test]
fn a_client_without_an_id_gets_the_newest_entries() {
    let app = test();
    let channel = goals::channel("replay");
    let mut client = app.open("/replay/replayed");
    client.assert_nothing();
    let [one, two, three] = ["1", "2", "3"].map(|text| append(&channel, text));
    let mut client = app.open("/replay/replayed");
    assert_eq!(came(&mut client), with_ids([("2", &two), ("3", &three)]));
    let mut client = app.get("/replay/replayed").last_event_id(one.as_str()).open();
    assert_eq!(came(&mut client), with_ids([("2", &two), ("3", &three)]));
    let mut client = app.get("/replay/replayed").last_event_id(three.as_str()).open();
    client.assert_nothing();
}

#[test]
fn streams_of_one_endpoint_do_not_get_each_others_entries() {
    let app = test();
    let (red, blue) = (goals::channel("red"), goals::channel("blue"));
    let mut clients = [app.open("/red/quiet"), app.open("/blue/quiet")];
    app.advance(seconds(2));
    app.lose_items(2);
    let of_red = app.publish_with(&HISTORY, &red, "red");
    let of_blue = app.publish_with(&HISTORY, &blue, "blue");
    app.advance(seconds(30));
    assert_eq!(came(&mut clients[0]), with_ids([("red", &of_red)]));
    assert_eq!(came(&mut clients[1]), with_ids([("blue", &of_blue)]));
    // An id of another channel is unknown.
    let mut client = app.get("/blue/quiet").last_event_id(of_red.as_str()).open();
    assert_eq!(client.next_event().event(), "reset");
    assert_eq!(came(&mut client), with_ids([("blue", &of_blue)]));
}

mod guarded {
    use super::*;

    fn who(head: &RequestHead<'_>) -> Result<String, StatusCode> {
        let user = head.header("x-user").and_then(|user| user.to_str().ok());
        user.map(str::to_owned).ok_or(StatusCode::UNAUTHORIZED)
    }

    #[fanout::sse(channel = "inbox-{guard}", guard = who, history = history)]
    fn inbox() {}

    /// The recovery request has no header of the client.
    #[test]
    fn a_guarded_stream_recovers() {
        let app = app::<inbox>();
        let mut clients = ["ann", "bob"].map(|user| app.get("/inbox").header("x-user", user).open());
        app.advance(seconds(2));
        app.lose_items(2);
        let ids = ["ann", "bob"].map(|user| app.publish_with(&HISTORY, inbox::channel(user), user));
        app.advance(seconds(120));
        for ((client, user), id) in clients.iter_mut().zip(["ann", "bob"]).zip(&ids) {
            assert_eq!(came(client), with_ids([(user, id)]));
            client.leave();
        }
        assert_eq!(app.get("/inbox").last_event_id(ids[0].as_str()).send().status(), 401);
    }
}

#[test]
fn a_page_can_send_the_id_in_the_query_and_the_header_wins() {
    let app = test();
    let channel = goals::channel("query");
    let [one, two, three] = ["1", "2", "3"].map(|text| append(&channel, text));
    let mut client = app.open(format!("/query/replayed?a=b&lastEventId={one}"));
    assert_eq!(came(&mut client), with_ids([("2", &two), ("3", &three)]));
    // The page's `EventSource` reconnects to the same address.
    client.reconnect();
    client.assert_nothing();
    let mut client =
        app.get(format!("/query/replayed?last%45ventId={one}")).header("last-event-id", "").open();
    assert_eq!(came(&mut client).len(), 2);
    let mut client = app.open("/query/replayed?lastEventId=");
    assert_eq!(came(&mut client).len(), 2);
    let poll = app.get(format!("/query/poll?lastEventId={two}")).send();
    assert_eq!((poll.text(), poll.header("last-event-id")), ("3", Some(three.as_str())));
}

/// The link of a recovery does not have the id, so the proxy makes one request for all who miss the same.
#[test]
fn streams_from_stored_ids_recover_together() {
    let app = test();
    let channel = goals::channel("stored");
    let [one, two, three] = ["1", "2", "3"].map(|text| append(&channel, text));
    let mut clients = [
        app.open(format!("/stored/quiet?lastEventId={one}&a=b")),
        app.open(format!("/stored/quiet?a=b&last%45ventId={two}")),
        app.open(format!("/stored/quiet?lastEventId=&a=b&lastEventId={three}")),
        app.get("/stored/quiet?a=b").last_event_id(three.as_str()).open(),
    ];
    let counts = clients.each_mut().map(|client| came(client).len());
    assert_eq!(counts, [2, 1, 0, 0]);
    for round in 0..2 {
        for client in &clients {
            assert_eq!(client.hold().next(), Some("/stored/quiet?a=b"));
        }
        let missed = append(&channel, "missed");
        let joined = || app.story().matches("joined with that of another client").count();
        let before = joined();
        app.advance(seconds(30));
        assert_eq!(joined() - before, clients.len() - 1, "{round}: {}", app.story());
        for client in &mut clients {
            assert_eq!(came(client), with_ids([("missed", &missed)]), "{round}");
        }
    }
}

mod query {
    use super::*;

    #[derive(Deserialize)]
    struct Asked {
        #[serde(rename = "lastEventId")]
        id: Option<String>,
    }

    fn seen(seen: &LastEventId, asked: Result<Query<Asked>, InvalidQuery>) -> String {
        format!("{:?} {:?}", seen.get(), asked.ok().and_then(|Query(asked)| asked.id))
    }

    #[fanout::sse(channel = "a", last_event_id_query)]
    fn allowed(id: LastEventId, asked: Result<Query<Asked>, InvalidQuery>) -> String {
        seen(&id, asked)
    }

    #[fanout::sse(channel = "a")]
    fn not_allowed(id: LastEventId, asked: Result<Query<Asked>, InvalidQuery>) -> String {
        seen(&id, asked)
    }

    #[fanout::sse(channel = "b", last_event_id_query, next = "/linked?lastEventId=mine")]
    fn linked() {}

    #[test]
    fn the_id_of_a_client_is_not_in_the_link() {
        let app = app::<(linked,)>();
        assert_eq!(app.open("/linked?a=b&lastEventId=c").hold().next(), Some("/linked?lastEventId=mine&a=b"));
    }

    #[test]
    fn the_query_counts_where_the_endpoint_says_so() {
        let app = app::<(allowed, not_allowed)>();
        let got = |target: &str, header: Option<&str>| {
            let request = app.get(target);
            let request = if let Some(id) = header { request.last_event_id(id) } else { request };
            request.open().next_event().data().to_owned()
        };
        assert_eq!(got("/allowed?lastEventId=a%20b", None), r#"Some("a b") Some("a b")"#);
        assert_eq!(got("/allowed?lastEventId=a", Some("b")), r#"Some("b") Some("a")"#);
        assert_eq!(got("/allowed?lastEventId=", None), r#"None Some("")"#);
        assert_eq!(got("/allowed", None), "None None");
        // A header could not carry it, and the proxy would write it into one.
        let forged = "/allowed?lastEventId=a%0d%0aGrip-Last:%20x";
        assert_eq!(got(forged, None), r#"None Some("a\r\nGrip-Last: x")"#);
        assert_eq!(got("/not_allowed?lastEventId=a", None), r#"None Some("a")"#);
        // The link of a recovery has the query of the client's first request.
        let answer = app
            .get("/allowed?lastEventId=a")
            .header("grip-sig", app.token())
            .header("grip-last", "a; last-id=5")
            .send();
        assert!(answer.text().contains(r#""body":"data: None Some(\"a\")\n\n""#), "{}", answer.text());
    }
}

#[test]
fn a_poll_gets_one_entry_at_a_time_and_then_waits() {
    let app = test();
    let channel = goals::channel("polls");
    let mut client = app.open("/polls/poll");
    client.assert_hold(|hold| hold.prev_id("goals-polls") == Some("0"));
    let own = HttpResponse::new("[1]")
        .status(StatusCode::CREATED)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let message = Message::text("1").http_response(own);
    let shape = |client: &Client| {
        let response = client.response();
        let headers = ["content-type", "last-event-id", "access-control-expose-headers"];
        let headers = headers.map(|name| response.header(name).map(str::to_owned));
        (response.status().as_u16(), response.text().to_owned(), headers)
    };
    let one = app.publish_with(&HISTORY, &channel, message.clone());
    let expose = "Last-Event-ID, History-Reset";
    let expected = |status, text: &str, kind: &str, id: &EntryId| {
        (status, text.to_owned(), [kind, id.as_str(), expose].map(|value| Some(value.to_owned())))
    };
    assert_eq!(shape(&client), expected(201, "[1]", "application/json", &one));
    client.reconnect();
    app.advance(seconds(31));
    // The timeout has the id too.
    assert_eq!(shape(&client), expected(202, "nothing yet", "text/plain; charset=utf-8", &one));
    let two = app.publish_with(&HISTORY, &channel, message);
    let three = app.publish_with(&HISTORY, &channel, "3");
    client.reconnect();
    // The same as the one that was published to a poll that waited.
    assert_eq!(shape(&client), expected(201, "[1]", "application/json", &two));
    client.reconnect();
    assert_eq!(shape(&client), expected(200, "3", "text/plain; charset=utf-8", &three));
    client.reconnect();
    assert!(client.is_held());
    let not_for_polls = app.publish_with(&HISTORY, &channel, Message::text("4").without_http_response());
    assert!(client.is_held());
    client.reconnect();
    client.assert_hold(|hold| hold.prev_id("goals-polls") == Some(not_for_polls.as_str()));
}

/// An item that comes between two polls is there at once, also if the app has answered before it.
#[test]
fn a_poll_that_follows_an_older_id_is_asked_again() {
    let app = test();
    let channel = goals::channel("between");
    let mut other = app.open("/between/quiet");
    let one = app.publish_with(&HISTORY, &channel, "1");
    let mut client = app.get("/between/poll").last_event_id(one.as_str()).open();
    assert!(client.is_held());
    // The proxy has not got this one.
    app.lose_items(1);
    let two = app.publish_with(&HISTORY, &channel, "2");
    let three = app.publish_with(&HISTORY, &channel, "3");
    app.advance(seconds(5));
    assert_eq!(
        (client.response().text(), client.response().header("last-event-id")),
        ("2", Some(two.as_str()))
    );
    client.reconnect();
    assert_eq!(client.response().text(), "3");
    assert_eq!(came(&mut other), with_ids([("1", &one), ("2", &two), ("3", &three)]));
}

#[test]
fn a_poll_learns_of_a_reset_by_a_header() {
    let app = test();
    let channel = goals::channel("poll-reset");
    let reset = |client: &Client| client.header("history-reset");
    let client = app.get("/poll-reset/poll").last_event_id("made-up").open();
    // The proxy asks again after a second, and that answer counts.
    app.advance(seconds(31));
    assert_eq!((reset(&client), client.header("last-event-id")), (Some("unknown".into()), Some("0".into())));
    let kept = ["0", "1", "2", "3", "4", "5"].map(|text| append(&channel, text));
    let mut client = app.get("/poll-reset/poll").last_event_id("0").open();
    assert_eq!((reset(&client), client.response().text()), (Some("expired".into()), "1"));
    client.reconnect();
    assert_eq!((reset(&client), client.response().text()), (None, "2"));
    assert_eq!(client.header("last-event-id").as_deref(), Some(kept[2].as_str()));
}

#[test]
fn a_stream_of_bytes_goes_on_where_the_proxy_lost_an_item() {
    let app = test();
    let channel = lines::channel("bytes");
    let line = |text: &str| Message::text(format!("{text}\n")).unframed();
    let publish = |text: &str| drop(app.publish_with(&HISTORY, &channel, line(text)));
    ["1", "2", "3"].into_iter().for_each(publish);
    let mut client = app.open("/bytes/lines");
    assert_eq!(client.next_text(), "begin\n2\n3\n");
    publish("4");
    app.lose_items(1);
    publish("5");
    assert_eq!(client.next_text(), "4\n");
    publish("6");
    app.advance(seconds(5));
    assert_eq!(client.next_text(), "5\n6\n");
    // Its bytes have told it no id.
    client.reconnect();
    assert_eq!(client.next_text(), "begin\n5\n6\n");
    app.advance(seconds(2));
    app.lose_items(6);
    ["1", "2", "3", "4", "5", "6"].into_iter().for_each(publish);
    app.advance(seconds(120));
    assert!(client.is_ended());
    assert!(app.story().contains("after an expired id"), "{}", app.story());
}

mod mistakes {
    use super::*;

    fn two() -> [Channel; 2] {
        ["one", "two"].map(Channel::from_static)
    }

    fn filtered() -> Subscription {
        Subscription::new(Channel::from_static("one")).filter(Filter::SkipSelf)
    }

    #[fanout::sse(channel = two, history = history)]
    fn two_channels() {}

    #[fanout::sse(channel = filtered, history = history)]
    fn a_filter() {}

    #[fanout::sse(channel = "one", history = history)]
    fn an_id() -> [Event; 2] {
        [Event::comment("id: 5"), Event::data("x").id_number(5)]
    }

    #[fanout::stream(channel = "one", history = history)]
    fn no_id() -> &'static str {
        "id: 5\n"
    }

    #[fanout::sse(channel = "one", history = history)]
    fn a_change() -> WithHold<()> {
        WithHold::new((), |hold| hold.meta("user", "ann"))
    }

    #[fanout::sse(channel = "one", history = history)]
    fn a_header() -> WithHold<()> {
        WithHold::new((), |hold| hold.header(header::ETAG, HeaderValue::from_static("x")))
    }

    #[fanout::sse(channel = "one", history = refused)]
    fn a_refusal() {}

    fn refused() -> Result<&'static MemoryHistory, StatusCode> {
        Err(StatusCode::NOT_FOUND)
    }

    #[test]
    fn a_mistake_of_the_app_is_logged() {
        for (target, logged) in [
            ("/two_channels", "has one channel, and its channel function returned 2"),
            ("/a_filter", "the filter `skip-self`"),
            ("/an_id", "returned an event with an id"),
            ("/a_change", "the handler changed the hold"),
        ] {
            let app = app::<(two_channels, a_filter, an_id, a_change)>();
            assert_eq!(app.get(target).send().status(), 500, "{target}");
            assert!(app.story().contains(logged), "{}", app.story());
        }
        let app = app::<(no_id, a_header, a_refusal)>();
        assert!(app.open("/no_id").is_held());
        assert_eq!(app.open("/a_header").header("etag").as_deref(), Some("x"));
        assert_eq!(app.get("/a_refusal").send().status(), 404);
    }
}

mod down {
    use super::*;

    thread_local! {
        static ERROR: Cell<Option<bool>> = const { Cell::new(None) };
    }

    /// A history whose store is sometimes down.
    struct Sometimes;

    impl Sometimes {
        fn try_it(&self) -> Result<(), HistoryError> {
            match ERROR.get() {
                None => Ok(()),
                Some(true) => Err(HistoryError::transient("the store is busy")),
                Some(false) => Err(HistoryError::permanent("there is no store")),
            }
        }
    }

    impl History for Sometimes {
        fn append(&self, channel: &Channel, entry: Entry) -> Result<Appended, HistoryError> {
            self.try_it()?;
            HISTORY.append(channel, entry)
        }

        fn after(&self, channel: &Channel, id: &EntryId) -> Result<Missed, HistoryError> {
            self.try_it()?;
            HISTORY.after(channel, id)
        }

        fn latest(&self, channel: &Channel, count: usize) -> Result<Latest, HistoryError> {
            self.try_it()?;
            HISTORY.latest(channel, count)
        }
    }

    fn sometimes() -> Sometimes {
        Sometimes
    }

    #[fanout::sse(channel = "down", history = sometimes)]
    fn events() {}

    #[fanout::stream(channel = "down", history = sometimes)]
    fn bytes() {}

    #[fanout::long_poll(channel = "down", history = sometimes)]
    fn poll() {}

    #[fanout::post]
    fn publish(Body(text): Body<String>) -> Result<StatusCode, fanout::history::NotPublished> {
        Sometimes.publish(Channel::from_static("down"), text)?;
        Ok(StatusCode::CREATED)
    }

    /// An `EventSource` comes back after the end of a stream, and not after an error.
    #[test]
    fn a_store_that_is_busy_ends_a_stream_of_events_and_is_an_error_to_others() {
        let app = app::<(events, bytes, poll, publish)>();
        ERROR.set(Some(true));
        let mut client = app.open("/events");
        assert_eq!((client.status(), client.is_ended()), (StatusCode::OK, true));
        assert_eq!(client.header("content-type").as_deref(), Some("text/event-stream"));
        assert_eq!(app.get("/bytes").send().status(), 503);
        assert_eq!(app.get("/poll").send().status(), 503);
        assert_eq!(app.post("/publish").body("x").send().status(), 503);
        ERROR.set(Some(false));
        assert_eq!(app.get("/events").send().status(), 503);
        ERROR.set(None);
        client.reconnect();
        assert!(client.is_held());
        app.advance(seconds(2));
        // A recovery is asked for again.
        ERROR.set(Some(true));
        append(&events::channel(), "1");
        app.advance(seconds(120));
        client.assert_nothing();
        ERROR.set(None);
        app.advance(seconds(60));
        assert_eq!(client.next_event().data(), "1");
        assert_eq!(app.post("/publish").body("2").send().status(), 201);
        assert_eq!(client.next_event().data(), "2");
        assert!(app.story().contains("the store is busy"), "{}", app.story());
    }
}

/// The next of a row of numbers.
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

#[test]
fn a_thousand_entries_arrive_whatever_is_lost() {
    static ALL: MemoryHistory = MemoryHistory::new(usize::MAX);
    fn all() -> &'static MemoryHistory {
        &ALL
    }
    #[fanout::sse(path = "/all/{of}", channel = "all-{of}", history = all)]
    fn all_of() {}

    for seed in 0..3 {
        let mut state = seed;
        let app = app::<all_of>();
        let rooms = [format!("red-{seed}"), format!("blue-{seed}")];
        let mut clients: Vec<_> =
            rooms.iter().cycle().take(6).map(|room| app.open(format!("/all/{room}"))).collect();
        // A client that did not even get its place begins anew.
        clients.iter_mut().for_each(Client::assert_nothing);
        let mut sent: BTreeMap<&str, Vec<(String, Option<String>)>> = BTreeMap::new();
        let mut got = vec![Vec::new(); clients.len()];
        for number in 0..1_000 {
            let room = &rooms[random(&mut state, 2) as usize];
            let text = format!("{room} {number}");
            let channel = all_of::channel(room);
            let id = match random(&mut state, 10) {
                0 => ALL.append(&channel, Entry::new(&*text).unwrap()).unwrap().id,
                1 => {
                    app.lose_items(1);
                    app.publish_with(&ALL, channel, &*text)
                }
                _ => app.publish_with(&ALL, channel, &*text),
            };
            sent.entry(room).or_default().push((text, Some(id.to_string())));
            let one = random(&mut state, 6) as usize;
            match random(&mut state, 8) {
                // Reads everything, or one event, and loses the rest.
                0 => {
                    got[one].extend(came(&mut clients[one]));
                    clients[one].reconnect();
                }
                1 => {
                    clients[one].reconnect();
                }
                2 => got[one].extend(came(&mut clients[one])),
                3 => app.advance(seconds(random(&mut state, 7))),
                _ => {}
            }
        }
        app.advance(seconds(300));
        for (index, client) in clients.iter_mut().enumerate() {
            got[index].extend(came(client));
            let sent = &sent[&*rooms[index % 2]];
            let wrong = got[index].iter().zip(sent).position(|(got, sent)| got != sent);
            assert_eq!((got[index].len(), wrong), (sent.len(), None), "seed {seed}, client {index}");
        }
    }
}
