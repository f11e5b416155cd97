//! One endpoint of the description.

use schemars::SchemaGenerator;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::LastEventId;
use crate::endpoint::routing::{Kind, Methods, Route};

use super::schemas::Schemas;

/// The facts about an endpoint that its route does not have, as an attribute sees them.
pub struct About<'a> {
    /// The name of the function, or that of a connection type in snake case.
    pub name: &'static str,
    /// The path of its module, which begins with the crate.
    pub module: &'static str,
    /// The texts of the doc comment.
    pub docs: &'static [&'static str],
    /// The channels as they are written.
    pub channels: &'static [&'static str],
    /// The function that makes the channels, if there is one.
    pub channel_function: &'static [&'static str],
    /// The guard, if there is one.
    pub guard: &'static [&'static str],
    /// True if the endpoint has a history.
    pub has_history: bool,
    /// The other options.
    pub options: &'a [(&'static str, Value)],
}

/// The value of an option: a string, a number or a flag.
pub fn value(value: impl Into<Value>) -> Value {
    value.into()
}

/// The value of an option that is a list or a pair.
pub fn list<const N: usize>(values: [Value; N]) -> Value {
    values.into_iter().collect()
}

/// The facts about a route. They do not lead to its handler, so that nothing is linked that the handler calls.
#[derive(Clone, Copy)]
pub struct Facts {
    path: &'static str,
    kind: Kind,
    methods: Methods,
    last_event_id_query: bool,
}

impl Facts {
    pub(crate) const fn of(route: &Route) -> Self {
        Self {
            path: route.path(),
            kind: route.kind(),
            methods: route.allowed_methods(),
            last_event_id_query: route.settings.last_event_id_query,
        }
    }
}

/// An endpoint in the JSON of the description.
#[derive(Serialize)]
pub(super) struct Described {
    name: String,
    module: Vec<&'static str>,
    kind: &'static str,
    methods: Vec<String>,
    path: &'static str,
    channels: &'static [&'static str],
    channel_function: Option<&'static str>,
    guard: Option<&'static str>,
    options: Map<String, Value>,
    docs: Option<String>,
    last_event_id_query: Option<&'static str>,
    has_history: bool,
    sends: Option<Value>,
    receives: Option<Value>,
}

impl Described {
    /// The schema of what the endpoint receives.
    pub(super) fn received(&mut self) -> Option<&mut Value> {
        self.receives.as_mut()
    }

    /// An endpoint without more than its route.
    fn new(name: &str, facts: Facts) -> Self {
        let Facts { path, kind, methods, last_event_id_query } = facts;
        Self {
            name: words(name),
            module: Vec::new(),
            kind: match kind {
                Kind::Sse => "sse",
                Kind::Stream => "stream",
                Kind::LongPoll => "long_poll",
                Kind::WebSocket => "web_socket",
                Kind::Plain => "plain",
            },
            methods: methods.to_string().split(", ").map(str::to_owned).collect(),
            path,
            channels: &[],
            channel_function: None,
            guard: None,
            options: Map::new(),
            docs: None,
            last_event_id_query: last_event_id_query.then_some(LastEventId::PARAMETER),
            has_history: false,
            sends: None,
            receives: None,
        }
    }
}

/// The place for the facts about an endpoint.
pub struct Endpoint<'a> {
    described: Described,
    schemas: &'a mut Schemas,
}

impl<'a> Endpoint<'a> {
    pub(super) fn new(name: &str, facts: Facts, schemas: &'a mut Schemas) -> Self {
        Self { described: Described::new(name, facts), schemas }
    }

    pub(super) fn done(self) -> Described {
        self.described
    }

    /// Adds the facts that its attribute sees.
    pub fn about(&mut self, about: &About<'_>) {
        let this = &mut self.described;
        this.name = about.name.to_owned();
        this.module = about.module.split("::").skip(1).collect();
        this.docs = docs(about.docs);
        this.channels = about.channels;
        this.channel_function = about.channel_function.first().copied();
        this.guard = about.guard.first().copied();
        this.has_history = about.has_history;
        this.options =
            about.options.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    }

    /// Adds the schema of the data that clients receive.
    pub fn sends(&mut self, schema: fn(&mut SchemaGenerator) -> Option<Value>) {
        self.described.sends = self.schemas.sent(schema);
    }

    /// Adds the schema of a message or a body from a client. Several types are alternatives.
    pub fn receives(&mut self, schema: fn(&mut SchemaGenerator) -> Option<Value>) {
        let Some(schema) = self.schemas.received(schema) else { return };
        let this = &mut self.described;
        this.receives = Some(match this.receives.take() {
            None => schema,
            Some(other) if other == schema => other,
            Some(mut other) => match other.get_mut("anyOf").and_then(Value::as_array_mut) {
                Some(schemas) => {
                    schemas.push(schema);
                    other
                }
                None => serde_json::json!({ "anyOf": [other, schema] }),
            },
        });
    }
}

/// The name of an endpoint without an attribute: its path as one word.
fn words(path: &str) -> String {
    let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_");
    if name.starts_with(char::is_alphabetic) { name } else { format!("endpoint_{name}") }
}

/// The doc comment as its writer sees it: without the space behind each `///`.
fn docs(lines: &[&str]) -> Option<String> {
    let lines: Vec<_> = lines.iter().flat_map(|line| line.split('\n')).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let common =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let text: Vec<_> = lines.iter().map(|line| line.get(common..).unwrap_or("").trim_end()).collect();
    let text = text.join("\n").trim_matches('\n').to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_without_an_attribute_is_named_by_its_path() {
        assert_eq!(words("/rooms/{room}/by-hand"), "rooms_room_by_hand");
        assert_eq!(words("/"), "endpoint_");
        assert_eq!(words("/404"), "endpoint_404");
    }

    #[test]
    fn a_doc_comment_is_its_text() {
        assert_eq!(
            docs(&[" The news.", "", "   indented ", " last"]).unwrap(),
            "The news.\n\n  indented\nlast"
        );
        assert_eq!(docs(&["\n The news.\n of today\n"]).unwrap(), "The news.\nof today");
        assert_eq!(docs(&["äß"]).unwrap(), "äß");
        assert_eq!(docs(&[]), None);
        assert_eq!(docs(&["", " "]), None);
    }
}
