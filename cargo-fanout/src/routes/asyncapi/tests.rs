use super::super::tests::{app, endpoint};
use super::*;

const INFO: Info<'_> = Info { title: "rooms", version: "1.2.3", description: Some("Rooms.") };

fn of(endpoints: Vec<Endpoint>) -> Value {
    document(&App { endpoints, definitions: Map::new() }, &INFO)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn an_address_is_a_channel_and_a_direction_is_an_operation() {
    let document = document(&app(), &INFO);
    assert_eq!(document["info"], json!({ "title": "rooms", "version": "1.2.3", "description": "Rooms." }));
    let operations = &document["operations"];
    assert_eq!(
        keys(operations),
        ["chat.receive", "chat.send", "put.patch", "put.put", "room.get", "room.post", "score"]
    );
    for (operation, action, channel, message) in [
        ("chat.receive", "receive", "chat", Some("chat.receive")),
        ("chat.send", "send", "chat", Some("chat.send")),
        ("put.patch", "receive", "put", None),
        ("room.get", "send", "room", Some("room")),
        ("room.post", "send", "room", Some("room")),
        ("score", "send", "score", Some("score")),
    ] {
        let operation = &operations[operation];
        assert_eq!(operation["action"], action, "{operation}");
        assert_eq!(operation["channel"]["$ref"], format!("#/channels/{channel}"), "{operation}");
        let reference = message.map(|message| format!("#/channels/{channel}/messages/{message}"));
        assert_eq!(operation["messages"][0]["$ref"].as_str(), reference.as_deref(), "{operation}");
    }
    assert_eq!(operations["put.patch"]["messages"], json!([]));
    assert_eq!(operations["put.put"]["bindings"]["http"]["method"], "PUT");
    let room = &operations["room.get"];
    assert_eq!(room["summary"], "The room. Of many.");
    assert_eq!(room["description"], "The room.\nOf many.\n\nEach *member* hears it.");
    assert_eq!(keys(&room["bindings"]["http"]["query"]["properties"]), ["lastEventId"]);
    assert_eq!(room["security"][0]["$ref"], "#/components/securitySchemes/may_enter_room");
    assert_eq!(keys(&document["components"]["securitySchemes"]), ["editor", "may_enter_room"]);
    let facts = &room["x-fanout"];
    assert_eq!(facts["channels"], json!(["room-{room}", "all"]));
    assert_eq!((&facts["kind"], &facts["hasHistory"]), (&"sse".into(), &true.into()));
    assert_eq!(operations["score"]["x-fanout"]["channelFunction"], "topics");
}

#[test]
fn a_channel_has_its_parameters_and_servers() {
    let document = document(&app(), &INFO);
    let put = &document["channels"]["put"];
    assert_eq!(put["address"], "/rooms/{room}/{rest}");
    assert_eq!(put["parameters"]["room"]["description"], "One segment of the path.");
    assert_eq!(put["parameters"]["rest"]["description"], "The rest of the path, of one or more segments.");
    assert_eq!(put["servers"], json!([{ "$ref": "#/servers/service" }, { "$ref": "#/servers/local" }]));
    let chat = &document["channels"]["chat"];
    assert_eq!(
        chat["servers"],
        json!([{ "$ref": "#/servers/serviceWebSocket" }, { "$ref": "#/servers/localWebSocket" }])
    );
    assert_eq!(chat["bindings"]["ws"]["method"], "GET");
    assert_eq!(keys(&document["servers"]), ["local", "localWebSocket", "service", "serviceWebSocket"]);
    assert_eq!(keys(&of(vec![endpoint("a")])["servers"]), ["local", "service"]);
    let mut socket = endpoint("a");
    socket.kind = Kind::WebSocket;
    socket.options.insert("subprotocols".to_owned(), "v1".into());
    let document = of(vec![socket]);
    let headers = &document["channels"]["a"]["bindings"]["ws"]["headers"]["properties"];
    assert_eq!(headers["Sec-WebSocket-Protocol"]["enum"], json!(["v1"]));
}

#[test]
fn a_message_has_its_schema_in_draft_07() {
    let document = document(&app(), &INFO);
    let messages = |channel: &str| document["channels"][channel]["messages"].clone();
    let room = &messages("room")["room"];
    assert_eq!(room["contentType"], "application/json");
    assert_eq!(room["payload"]["$ref"], "#/components/schemas/Said");
    let headers = &room["bindings"]["http"]["headers"]["properties"];
    assert_eq!(headers["Content-Type"]["const"], "text/event-stream");
    assert_eq!(
        messages("chat")["chat.receive"]["payload"],
        json!({
            "type": "array",
            "items": [
                { "type": "string" },
                { "allOf": [{ "$ref": "#/components/schemas/Said" }], "description": "a word" },
            ],
        })
    );
    assert_eq!(document["components"]["schemas"]["Said"]["required"], json!(["by"]));
    // Without a type, the data of an event is text, and nothing is known of a message.
    let of_sse = of(vec![endpoint("a")]);
    assert_eq!(of_sse["channels"]["a"]["messages"]["a"]["payload"], json!({ "type": "string" }));
    assert!(messages("chat")["chat.send"]["payload"].is_null());
    for (schema, payload) in [(json!(true), json!({})), (json!(false), json!({ "not": {} }))] {
        let document = of(vec![Endpoint { sends: Some(schema), ..endpoint("a") }]);
        assert_eq!(document["channels"]["a"]["messages"]["a"]["payload"], payload);
    }
}

#[test]
fn a_name_in_a_schema_is_no_reference() {
    let schema = schema(&json!({ "const": { "$ref": "#/$defs/A" }, "items": { "$ref": "#/$defs/A" } }));
    assert_eq!(schema["const"]["$ref"], "#/$defs/A");
    assert_eq!(schema["items"]["$ref"], "#/components/schemas/A");
}

#[test]
fn a_field_that_is_called_like_a_keyword_is_a_schema() {
    for members in ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"] {
        for field in ["const", "default", "enum", "examples", "properties"] {
            let schema = schema(&json!({ members: { field: { "$ref": "#/$defs/A" } } }));
            // A transformation may have moved it.
            assert!(!schema.to_string().contains("#/$defs/A"), "{schema}");
        }
    }
}

