use fanout::grip::Link;
use fanout::http::Method;
use fanout::prelude::*;
use fanout::{ClientAddr, ClientGeo, Geo, testing};
use serde::Deserialize;

#[derive(Deserialize)]
struct Page {
    page: u32,
}

#[fanout::sse(path = "/news/{topic}", channel = "news-{topic}", cors = ["https://www.example.com"], methods = ["GET", "POST"])]
fn news(topic: &str, Query(page): Query<Page>, cookies: Cookies) -> Result<Event, Answer> {
    match topic {
        "closed" => Err(Redirect::see_other(Link::from_static("/elsewhere")).into_answer()),
        "broken" => panic!("no such topic"),
        _ => Ok(Event::data(format!("{topic} {} {}", page.page, cookies.get("user").unwrap_or("nobody")))),
    }
}

fn from_the_office(ClientAddr(addr): ClientAddr, geo: Option<ClientGeo>) -> Result<String, Answer> {
    if !addr.to_string().starts_with("192.0.2.") {
        return Err(Answer::text(403, "not from there\n"));
    }
    Ok(format!("{addr} {}", geo.map_or("unknown".to_owned(), |ClientGeo(geo)| geo.city().to_owned())))
}

#[fanout::sse(channel = "office", guard = from_the_office)]
fn office(Guarded(place): Guarded<String>) -> Event {
    Event::data(place)
}

#[test]
fn arguments_are_made_of_the_request() {
    let app = testing::app::<news>();
    let mut stream = app.get("/news/sport?page=2").cookie("a", "b").cookie("user", "ann").open();
    assert_eq!(stream.next_event().data(), "sport 2 ann");
    assert_eq!(app.get("/news/sport?page=x").send().status(), 400);
    let elsewhere = app.get("/news/closed?page=1").send();
    assert_eq!((elsewhere.status().as_u16(), elsewhere.header("location")), (303, Some("/elsewhere")));
}

#[test]
fn http_is_answered_before_the_handoff() {
    let app = testing::app::<news>();
    let head = app.head("/news/sport?page=1").send();
    assert_eq!((head.status().as_u16(), head.bytes()), (200, &b""[..]));
    let options = app.options("/news/sport").send();
    assert_eq!((options.status().as_u16(), options.header("allow")), (204, Some("GET, POST, HEAD, OPTIONS")));
    let wrong = app.request(Method::DELETE, "/news/sport").send();
    assert_eq!((wrong.status().as_u16(), wrong.header("allow")), (405, Some("GET, POST, HEAD, OPTIONS")));
    // The answer to a `HEAD` has no body, whatever its status.
    let nowhere = app.head("/nowhere").send();
    assert_eq!((nowhere.status().as_u16(), nowhere.bytes()), (404, &b""[..]));
    let nowhere = app.get("/nowhere").send();
    assert_eq!((nowhere.status().as_u16(), nowhere.text()), (404, "not found\n"));
    assert_eq!(app.connect_refused("/news/sport?page=1"), 400);
}

/// As on Compute: the guard value in a link is not for the app.
#[test]
fn a_rejection_has_the_query_without_a_guard_value() {
    let app = testing::app::<news>().refuse(|rejection| {
        let query = rejection.head().and_then(|head| head.query());
        Answer::text(rejection.status(), query.unwrap_or("none"))
    });
    for (path, status) in [("/nowhere", 404), ("/news/%ff", 400), ("/news/broken", 500)] {
        let answer = app.get(format!("{path}?page=1&fanout-guard=secret")).send();
        assert_eq!((answer.status().as_u16(), answer.text()), (status, "page=1"), "{path}");
    }
}

trait Refused {
    fn connect_refused(&self, target: &str) -> u16;
}

impl Refused for testing::App {
    fn connect_refused(&self, target: &str) -> u16 {
        self.get(target).try_connect().expect_err("it is refused").status().as_u16()
    }
}

#[test]
fn pages_of_other_origins_are_told_so() {
    let app = testing::app::<news>();
    let own = app.get("/news/sport?page=1").origin("https://www.example.com").open();
    assert_eq!(own.header("access-control-allow-origin").as_deref(), Some("https://www.example.com"));
    let other = app.get("/news/sport?page=1").origin("https://evil.example").open();
    assert_eq!(other.header("access-control-allow-origin"), None);
    let preflight = app
        .options("/news/sport")
        .origin("https://www.example.com")
        .header("access-control-request-method", "POST")
        .send();
    assert!(preflight.header("access-control-allow-methods").is_some_and(|methods| methods.contains("POST")));
}

