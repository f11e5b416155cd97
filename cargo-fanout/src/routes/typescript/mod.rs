//! The TypeScript module: the types of an app, a function for each endpoint, and the client.

mod types;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use self::types::{Types, docs, property_name, quoted, unique};
use super::model::{App, Endpoint, Kind};

/// The part of a module that is the same for all apps.
const CLIENT: &str = include_str!("client.ts");

/// Words of JavaScript and TypeScript, and what the client calls of the browser. Names of the browser with a capital letter are found in
/// the client.
const RESERVED: &str = "\
    any arguments as async await bigint boolean break case catch class const continue debugger declare default delete do else enum eval \
    export extends false finally for function globalThis if implements import in infer instanceof interface keyof let module namespace \
    never new null number object of package private protected public readonly require return static string super switch symbol this throw \
    true try type typeof undefined unique unknown var void while with yield \
    clearTimeout encodeURIComponent fetch queueMicrotask setTimeout";

/// Writes the TypeScript module of an app. It depends on nothing else.
pub fn module(app: &App) -> String {
    let client = client_for(app);
    let mut taken = taken(&client);
    let types = Types::new(&app.definitions, &mut taken);
    let mut root = Tree::default();
    for endpoint in &app.endpoints {
        let folder =
            endpoint.module.iter().fold(&mut root, |tree, name| tree.folders.entry(name).or_default());
        folder.endpoints.push(endpoint);
    }
    let declarations = types.declarations();
    let endpoints = root.exports(&types, &mut taken);
    format!(
        "// Written by `cargo fanout routes --format typescript`. Do not edit it.\n\n{declarations}{endpoints}{client}"
    )
}

/// The client, without the parts for kinds that the app does not have. In its source, `// #region KIND…` begins such a part.
fn client_for(app: &App) -> String {
    let has = |kind| app.endpoints.iter().any(|endpoint| region(endpoint.kind) == kind);
    let mut client = String::new();
    let mut is_needed = true;
    for line in CLIENT.lines() {
        if let Some(kinds) = line.strip_prefix("// #region ") {
            is_needed = kinds.split(' ').any(has);
        } else if line == "// #endregion" {
            is_needed = true;
        } else if is_needed {
            client += line;
            client.push('\n');
        }
    }
    client
}

fn region(kind: Kind) -> &'static str {
    match kind {
        Kind::Sse => "sse",
        Kind::Stream => "stream",
        Kind::LongPoll => "long_poll",
        Kind::WebSocket => "web_socket",
        Kind::Plain => "plain",
    }
}

/// The words for a kind, and the function of the client that opens its connections. A plain endpoint has none.
fn transport(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Sse => Some(("server-sent events", "openSse")),
        Kind::Stream => Some(("a stream", "openStream")),
        Kind::LongPoll => Some(("a long poll", "openLongPoll")),
        Kind::WebSocket => Some(("a WebSocket", "openWebSocket")),
        Kind::Plain => None,
    }
}

/// The names that types and endpoints cannot have: those that the client declares, and those that it uses.
fn taken(client: &str) -> HashSet<String> {
    let code = client.lines().filter(|line| !line.trim_start().starts_with(['*', '/']));
    let mut taken: HashSet<String> = RESERVED.split_whitespace().map(str::to_owned).collect();
    for line in code {
        let words = || line.split(|one: char| !one.is_alphanumeric() && !matches!(one, '_' | '$'));
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            let declares =
                |word: &&str| matches!(*word, "const" | "function" | "class" | "interface" | "type");
            taken.extend(
                words()
                    .filter(|word| !word.is_empty())
                    .skip_while(|word| !declares(word))
                    .nth(1)
                    .map(str::to_owned),
            );
        }
        let is_global = |word: &&str| word.starts_with(|first: char| first.is_ascii_uppercase());
        taken.extend(words().filter(is_global).map(str::to_owned));
    }
    taken
}

/// The endpoints of a module, and the modules in it.
#[derive(Default)]
struct Tree<'a> {
    endpoints: Vec<&'a Endpoint>,
    folders: BTreeMap<&'a str, Tree<'a>>,
}

impl Tree<'_> {
    /// The exports of the module: a function for each endpoint of the crate's root, and an object for each module.
    fn exports(&self, types: &Types<'_>, taken: &mut HashSet<String>) -> String {
        let mut text = String::new();
        for endpoint in &self.endpoints {
            let name = unique(&endpoint.name, taken);
            text += &format!(
                "{}export const {name} = {};\n\n",
                endpoint_docs(endpoint, ""),
                function(endpoint, types, "")
            );
        }
        for (name, folder) in &self.folders {
            let name = unique(name, taken);
            text += &format!("export const {name} = {};\n\n", folder.object(types, ""));
        }
        text
    }

    fn object(&self, types: &Types<'_>, indent: &str) -> String {
        let inner = format!("{indent}  ");
        let mut taken = HashSet::new();
        let mut name = |name: &str| {
            let mut name = name.to_owned();
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            property_name(&name)
        };
        let mut text = "{\n".to_owned();
        for endpoint in &self.endpoints {
            let (name, function) = (name(&endpoint.name), function(endpoint, types, &inner));
            text += &format!("{}{inner}{name}: {function},\n", endpoint_docs(endpoint, &inner));
        }
        for (folder, tree) in &self.folders {
            text += &format!("{inner}{}: {},\n", name(folder), tree.object(types, &inner));
        }
        text + indent + "}"
    }
}

