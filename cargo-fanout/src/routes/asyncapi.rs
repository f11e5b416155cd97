//! The endpoints of an app as an AsyncAPI 3.0 document.
//!
//! A channel of the document is an address, with all its endpoints: AsyncAPI's word for a connection, and not a channel of Fanout. The app
//! *sends* what a client receives, and *receives* the messages of a WebSocket and the requests to a plain endpoint.
//!
//! AsyncAPI has no binding for server-sent events or streams. They are `GET` operations over HTTP whose messages are the data of the
//! events, and the binding of a message says the media type of the response that carries them. What AsyncAPI cannot say at all is in
//! `x-fanout`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::Schema;
use schemars::transform::{RemoveRefSiblings, ReplacePrefixItems, ReplaceUnevaluatedProperties, Transform};
use serde_json::{Map, Value, json};

use super::model::{App, Endpoint, Kind};
use super::table;

/// The app in the document.
#[derive(Clone, Copy, Debug)]
pub struct Info<'a> {
    /// Its name.
    pub title: &'a str,
    /// The version of its package.
    pub version: &'a str,
    /// The description of its package.
    pub description: Option<&'a str>,
}

/// The version of the bindings for HTTP.
const HTTP: &str = "0.3.0";

/// The version of the bindings for WebSockets.
const WS: &str = "0.1.0";

/// The servers, by the protocol of an endpoint: that of the service, and that of `cargo fanout serve`.
const SERVERS: [(bool, &str, &str, &str, &str); 2] =
    [(false, "service", "https", "local", "http"), (true, "serviceWebSocket", "wss", "localWebSocket", "ws")];

/// Writes the document of an app.
pub fn document(app: &App, info: &Info<'_>) -> Value {
    let ids = ids(&app.endpoints);
    let (mut channels, mut operations, mut schemes) = (BTreeMap::new(), Map::new(), BTreeMap::new());
    for (endpoint, id) in app.endpoints.iter().zip(&ids) {
        let (_, channel) =
            channels.entry(address(&endpoint.path)).or_insert_with(|| (id.clone(), Channel::default()));
        channel.endpoints.push((endpoint, id));
    }
    for (key, channel) in channels.values_mut() {
        for (endpoint, id) in &channel.endpoints {
            for operation in operations_of(endpoint, id) {
                let reference = format!("#/channels/{key}");
                let mut value = json!({
                    "action": operation.action,
                    "channel": { "$ref": &reference },
                    "bindings": operation.bindings,
                    "x-fanout": facts(endpoint),
                });
                if let Some(message) = operation.message {
                    value["messages"] =
                        json!([{ "$ref": format!("{reference}/messages/{}", operation.message_key) }]);
                    channel.messages.insert(operation.message_key, message);
                }
                if let Some(docs) = &endpoint.docs {
                    let summary = docs.split("\n\n").next().unwrap_or(docs).replace('\n', " ");
                    value["summary"] = summary.into();
                    value["description"] = docs.as_str().into();
                }
                if let Some(guard) = &endpoint.guard {
                    let scheme = key_of(guard);
                    value["security"] = json!([{ "$ref": format!("#/components/securitySchemes/{scheme}") }]);
                    schemes.insert(scheme, guard);
                }
                operations.insert(operation.key, value);
            }
        }
    }
    let is_used = |of_sockets: bool| {
        app.endpoints.iter().any(|endpoint| (endpoint.kind == Kind::WebSocket) == of_sockets)
    };
    let servers = SERVERS.iter().filter(|(of_sockets, ..)| is_used(*of_sockets));
    let servers = servers.flat_map(|(_, service, secure, local, plain)| {
        let of_service = json!({
            "host": "{domain}",
            "protocol": secure,
            "description": "The service on Fastly.",
            "variables": { "domain": {
                "default": "example.edgecompute.app",
                "description": "A domain of the service.",
            } },
        });
        let of_serve = json!({
            "host": "127.0.0.1:7676",
            "protocol": plain,
            "description": "`cargo fanout serve` on this machine.",
        });
        [((*service).to_owned(), of_service), ((*local).to_owned(), of_serve)]
    });
    let schemes = schemes.into_iter().map(|(key, guard)| (key, scheme(guard)));
    let mut head = json!({ "title": info.title, "version": info.version });
    if let Some(description) = info.description {
        head["description"] = description.into();
    }
    json!({
        "asyncapi": "3.0.0",
        "info": head,
        "servers": servers.collect::<Map<_, _>>(),
        "channels": channels.into_iter().map(|(address, (key, channel))| (key, channel.value(&address))).collect::<Map<_, _>>(),
        "operations": operations,
        "components": {
            "schemas": app.definitions.iter().map(|(name, value)| (name.clone(), schema(value))).collect::<Map<_, _>>(),
            "securitySchemes": schemes.collect::<Map<_, _>>(),
        },
    })
}