#[test]
fn endpoints_of_one_address_share_a_channel() {
    let mut publish = endpoint("publish");
    (publish.kind, publish.path, publish.methods) =
        (Kind::Plain, "/news".to_owned(), vec!["POST".to_owned()]);
    publish.receives = Some(json!({ "type": "string" }));
    let document = of(vec![endpoint("news"), publish]);
    assert_eq!(keys(&document["channels"]), ["news"]);
    assert_eq!(keys(&document["channels"]["news"]["messages"]), ["news", "publish"]);
    assert_eq!(document["operations"]["publish"]["channel"]["$ref"], "#/channels/news");
}

#[test]
fn a_segment_and_the_rest_of_a_path_are_two_channels() {
    let [mut file, mut files] = ["file", "files"].map(endpoint);
    (file.path, files.path) = ("/files/{path}".to_owned(), "/files/{*path}".to_owned());
    let channels = &of(vec![file, files])["channels"];
    for (channel, parameter) in
        [("file", "One segment of the path."), ("files", "The rest of the path, of one or more segments.")]
    {
        assert_eq!(channels[channel]["address"], "/files/{path}", "{channel}");
        assert_eq!(channels[channel]["parameters"]["path"]["description"], parameter, "{channel}");
        assert_eq!(keys(&channels[channel]["messages"]), [channel]);
    }
}

#[test]
fn each_endpoint_has_a_key_of_its_own() {
    let mut endpoints =
        vec![endpoint("news"), endpoint("news"), endpoint("a_news"), endpoint("news"), endpoint("äöü")];
    endpoints[0].module = vec!["a".to_owned()];
    endpoints[1].module = vec!["b".to_owned()];
    assert_eq!(ids(&endpoints), ["a_news", "b_news", "a_news2", "news", "endpoint"]);
    assert_eq!(key_of("auth::may_enter(room, user)"), "auth_may_enter_room_user");
}