fn endpoint_docs(endpoint: &Endpoint, indent: &str) -> String {
    let mut request = format!("`{} {}`", endpoint.methods.join(" "), endpoint.path);
    if let Some((kind, _)) = transport(endpoint.kind) {
        request += &format!(": {kind}");
    }
    match endpoint.docs.as_deref().map(str::trim).filter(|docs| !docs.is_empty()) {
        Some(own) => docs(Some(&format!("{own}\n\n{request}")), indent),
        None => docs(Some(&request), indent),
    }
}

/// The function of an endpoint: from path parameters and query to its request.
fn function(endpoint: &Endpoint, types: &Types<'_>, indent: &str) -> String {
    let names: Vec<_> = endpoint.parameters().collect();
    let fields: Vec<_> = (names.iter())
        .map(|(name, is_rest)| {
            format!("{}: {}", property_name(name), if *is_rest { "string" } else { "ParameterValue" })
        })
        .collect();
    let (taken, given) = match &fields[..] {
        [] => (String::new(), "{}"),
        fields => (format!("parameters: {{ {} }}, ", fields.join("; ")), "parameters"),
    };
    let method = endpoint.methods.first().map_or("GET", String::as_str);
    let target = format!("targetOf({}, {}, {given}, query)", quoted(method), quoted(&endpoint.path));
    let Some((_, open)) = transport(endpoint.kind) else {
        return format!("({taken}query?: QueryValues): Target => {target}");
    };
    let received = endpoint.sends.as_ref().map_or_else(|| "unknown".to_owned(), |schema| types.of(schema));
    let sent = match (endpoint.kind, &endpoint.receives) {
        (Kind::WebSocket, Some(schema)) => format!(", {}", types.of(schema)),
        (Kind::WebSocket, None) => ", RawMessage".to_owned(),
        _ => String::new(),
    };
    let settings = match settings(endpoint).join(", ") {
        fields if fields.is_empty() => "{}".to_owned(),
        fields => format!("{{ {fields} }}"),
    };
    format!(
        "({taken}query?: QueryValues): Endpoint<{received}{sent}> => ({{\n\
         {indent}  ...{target},\n\
         {indent}  transport: {open},\n\
         {indent}  settings: {settings},\n\
         {indent}}})"
    )
}

/// The fields of `EndpointSettings`.
fn settings(endpoint: &Endpoint) -> Vec<String> {
    let mut fields = Vec::new();
    let option = |name: &str| endpoint.options.get(name);
    if endpoint.sends.is_some() {
        fields.push("json: true".to_owned());
    }
    if endpoint.receives.is_some() {
        fields.push("sendsJson: true".to_owned());
    }
    if endpoint.has_history {
        fields.push("history: true".to_owned());
    }
    fields.extend(endpoint.last_event_id_query.as_deref().map(|name| format!("idQuery: {}", quoted(name))));
    fields.extend(silence(endpoint).map(|silence| format!("silence: {silence}")));
    fields.extend(option("max_message").and_then(Value::as_u64).map(|bytes| format!("maxSent: {bytes}")));
    if let Some(subprotocols) = option("subprotocols") {
        fields.push(format!(
            "subprotocols: [{}]",
            texts(subprotocols).iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", ")
        ));
    }
    fields
}

/// The time without a byte after which a connection counts as lost, in milliseconds: that of three keep-alives of server-sent events, which
/// come after 15 seconds by default, and the timeout of a long poll, 55 seconds by default, and 35 seconds.
fn silence(endpoint: &Endpoint) -> Option<u64> {
    let of = |option: &str, default| endpoint.options.get(option).map_or(Some(default), seconds);
    let silence = match endpoint.kind {
        Kind::Sse => 3 * of("keep_alive", 15)?,
        Kind::LongPoll => of("timeout", 55)? + 35,
        _ => return None,
    };
    Some(silence * 1000)
}

/// A time of an option, such as `30`, `30s`, `2m`, `idle("20s")` or `every("20s", "x")`.
fn seconds(value: &Value) -> Option<u64> {
    let text = value.as_str().map(|text| {
        let inside = text.strip_prefix("idle(").or_else(|| text.strip_prefix("every(")).unwrap_or(text);
        inside.trim_start_matches('"').split('"').next().unwrap_or(inside)
    });
    let unit = |suffix: char| text.and_then(|text| text.strip_suffix(suffix)?.parse::<u64>().ok());
    let number = value.as_u64().or_else(|| text?.trim_end_matches([',', ')', ' ']).parse().ok());
    number.or_else(|| unit('s')).or_else(|| Some(unit('m')? * 60)).or_else(|| Some(unit('h')? * 3600))
}

/// The texts of an option, one or a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}
