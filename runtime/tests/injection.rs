//! Every string arrives unchanged or is refused. The readers here are written after Pushpin and browsers, and use none of
//! this crate's code.

use std::collections::BTreeMap;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use fanout::grip::{Hold, KeepAlive, Link, Subscription};
use fanout::http::{HeaderName, HeaderValue};
use fanout::websocket::Reply;
use fanout::{Answer, Channel, Event};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any text, often with characters that have a meaning on the way.
fn text() -> impl Strategy<Value = String> {
    let meaningful = prop::sample::select(vec![
        ",",
        ";",
        "\"",
        "\\",
        "'",
        " ",
        "\t",
        "\r",
        "\n",
        "\r\n",
        "\n\n",
        "\0",
        "\u{b}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "=",
        ":",
        "%2C",
        "{",
        "}",
        "c:",
        "m:",
        "a",
        "b",
        "admin",
        "\u{e9}",
        "\u{1f980}",
        "; filter=skip-self",
        "data: x",
        "id: 1",
        "event: x",
        "retry: 1",
        "TEXT 1\r\n",
        r#"c:{"type":"detach"}"#,
        "\",\"type\":\"detach",
    ]);
    prop_oneof![vec(meaningful, 0..6).prop_map(|parts| parts.concat()), "[ -~]{0,12}", any::<String>(),]
}

/// Any bytes, and often a text.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![any::<Vec<u8>>(), text().prop_map(String::into_bytes)]
}

/// A hold as the proxy and the client read it. Channels, each with its `prev-id`, and meta are in the order of their names.
#[derive(Debug, Default, Clone, PartialEq)]
struct Held {
    mode: String,
    channels: BTreeMap<String, Option<String>>,
    meta: BTreeMap<String, String>,
    keep_alive: Option<Vec<u8>>,
    /// The URLs, by `rel`.
    links: BTreeMap<String, String>,
    /// Without the three digits.
    reason: Option<Vec<u8>>,
    /// The client's header `x-said`.
    header: Option<Vec<u8>>,
    body: Vec<u8>,
}

/// Reads a hold as Pushpin does: from headers, and from JSON.
fn held(answer: &http::Response<Vec<u8>>) -> Held {
    let bytes = |name: &str| {
        let mut values = answer.headers().get_all(name).iter();
        let value = values.next().map(|value| value.as_bytes().to_vec());
        assert_eq!(values.next(), None, "{name} is there twice");
        value
    };
    let header = |name: &str| bytes(name).map(|value| String::from_utf8(value).expect("it is text"));
    let parts = |name: &str| header(name).map_or_else(Vec::new, |value| split(&value, ','));
    let mut held = Held {
        reason: bytes("grip-status").map(|status| status[3..].trim_ascii_start().to_vec()),
        keep_alive: header("grip-keep-alive").map(|value| keep_alive(&value)),
        ..Held::default()
    };
    for link in parts("grip-link") {
        let (url, parameters) = link.trim().strip_prefix('<').and_then(|rest| rest.split_once('>')).unwrap();
        held.links.insert(parameter(parameters, "rel").expect("it has a relation"), url.to_owned());
    }
    if header("content-type").as_deref() != Some("application/grip-instruct") {
        held.mode = header("grip-hold").expect("it is held");
        for part in parts("grip-channel") {
            let (name, parameters) = part.split_once(';').unwrap_or((&part, ""));
            held.channels.insert(name.trim().to_owned(), parameter(parameters, "prev-id"));
        }
        for part in parts("grip-set-meta") {
            let (name, _) = part.split_once('=').expect("meta has a value");
            let name = name.trim().to_owned();
            let value = parameter(&part, &name).unwrap();
            held.meta.insert(name, value);
        }
        return Held { header: bytes("x-said"), body: answer.body().to_vec(), ..held };
    }

    for name in ["grip-hold", "grip-channel", "grip-set-meta", "x-said"] {
        assert_eq!(bytes(name), None);
    }
    let json: Value = serde_json::from_slice(answer.body()).expect("it is JSON");
    // The proxy drops a byte order mark.
    let string = |value: &Value| {
        let text = value.as_str().expect("it is a string");
        text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()
    };
    let (hold, response) = (&json["hold"], &json["response"]);
    for channel in hold["channels"].as_array().expect("it has channels") {
        held.channels.insert(string(&channel["name"]), channel.get("prev-id").map(string));
    }
    for (name, value) in hold["meta"].as_object().into_iter().flatten() {
        held.meta.insert(name.clone(), string(value));
    }
    let said = response["headers"].as_array().unwrap().iter().find(|pair| pair[0] == "x-said");
    Held {
        mode: string(&hold["mode"]),
        header: said.map(|pair| string(&pair[1]).into_bytes()),
        body: match &response["body-bin"] {
            Value::Null => string(&response["body"]).into_bytes(),
            base64 => Base64::decode_vec(&string(base64)).expect("it is base64"),
        },
        ..held
    }
}

