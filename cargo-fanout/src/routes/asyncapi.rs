//! The endpoints of an app as an AsyncAPI 3.0 document.
//!
//! A channel of the document is a path, with all its endpoints: AsyncAPI's word for a connection, and not a channel of Fanout. The app
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
        // By the path, because `/{a}` and `/{*a}` have one address and other parameters.
        let (_, channel) =
            channels.entry(endpoint.path.as_str()).or_insert_with(|| (id.clone(), Channel::default()));
        channel.endpoints.push((endpoint, id));
    }
    for (key, channel) in channels.values_mut() {
        for (endpoint, id) in &channel.endpoints {
            for operation in operations_of(endpoint, id) {
                let reference = format!("#/channels/{key}");
                let mut value = json!({
                    "action": operation.action,
                    "channel": { "$ref": &reference },
                    // Without the field, an operation has all messages of its channel.
                    "messages": [],
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
        "channels": channels.into_iter().map(|(path, (key, channel))| (key, channel.value(path))).collect::<Map<_, _>>(),
        "operations": operations,
        "components": {
            "schemas": app.definitions.iter().map(|(name, value)| (name.clone(), schema(value))).collect::<Map<_, _>>(),
            "securitySchemes": schemes.collect::<Map<_, _>>(),
        },
    })
}

/// The endpoints of a path.
#[derive(Default)]
struct Channel<'a> {
    endpoints: Vec<(&'a Endpoint, &'a String)>,
    messages: Map<String, Value>,
}

impl Channel<'_> {
    fn value(self, path: &str) -> Value {
        let sockets = self.endpoints.iter().map(|(endpoint, _)| endpoint.kind == Kind::WebSocket);
        let sockets: BTreeSet<_> = sockets.collect();
        let servers = SERVERS.iter().filter(|(of_sockets, ..)| sockets.contains(of_sockets));
        let servers = servers.flat_map(|(_, service, _, local, _)| [service, local]);
        let servers: Vec<_> = servers.map(|name| json!({ "$ref": format!("#/servers/{name}") })).collect();
        let mut value = json!({ "address": address(path), "servers": servers, "messages": self.messages });
        let paths: BTreeSet<_> =
            self.endpoints.iter().flat_map(|(endpoint, _)| endpoint.parameters()).collect();
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

/// The members of a schema that are schemas by name, in which a name is none of a keyword.
const SCHEMAS_BY_NAME: [&str; 5] =
    ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

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
                    Value::Object(schemas) if SCHEMAS_BY_NAME.contains(&name.as_str()) => {
                        schemas.values_mut().for_each(to_components);
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

#[cfg(test)]
mod tests;