/// The endpoints of an address.
#[derive(Default)]
struct Channel<'a> {
    endpoints: Vec<(&'a Endpoint, &'a String)>,
    messages: Map<String, Value>,
}

impl Channel<'_> {
    fn value(self, address: &str) -> Value {
        let sockets = self.endpoints.iter().map(|(endpoint, _)| endpoint.kind == Kind::WebSocket);
        let sockets: BTreeSet<_> = sockets.collect();
        let servers = SERVERS.iter().filter(|(of_sockets, ..)| sockets.contains(of_sockets));
        let servers = servers.flat_map(|(_, service, _, local, _)| [service, local]);
        let servers: Vec<_> = servers.map(|name| json!({ "$ref": format!("#/servers/{name}") })).collect();
        let mut value = json!({ "address": address, "servers": servers, "messages": self.messages });
        let paths: BTreeSet<_> =
            self.endpoints.iter().flat_map(|(endpoint, _)| parameters(&endpoint.path)).collect();
        if !paths.is_empty() {
            let parameters = paths.into_iter().map(|(name, is_rest)| {
                let what = if is_rest {
                    "The rest of the path, of one or more segments."
                } else {
                    "One segment of the path."
                };
                (name.to_owned(), json!({ "description": what }))
            });
            value["parameters"] = parameters.collect::<Map<_, _>>().into();
        }
        let socket = self.endpoints.iter().find(|(endpoint, _)| endpoint.kind == Kind::WebSocket);
        if let Some((endpoint, _)) = socket {
            let mut binding = json!({ "method": "GET", "bindingVersion": WS });
            if let Some(subprotocols) = endpoint.options.get("subprotocols") {
                let names =
                    if subprotocols.is_array() { subprotocols.clone() } else { json!([subprotocols]) };
                binding["headers"] = json!({ "type": "object", "properties": { "Sec-WebSocket-Protocol": { "enum": names } } });
            }
            value["bindings"] = json!({ "ws": binding });
        }
        value
    }
}

/// An operation, with its message if it is known.
struct Operation {
    key: String,
    action: &'static str,
    bindings: Value,
    message_key: String,
    message: Option<Value>,
}

fn operations_of(endpoint: &Endpoint, id: &str) -> Vec<Operation> {
    if endpoint.kind == Kind::WebSocket {
        return [("send", &endpoint.sends), ("receive", &endpoint.receives)]
            .map(|(action, payload)| {
                let key = format!("{id}.{action}");
                let message = Some(message(&key, payload.as_ref(), None));
                Operation { message_key: key.clone(), key, action, bindings: json!({ "ws": {} }), message }
            })
            .into();
    }
    let (action, message) = match endpoint.kind {
        Kind::Plain => {
            ("receive", endpoint.receives.as_ref().map(|payload| message(id, Some(payload), None)))
        }
        _ => ("send", Some(sent(endpoint, id))),
    };
    let one = endpoint.methods.len() == 1;
    let of_method = |method: &String| {
        let mut http = json!({ "method": method, "bindingVersion": HTTP });
        if let Some(name) = &endpoint.last_event_id_query {
            let id = json!({
                "type": "string",
                "description": "The id of the last event that the client has, unless the header `Last-Event-ID` says it.",
            });
            http["query"] = json!({ "type": "object", "properties": { name: id } });
        }
        Operation {
            key: if one { id.to_owned() } else { format!("{id}.{}", method.to_lowercase()) },
            action,
            bindings: json!({ "http": http }),
            message_key: id.to_owned(),
            message: message.clone(),
        }
    };
    endpoint.methods.iter().map(of_method).collect()
}

/// The message of a hold: the data of an event, an item of a stream, or the body of a poll.
fn sent(endpoint: &Endpoint, id: &str) -> Value {
    let written = endpoint.options.get("content_type").and_then(Value::as_str);
    let media_type = match endpoint.kind {
        Kind::Sse => Some("text/event-stream"),
        Kind::Stream => written.or(Some("text/plain")),
        _ => written,
    };
    let mut message = message(id, endpoint.sends.as_ref(), media_type);
    if endpoint.kind == Kind::Sse && endpoint.sends.is_none() {
        // The data of an event is text.
        message["contentType"] = "text/plain".into();
        message["payload"] = json!({ "type": "string" });
    }
    message
}