/// The parts of a header's value between separators that are in no quotes.
fn split(value: &str, separator: char) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for character in value.chars() {
        if character == separator && !quoted {
            parts.push(String::new());
            continue;
        }
        quoted ^= character == '"' && !escaped;
        escaped = quoted && character == '\\' && !escaped;
        parts.last_mut().expect("there is one").push(character);
    }
    parts
}

/// A parameter's value, unquoted if it is quoted.
fn parameter(parameters: &str, name: &str) -> Option<String> {
    let value = split(parameters, ';').into_iter().find_map(|parameter| {
        let (this, value) = parameter.split_once('=')?;
        (this.trim() == name).then(|| value.trim().to_owned())
    })?;
    let Some(inner) = value.strip_prefix('"') else { return Some(value) };
    let (mut unquoted, mut characters) = (String::new(), inner.chars());
    loop {
        match characters.next().expect("what is quoted ends") {
            '"' => break,
            '\\' => unquoted.extend(characters.next()),
            character => unquoted.push(character),
        }
    }
    assert_eq!(characters.as_str(), "");
    Some(unquoted)
}

/// The data of a keep-alive, which ends at the first `;`, whatever is quoted.
fn keep_alive(value: &str) -> Vec<u8> {
    let (data, parameters) = value.split_once(';').expect("its time is said");
    let data = data.trim();
    match parameter(parameters, "format").as_deref() {
        None => data.as_bytes().to_vec(),
        Some("base64") => Base64::decode_vec(data).expect("it is base64"),
        Some("cstring") => {
            let (mut bytes, mut rest) = (Vec::new(), data);
            while let Some(first) = rest.chars().next() {
                let (byte, length) = match rest.as_bytes() {
                    [b'\\', b'\\', ..] => (b'\\', 2),
                    [b'\\', b'r', ..] => (b'\r', 2),
                    [b'\\', b'n', ..] => (b'\n', 2),
                    [b'\\', b'x', ..] => (u8::from_str_radix(&rest[2..4], 16).expect("it is hexadecimal"), 4),
                    [byte, ..] if first.is_ascii() && *byte != b'\\' => (*byte, 1),
                    _ => panic!("{rest:?}"),
                };
                bytes.push(byte);
                rest = &rest[length..];
            }
            bytes
        }
        Some(format) => panic!("{format}"),
    }
}

/// The messages that a client gets from a reply, and the instructions that the proxy gets.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    messages: Vec<(bool, Vec<u8>)>,
    instructions: Vec<Value>,
}

/// Reads events as Pushpin does: `TYPE SP hexlength CRLF content CRLF`, or `TYPE CRLF`. Of messages, those with `m:` are
/// the client's, texts with `c:` are instructions, and the rest is dropped.
fn heard(mut body: &[u8]) -> Heard {
    let mut heard = Heard::default();
    while !body.is_empty() {
        let end = body.windows(2).position(|two| two == b"\r\n").expect("a line ends");
        let line = std::str::from_utf8(&body[..end]).expect("a line is text");
        body = &body[end + 2..];
        let Some((kind, length)) = line.split_once(' ') else {
            assert_eq!(line, "OPEN");
            continue;
        };
        let length = usize::from_str_radix(length, 16).expect("a length is hexadecimal");
        let content = &body[..length];
        assert_eq!(&body[length..length + 2], b"\r\n");
        body = &body[length + 2..];
        assert!(matches!(kind, "TEXT" | "BINARY"), "{kind}");
        if let Some(message) = content.strip_prefix(b"m:") {
            heard.messages.push((kind == "TEXT", message.to_vec()));
        } else if let (Some(instruction), "TEXT") = (content.strip_prefix(b"c:"), kind) {
            heard.instructions.push(serde_json::from_slice(instruction).expect("an instruction is JSON"));
        } else {
            panic!("{kind} {content:?} is dropped");
        }
    }
    heard
}

/// An event as a browser dispatches it.
#[derive(Debug, Default, Clone, PartialEq)]
struct Dispatched {
    kind: String,
    data: String,
    last_id: String,
}

