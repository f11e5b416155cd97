//! The description of an app: the JSON that its native program prints.

use serde::Deserialize;
use serde_json::{Map, Value};

/// An app with its endpoints, in the order of `#[fanout::main]`.
#[derive(Debug, Deserialize)]
pub struct App {
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
    /// The JSON schemas (draft 2020-12) that the schemas of endpoints refer to as `#/$defs/NAME`.
    #[serde(rename = "$defs", default)]
    pub definitions: Map<String, Value>,
}

/// One endpoint.
#[derive(Debug, Deserialize)]
pub struct Endpoint {
    /// The name of the function, without `r#`; of a connection type, its name in snake case.
    pub name: String,
    /// The path of the function's module in its crate, such as `["rooms"]`.
    pub module: Vec<String>,
    /// The kind.
    pub kind: Kind,
    /// The HTTP methods, such as `GET`.
    pub methods: Vec<String>,
    /// The path as the attribute has it, such as `/rooms/{room}`.
    pub path: String,
    /// The channels as the attribute has them, such as `room-{room}`. Empty where a function makes them.
    pub channels: Vec<String>,
    /// The channel function, if one makes the channels.
    pub channel_function: Option<String>,
    /// The guard, if there is one.
    pub guard: Option<String>,
    /// The other options of the attribute, as they are written, by name.
    pub options: Map<String, Value>,
    /// The doc comment of the function.
    pub docs: Option<String>,
    /// The parameter of the query that counts as `Last-Event-ID`, if the endpoint has one.
    pub last_event_id_query: Option<String>,
    /// `true` if a client that comes back receives what it missed.
    pub has_history: bool,
    /// The schema of what a client receives: the data of an event, an item, or a message. `None` if the endpoint names no type.
    pub sends: Option<Value>,
    /// The schema of what a client sends: a message of a WebSocket, or the body of a request to a plain endpoint. `None` if the endpoint
    /// names no type.
    pub receives: Option<Value>,
}

impl Endpoint {
    /// The path parameters. One that is the rest of the path comes with `true`.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, bool)> {
        self.path.split('/').filter_map(|segment| {
            let name = segment.strip_prefix('{')?.strip_suffix('}')?;
            Some(name.strip_prefix('*').map_or((name, false), |rest| (rest, true)))
        })
    }
}

/// The kind of an endpoint.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An HTTP stream of server-sent events.
    Sse,
    /// An HTTP stream of any bytes.
    Stream,
    /// A long poll.
    LongPoll,
    /// A WebSocket.
    WebSocket,
    /// A plain endpoint, which answers and does not hold.
    Plain,
}