/// A message with the schema of its payload, if it is known, in a response of this media type.
fn message(name: &str, payload: Option<&Value>, media_type: Option<&str>) -> Value {
    let mut message = json!({ "name": name });
    if let Some(payload) = payload {
        message["contentType"] = "application/json".into();
        message["payload"] = match schema(payload) {
            // The document takes an object only.
            Value::Bool(true) => json!({}),
            Value::Bool(false) => json!({ "not": {} }),
            schema => schema,
        };
    } else if let Some(media_type) = media_type {
        message["contentType"] = media_type.into();
    }
    if let Some(media_type) = media_type {
        let headers = json!({ "type": "object", "properties": { "Content-Type": { "const": media_type } } });
        message["bindings"] = json!({ "http": { "headers": headers, "bindingVersion": HTTP } });
    }
    message
}

/// The facts that AsyncAPI has no place for.
fn facts(endpoint: &Endpoint) -> Value {
    let mut facts = json!({ "kind": table::name(endpoint.kind) });
    let mut set = |name: &str, value: Value| facts[name] = value;
    if !endpoint.channels.is_empty() {
        set("channels", endpoint.channels.as_slice().into());
    }
    if let Some(function) = &endpoint.channel_function {
        set("channelFunction", function.as_str().into());
    }
    if let Some(guard) = &endpoint.guard {
        set("guard", guard.as_str().into());
    }
    if endpoint.has_history {
        set("hasHistory", true.into());
    }
    if !endpoint.options.is_empty() {
        set("options", endpoint.options.clone().into());
    }
    facts
}

/// The scheme of a guard, which is a function: no scheme of AsyncAPI says what it reads.
fn scheme(guard: &str) -> Value {
    json!({
        "type": "http",
        "scheme": "custom",
        "description": format!("The guard `{guard}` of the app admits a client. It may read any part of the request."),
    })
}

/// A schema of draft 2020-12 as AsyncAPI has it: draft 07, with definitions in the components.
fn schema(schema: &Value) -> Value {
    let Ok(mut schema) = Schema::try_from(schema.clone()) else { return json!({}) };
    ReplaceUnevaluatedProperties::default().transform(&mut schema);
    RemoveRefSiblings::default().transform(&mut schema);
    ReplacePrefixItems::default().transform(&mut schema);
    let mut value = schema.to_value();
    to_components(&mut value);
    value
}

fn to_components(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(reference) if name == "$ref" => {
                        if let Some(definition) = reference.strip_prefix("#/$defs/") {
                            *reference = format!("#/components/schemas/{definition}");
                        }
                    }
                    // Values of the type, in which no name means anything.
                    _ if ["const", "default", "enum", "examples"].contains(&name.as_str()) => {}
                    value => to_components(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(to_components),
        _ => {}
    }
}

/// A name for each endpoint: that of its function, with the module if another function has it too.
fn ids(endpoints: &[Endpoint]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let short = |endpoint: &Endpoint| key_of(&endpoint.name);
    endpoints
        .iter()
        .map(|endpoint| {
            let is_unique = endpoints.iter().filter(|other| short(other) == short(endpoint)).count() == 1;
            let path: Vec<_> = endpoint.module.iter().chain([&endpoint.name]).map(String::as_str).collect();
            let base = if is_unique { short(endpoint) } else { key_of(&path.join("_")) };
            let numbered = (2..).map(|number| format!("{base}{number}"));
            let id = std::iter::once(base.clone()).chain(numbered).find(|id| taken.insert(id.clone()));
            id.unwrap_or(base)
        })
        .collect()
}

/// A text as a key of the document.
fn key_of(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let key = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    if key.is_empty() { "endpoint".to_owned() } else { key }
}

/// The path of an endpoint as AsyncAPI writes it.
fn address(path: &str) -> String {
    path.replace("{*", "{")
}

/// The path parameters, and `true` for the rest of a path.
fn parameters(path: &str) -> impl Iterator<Item = (&str, bool)> {
    path.split('{').skip(1).filter_map(|part| {
        let name = part.split_once('}')?.0;
        Some((name.strip_prefix('*').unwrap_or(name), name.starts_with('*')))
    })
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            document["info"],
            json!({ "title": "rooms", "version": "1.2.3", "description": "Rooms." })
        );
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
        assert_eq!(
            put["parameters"]["rest"]["description"],
            "The rest of the path, of one or more segments."
        );
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
    fn each_endpoint_has_a_key_of_its_own() {
        let mut endpoints =
            vec![endpoint("news"), endpoint("news"), endpoint("a_news"), endpoint("news"), endpoint("äöü")];
        endpoints[0].module = vec!["a".to_owned()];
        endpoints[1].module = vec!["b".to_owned()];
        assert_eq!(ids(&endpoints), ["a_news", "b_news", "a_news2", "news", "endpoint"]);
        assert_eq!(key_of("auth::may_enter(room, user)"), "auth_may_enter_room_user");
    }
}