/// Reads an event stream as the HTML standard says, section 9.2.6: the events, and the last `retry`.
fn dispatched(stream: &str) -> (Vec<Dispatched>, Option<u64>) {
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream);
    let (mut events, mut retry) = (Vec::new(), None);
    let (mut data, mut kind, mut last_id) = (String::new(), String::new(), String::new());
    let stream = stream.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<_> = stream.split('\n').collect();
    // The text after the last line break is not a line yet.
    assert_eq!(lines.pop(), Some(""), "the stream ends within a line");
    for line in lines {
        if line.is_empty() {
            if !data.is_empty() {
                data.truncate(data.len() - 1);
                let kind = if kind.is_empty() { "message".into() } else { kind.clone() };
                events.push(Dispatched { kind, data: data.clone(), last_id: last_id.clone() });
            }
            data.clear();
            kind.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => kind = value.into(),
            "data" => data = data + value + "\n",
            "id" if !value.contains('\0') => last_id = value.into(),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => retry = value.parse().ok(),
            _ => {}
        }
    }
    (events, retry)
}

/// The parts of an event.
#[derive(Debug, Clone)]
struct Parts {
    data: Option<String>,
    comment: String,
    kind: Option<String>,
    id: Option<String>,
    retry: Option<u32>,
}

fn parts() -> impl Strategy<Value = Parts> {
    let strings = (option::of(text()), text(), option::of(text()), option::of(text()));
    (strings, any::<Option<u32>>()).prop_map(|((data, comment, kind, id), retry)| Parts {
        data,
        comment,
        kind,
        id,
        retry,
    })
}

/// Makes an event of these parts. `None` if one is refused, which happens only for line breaks and, in an id, for NUL.
fn event(parts: &Parts) -> Option<Event> {
    let breaks = |text: &Option<String>| text.as_ref().is_some_and(|text| text.contains(['\r', '\n']));
    let nul = parts.id.as_ref().is_some_and(|id| id.contains('\0'));
    let mut event = match &parts.data {
        Some(data) => Event::data(data),
        None => Event::comment(&parts.comment),
    };
    if let Some(milliseconds) = parts.retry {
        event = event.retry(Duration::from_millis(milliseconds.into()));
    }
    let named = match &parts.kind {
        Some(kind) => event.event(kind),
        None => Ok(event),
    };
    let made = named.and_then(|event| match &parts.id {
        Some(id) => event.id(id),
        None => Ok(event),
    });
    assert_eq!(made.is_err(), breaks(&parts.kind) || breaks(&parts.id) || nul, "{parts:?}");
    made.ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_hold_arrives_unchanged_and_adds_nothing(
        names in vec(text(), 1..4),
        id in option::of(text()),
        meta in option::of((text(), text())),
        alive in option::of(bytes()),
        links in (option::of(text()), option::of(text())),
        reason in option::of(bytes()),
        header in option::of(bytes()),
        body in bytes(),
        stream in any::<bool>(),
    ) {
        let channels: Result<Vec<_>, _> = names.iter().map(|name| Channel::new(name.clone())).collect();
        let refused = |name: &String| {
            name.is_empty() || name.len() > Channel::MAX_LEN || name.starts_with('\u{feff}')
        };
        prop_assert_eq!(channels.is_err(), names.iter().any(refused));
        let Ok(channels) = channels else { return Ok(()) };

        let mut expected = Held { body: body.clone(), ..Held::default() };
        let first = Subscription::new(channels[0].clone());
        let first = match &id {
            Some(id) => first.prev_id(id),
            None => first,
        };
        let mut hold = match stream {
            true => Hold::stream(first),
            false => Hold::long_poll(first),
        };
        expected.mode = if stream { "stream".into() } else { "response".into() };
        expected.channels.insert(names[0].clone(), id);
        for (name, channel) in names.into_iter().zip(channels).skip(1) {
            hold = hold.channel(channel);
            expected.channels.insert(name, None);
        }
        let is_control = |text: &String| text.chars().any(char::is_control);
        // A second subscription to the first channel has taken its id away.
        let is_forged = expected
            .channels
            .iter()
            .any(|(name, id)| id.as_ref().is_some_and(|id| is_control(id) || is_control(name)));
        if let Some((name, value)) = meta {
            hold = hold.meta(&name, &value);
            expected.meta.insert(name, value);
        }
        if let Some(Ok(alive)) = alive.map(KeepAlive::new) {
            expected.keep_alive = stream.then(|| alive.data().to_vec());
            hold = hold.keep_alive(alive);
        }
        let mut has_next = false;
        if let Some(Ok(link)) = links.0.map(|path| Link::new(format!("/{path}"))) {
            expected.links.insert("next".into(), link.to_string());
            hold = hold.next(link);
            has_next = true;
        }
        if let Some(Ok(link)) = links.1.map(|path| Link::new(format!("/{path}"))) {
            expected.links.insert("gone".into(), link.to_string());
            hold = hold.gone(link);
        }
        if let Some(Ok(reason)) = reason.map(|reason| HeaderValue::from_bytes(&reason)) {
            expected.reason = Some(reason.as_bytes().trim_ascii_start().to_vec());
            hold = hold.reason(reason);
        }
        if let Some(Ok(value)) = header.map(|value| HeaderValue::from_bytes(&value)) {
            expected.header = Some(value.as_bytes().to_vec());
            hold = hold.header(HeaderName::from_static("x-said"), value);
        }

        let answer = http::Response::from(Answer::from(hold.body(body)));
        let meta = expected.meta.iter().flat_map(|(name, value)| [name, value]);
        let marked = meta.chain(expected.channels.values().flatten()).any(|text| text.starts_with('\u{feff}'));
        if marked || is_forged {
            // The proxy would read another text, or write another header.
            prop_assert_eq!(answer.status(), 400);
        } else if answer.status() == 400 {
            // The hold is refused as a whole.
            prop_assert!(has_next, "{:?}", answer);
        } else if answer.status() == 500 {
            // A header that is not UTF-8, or begins with a byte order mark, cannot travel as JSON.
            let id_alone = stream && !has_next && expected.channels.values().any(Option::is_some);
            let no_text = |header: Vec<u8>| {
                std::str::from_utf8(&header).map_or(true, |text| text.starts_with('\u{feff}'))
            };
            prop_assert!(id_alone || expected.header.is_some_and(no_text), "{:?}", answer);
        } else {
            prop_assert_eq!(held(&answer), expected);
        }
    }

    #[test]
    fn a_websocket_subscribes_to_its_channels_and_no_others(
        sent in vec(prop_oneof![
            text().prop_map(Sent::Channel),
            text().prop_map(Sent::Text),
            any::<Vec<u8>>().prop_map(Sent::Binary),
            text().prop_map(|text| Sent::Binary(text.into_bytes())),
        ], 0..8),
    ) {
        let (mut reply, mut expected) = (Reply::new(), Heard::default());
        reply.open();
        for one in sent {
            match one {
                Sent::Channel(name) => {
                    let Ok(channel) = Channel::new(name.clone()) else { continue };
                    reply.subscribe(channel.clone())?;
                    expected.instructions.push(json!({"type": "subscribe", "channel": name}));
                }
                Sent::Text(text) => {
                    reply.text(&text);
                    expected.messages.push((true, text.into_bytes()));
                }
                Sent::Binary(bytes) => {
                    reply.binary(&bytes);
                    expected.messages.push((false, bytes));
                }
            }
        }
        prop_assert_eq!(heard(Answer::from(reply).body()), expected);
    }

    #[test]
    fn events_arrive_unchanged(all in vec(parts(), 1..4)) {
        let (mut stream, mut expected) = (String::new(), Vec::new());
        let (mut last_id, mut retry) = (String::new(), None);
        for parts in all {
            let Some(event) = event(&parts) else { continue };
            stream += &event.to_string();
            last_id = parts.id.unwrap_or(last_id);
            retry = parts.retry.map(u64::from).or(retry);
            let Some(data) = parts.data else { continue };
            expected.push(Dispatched {
                kind: parts.kind.filter(|kind| !kind.is_empty()).unwrap_or_else(|| "message".into()),
                data: data.replace("\r\n", "\n").replace('\r', "\n"),
                last_id: last_id.clone(),
            });
        }
        prop_assert_eq!(dispatched(&stream), (expected, retry));
    }
}

