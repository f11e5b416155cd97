//! The description that an app gives of itself.

#![cfg(not(target_family = "wasm"))]

use fanout::__private::Endpoints as _;
use fanout::__private::routes::App;
use fanout::Route;
use fanout::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A remark, which has another form in each direction.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Said {
    by: User,
    #[serde(default)]
    loud: bool,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct User {
    name: String,
}

/// It refers to a type that has another form in each direction.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Page {
    said: Vec<Said>,
    // A field that is called like a keyword of JSON Schema.
    default: Said,
}

#[derive(Serialize, Deserialize)]
struct Secret;

#[derive(Deserialize, JsonSchema)]
struct Words<'a> {
    text: &'a str,
}

fn topics(room: &str) -> Channel {
    Channel::new(room).unwrap_or(Channel::from_static("none"))
}

fn may_enter(room: &str) -> Result<(), Answer> {
    if room.is_empty() { Err(Answer::text(403, "")) } else { Ok(()) }
}

mod rooms {
    use super::*;

    /// A room.
    ///
    ///     indented
    #[fanout::sse(path = "/rooms/{room}", channel = topics(room), guard = may_enter(room), data = Said)]
    pub fn r#type() {}

    #[fanout::stream(
        path = "/all/{*rest}",
        channel = ["a-{rest}", "b"],
        methods = ["GET", "POST"],
        cors = ["https://a.example"],
        keep_alive = every("20s", "\n"),
        next = "/missed",
        next_after = 1_000,
        headers = ("X-Feed", "live"),
        status = 202,
        name = Everything,
        data = Secret,
        last_event_id_query
    )]
    pub fn all() {}

    pub mod inner {
        use super::*;

        #[fanout::long_poll(channel = "inner", timeout = "30s", content_type = "text/html", data = std::collections::BTreeMap<String, User>)]
        pub fn inner() {}

        #[fanout::endpoints(inner)]
        pub enum Endpoints {}
    }

    #[fanout::endpoints(r#type, inner::Endpoints, Everything)]
    pub enum Endpoints {}
}

#[derive(Default, Serialize, Deserialize)]
struct LoudChat;

#[fanout::ws(data = Page, origins = "https://a.example")]
impl LoudChat {
    fn text(&mut self, said: Result<Json<Said>, fanout::websocket::InvalidJson>) {
        let _ = said;
    }

    #[cfg(not(windows))]
    fn binary(&mut self, bytes: Vec<u8>) {
        let _ = bytes;
    }

    #[cfg(windows)]
    fn binary(&mut self, missing: Json<Missing>) {}
}

#[fanout::ws(echo)]
fn echo() {}

#[fanout::ws(path = "/words")]
fn words<'a>(Json(Words { text }): Json<Words<'a>>) -> &'a str {
    text
}

#[fanout::post]
fn say(page: Option<Json<Page>>) {
    let _ = page;
}

#[fanout::put]
fn hide(secret: Json<Secret>) {
    let _ = secret;
}

enum ByHand {}

impl Endpoint for ByHand {
    const ROUTE: Route = Route::plain("/by-hand", |_| Answer::text(200, ""));
}

#[fanout::endpoints(
    rooms::Endpoints,
    #[cfg(windows)]
    missing,
    LoudChat,
    echo,
    words,
    say,
    hide,
    ByHand
)]
enum Everything {}

fn description() -> Value {
    let mut app = App::default();
    Everything::describe(&mut app);
    serde_json::from_str(&app.json().expect("it is JSON")).expect("it is JSON")
}