#[test]
fn a_guard_sees_the_client() {
    let app = testing::app::<office>();
    let mut stream = app.get("/office").from_geo(Geo::new("JP").with_city("Tokyo")).open();
    assert_eq!(stream.next_event().data(), "192.0.2.1 Tokyo");
    let mut stream = app.get("/office").from_addr("192.0.2.77").open();
    assert_eq!(stream.next_event().data(), "192.0.2.77 unknown");
    let refused = app.get("/office").from_addr("2001:db8::1").send();
    assert_eq!((refused.status().as_u16(), refused.text()), (403, "not from there\n"));
}

#[test]
fn a_panic_of_a_handler_is_a_500_and_a_line_in_the_log() {
    let app = testing::app::<news>();
    let answer = app.get("/news/broken?page=1").origin("https://www.example.com").send();
    assert_eq!((answer.status().as_u16(), answer.text()), (500, "internal error\n"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://www.example.com"));
    let story = app.story();
    assert!(
        story.contains("the endpoint `/news/{topic}`, asked for GET /news/broken, panicked: no such topic"),
        "{story}"
    );
}

#[test]
fn a_long_body_is_refused_before_the_guard() {
    let app = testing::app::<news>();
    let body = |len| app.post("/news/sport?page=1").body(vec![b'x'; len]);
    assert_eq!(body(100_001).send().status(), 413);
    assert!(body(100_000).open().is_held());
    // A chunked body has no length that the app could refuse.
    let chunked = body(100_001).header("content-length", "5").send();
    assert_eq!(
        (chunked.status().as_u16(), chunked.text()),
        (400, "Request too large to accept GRIP instruct.\n")
    );
}

#[derive(serde::Serialize, Deserialize)]
struct Goal {
    text: String,
}

#[fanout::post(path = "/news/{topic}/goals", guard = named)]
fn goal(
    topic: &str,
    Guarded(user): Guarded<&String>,
    Json(goal): Json<Goal>,
) -> Result<(), fanout::publish::PublishError> {
    fanout::publish(news::channel(topic), format!("{user}: {}", goal.text))
}

fn named(head: &RequestHead<'_>, addr: Option<ClientAddr>) -> Result<String, Answer> {
    assert!(addr.is_some(), "a client has an address");
    let user = head.header("x-user").and_then(|user| user.to_str().ok());
    user.map(str::to_owned).ok_or_else(|| Answer::text(401, "who are you?\n"))
}

#[test]
fn a_plain_endpoint_answers_at_once_and_publishes() {
    let app = testing::app::<(news, goal)>();
    let mut stream = app.open("/news/sport?page=1");
    assert_eq!(stream.next_event().data(), "sport 1 nobody");
    let goal = Goal { text: "1 : 0".into() };
    let answer = app.post("/news/sport/goals").header("x-user", "ann").json(&goal).send();
    assert_eq!((answer.status().as_u16(), answer.bytes()), (204, &b""[..]));
    assert_eq!(stream.next_event().data(), "ann: 1 : 0");
    assert_eq!(app.post("/news/sport/goals").json(&goal).send().status(), 401);
    assert_eq!(app.post("/news/sport/goals").header("x-user", "ann").text("1 : 0").send().status(), 415);
    assert_eq!(app.get("/news/sport/goals").send().status(), 405);
    assert!(!app.story().contains("/goals off"));
}

#[test]
fn an_app_words_its_refusals() {
    fn as_json(rejection: fanout::Rejection<'_>) -> Answer {
        assert!(!rejection.to_string().contains("panic"), "the function panics too");
        Answer::json(rejection.status(), serde_json::json!({ "error": rejection.to_string() }))
    }

    let app = testing::app::<news>().refuse(as_json);
    let error = |target: &str| {
        let answer = app.get(target).send();
        (answer.status().as_u16(), answer.json::<serde_json::Value>()["error"].as_str().unwrap().to_owned())
    };
    assert_eq!(error("/nowhere"), (404, "not found".into()));
    assert_eq!(error("/news/broken?page=1"), (500, "internal error".into()));
    assert_eq!(error("/news/sport?page=x").0, 400);
}
