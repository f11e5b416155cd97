//! The clients' stories: the app and the server on the host, with a simulated proxy.

use departures_endpoints::{Departure, Endpoints, station};
use fanout::publish::Message;
use fanout::testing::{self, App};
use serde_json::{Value, json};

/// Publishes as the server does.
fn depart(app: &App, at: &str, train: &str, platform: u8) {
    app.publish(
        station::channel(at),
        Message::json(&Departure { train, platform }).expect("a departure is JSON"),
    );
}

#[test]
fn the_clients_of_a_station_get_its_departures() {
    let app = testing::app::<Endpoints>();
    let mut bern = app.open("/stations/Bern");
    let mut basel = app.open("/stations/Basel");
    assert_eq!(bern.next_comment(), "departures from Bern");

    depart(&app, "Bern", "IC 8", 7);
    depart(&app, "Basel", "RE 2", 11);

    assert_eq!(bern.next_event().json::<Value>(), json!({"train": "IC 8", "platform": 7}));
    assert_eq!(basel.next_event().json::<Value>(), json!({"train": "RE 2", "platform": 11}));
    bern.assert_nothing();
    basel.assert_nothing();
}

#[test]
fn the_name_of_a_station_is_any_text() {
    let app = testing::app::<Endpoints>();
    let mut client = app.open("/stations/Z%C3%BCrich%20HB");
    assert_eq!(client.next_comment(), "departures from Zürich HB");
    depart(&app, "Zürich HB", "IC 1", 31);
    assert_eq!(client.next_event().json::<Value>()["platform"], 31);
}

#[test]
fn any_page_may_show_the_departures() {
    let app = testing::app::<Endpoints>();
    let page = app.get("/stations/Bern").origin("https://board.example").open();
    assert_eq!(page.header("access-control-allow-origin").as_deref(), Some("*"));
}