fn endpoint<'d>(description: &'d Value, name: &str) -> &'d Value {
    let endpoints = description["endpoints"].as_array().expect("a list");
    endpoints.iter().find(|endpoint| endpoint["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_endpoints_are_in_the_order_of_the_lists() {
    let description = description();
    let endpoints = description["endpoints"].as_array().expect("a list");
    let names: Vec<_> = endpoints.iter().map(|endpoint| endpoint["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["type", "inner", "all", "loud_chat", "echo", "words", "say", "hide", "by_hand"]);
}

#[test]
fn each_endpoint_says_what_its_attribute_says() {
    let description = description();
    let mut of_type = endpoint(&description, "type").clone();
    of_type.as_object_mut().expect("an object").remove("sends");
    assert_eq!(
        of_type,
        json!({
            "name": "type",
            "module": ["rooms"],
            "kind": "sse",
            "methods": ["GET"],
            "path": "/rooms/{room}",
            "channels": [],
            "channel_function": "topics(room)",
            "guard": "may_enter(room)",
            "options": { "data": "Said" },
            "docs": "A room.\n\n    indented",
            "last_event_id_query": null,
            "has_history": false,
            "receives": null,
        })
    );
    let all = endpoint(&description, "all");
    assert_eq!(all["channels"], json!(["a-{rest}", "b"]));
    assert_eq!(all["methods"], json!(["GET", "POST"]));
    assert_eq!(all["last_event_id_query"], "lastEventId");
    assert_eq!(
        all["options"],
        json!({
            "cors": ["https://a.example"],
            "data": "Secret",
            "headers": ["X-Feed", "live"],
            "keep_alive": "every(\"20s\", \"\\n\")",
            "last_event_id_query": true,
            "next": "/missed",
            "next_after": 1000,
            "status": 202,
        })
    );
    assert_eq!(endpoint(&description, "inner")["module"], json!(["rooms", "inner"]));
    assert_eq!(endpoint(&description, "inner")["kind"], "long_poll");
    let chat = endpoint(&description, "loud_chat");
    assert_eq!((&chat["kind"], &chat["path"]), (&"web_socket".into(), &"/loud_chat".into()));
    assert_eq!(endpoint(&description, "echo")["options"], json!({ "echo": true }));
    let by_hand = endpoint(&description, "by_hand");
    assert_eq!((&by_hand["kind"], &by_hand["methods"]), (&"plain".into(), &json!(["GET"])));
}

#[test]
fn a_type_with_a_schema_is_described_in_its_direction() {
    let description = description();
    let definitions = &description["$defs"];
    let schema = |name: &str, direction: &str| endpoint(&description, name)[direction].clone();
    assert_eq!(schema("type", "sends"), json!({ "$ref": "#/$defs/Said" }));
    assert_eq!(definitions["Said"]["required"], json!(["by", "loud"]));
    // A client need not send what has a default.
    assert_eq!(schema("loud_chat", "receives"), json!({ "$ref": "#/$defs/SaidReceived" }));
    assert_eq!(definitions["SaidReceived"]["required"], json!(["by"]));
    // A type that refers to a type with two forms has two itself; other types are shared.
    assert_eq!(schema("loud_chat", "sends"), json!({ "$ref": "#/$defs/Page" }));
    assert_eq!(schema("say", "receives"), json!({ "$ref": "#/$defs/PageReceived" }));
    let said = |page: &str| definitions[page]["properties"]["said"]["items"]["$ref"].clone();
    assert_eq!((said("Page"), said("PageReceived")), ("#/$defs/Said".into(), "#/$defs/SaidReceived".into()));
    let field = |page: &str| definitions[page]["properties"]["default"]["$ref"].clone();
    assert_eq!(
        (field("Page"), field("PageReceived")),
        ("#/$defs/Said".into(), "#/$defs/SaidReceived".into())
    );
    assert_eq!(definitions["SaidReceived"]["properties"]["by"], json!({ "$ref": "#/$defs/User" }));
    assert_eq!(schema("inner", "sends")["additionalProperties"], json!({ "$ref": "#/$defs/User" }));
    assert_eq!(schema("words", "receives"), json!({ "$ref": "#/$defs/Words" }));
    let names: Vec<_> = definitions.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["Page", "PageReceived", "Said", "SaidReceived", "User", "Words"]);
}

#[test]
fn a_type_without_a_schema_is_unknown() {
    let description = description();
    for (name, direction) in [("all", "sends"), ("hide", "receives"), ("echo", "sends"), ("echo", "receives")]
    {
        assert_eq!(endpoint(&description, name)[direction], Value::Null, "{name} {direction}");
    }
}