#[derive(Debug, Clone)]
enum Sent {
    Channel(String),
    Text(String),
    Binary(Vec<u8>),
}

/// The readers above find the attacks in the output of a library that concatenates strings.
#[test]
fn the_readers_find_attacks_on_a_careless_writer() {
    assert_eq!(
        split(r#"a,admin; filter=x, "b,\",c";d,"#, ','),
        ["a", "admin; filter=x", r#" "b,\",c";d"#, ""]
    );
    assert_eq!(parameter(r#" a="1;b=2"; b="\"" "#, "b").unwrap(), "\"");
    assert_eq!(keep_alive(r"\x3b\\n\n;timeout=1;format=cstring"), b";\\n\n");
    let (events, retry) = dispatched("data: a\ndata: forged\n\nid: 1\nretry: 5\ndata\n\n");
    let kind = String::from("message");
    let first = Dispatched { kind: kind.clone(), data: "a\nforged".into(), last_id: String::new() };
    let second = Dispatched { kind, data: String::new(), last_id: "1".into() };
    assert_eq!((events, retry), (vec![first, second], Some(5)));
    let typed = heard(b"OPEN\r\nTEXT 13\r\nc:{\"type\":\"detach\"}\r\nBINARY 4\r\nm:c:\r\n");
    assert_eq!(typed.instructions, [json!({"type": "detach"})]);
    assert_eq!(typed.messages, [(false, b"c:".to_vec())]);
}
