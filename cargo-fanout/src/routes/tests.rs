//! The app of the tests, and the arguments of the command.

use serde_json::{Map, Value, json};

use super::model::{App, Endpoint, Kind};
use super::*;

/// An endpoint for server-sent events without options.
pub(super) fn endpoint(name: &str) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        module: Vec::new(),
        kind: Kind::Sse,
        methods: vec!["GET".to_owned()],
        path: format!("/{name}"),
        channels: Vec::new(),
        channel_function: None,
        guard: None,
        options: Map::new(),
        docs: None,
        last_event_id_query: None,
        has_history: false,
        sends: None,
        receives: None,
    }
}

fn options(options: &Value) -> Map<String, Value> {
    options.as_object().expect("options are an object").clone()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// An app with an endpoint of most kinds.
pub(super) fn app() -> App {
    let room = Endpoint {
        module: texts(&["rooms"]),
        methods: texts(&["GET", "POST"]),
        path: "/rooms/{room}".to_owned(),
        channels: texts(&["room-{room}", "all"]),
        guard: Some("may_enter(room)".to_owned()),
        options: options(&json!({ "cors": "*", "headers": [["X-Feed", "live"]], "strict": true })),
        docs: Some("The room.\nOf many.\n\nEach *member* hears it.".to_owned()),
        last_event_id_query: Some("lastEventId".to_owned()),
        has_history: true,
        sends: Some(json!({ "$ref": "#/$defs/Said" })),
        ..endpoint("room")
    };
    let score = Endpoint {
        kind: Kind::LongPoll,
        channel_function: Some("topics".to_owned()),
        options: options(&json!({
            "keep_alive": "every(\"20s\", \"\\n\")",
            "timeout": 30,
            "meta": [["a", "b"]],
            "subprotocols_of_a_long_name": ["X-Feed", "X-Other", "X-Third", "X-Fourth", "X-Last"],
        })),
        ..endpoint("score")
    };
    let chat = Endpoint {
        kind: Kind::WebSocket,
        receives: Some(
            json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "$ref": "#/$defs/Said", "description": "a word" }] }),
        ),
        ..endpoint("chat")
    };
    let put = Endpoint {
        kind: Kind::Plain,
        methods: texts(&["PUT", "PATCH"]),
        path: "/rooms/{room}/{*rest}".to_owned(),
        guard: Some("editor".to_owned()),
        options: options(&json!({ "max_body": 1000 })),
        ..endpoint("put")
    };
    let said = json!({ "type": "object", "properties": { "by": { "type": "string" } }, "required": ["by"] });
    App { endpoints: vec![room, score, chat, put], definitions: Map::from_iter([("Said".to_owned(), said)]) }
}

#[test]
fn a_file_is_written_only_if_it_changes() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("routes.json");
    write(&path, "one").expect("it can be written");
    let before = fs::metadata(&path).expect("it is there").modified().expect("it has a time");
    std::thread::sleep(std::time::Duration::from_millis(20));
    write(&path, "one").expect("it need not be written");
    let modified = || fs::metadata(&path).expect("it is there").modified().expect("it has a time");
    assert_eq!(modified(), before);
    write(&path, "two").expect("it can be written");
    assert_ne!(modified(), before);
    assert_eq!(fs::read_to_string(&path).expect("it is text"), "two");
    let error = write(&folder.path().join("missing/a.json"), "one").unwrap_err();
    assert!(format!("{error:#}").starts_with("cannot write "), "{error:#}");
}
