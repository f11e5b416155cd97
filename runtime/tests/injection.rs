//! Whatever a string says, it comes out at the other end as itself or is refused. What stands at the other end here are
//! readers of their own, written after what Pushpin and browsers do; nothing of this crate reads what it wrote.

use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use fanout::grip::websocket::Reply;
use fanout::grip::{Channel, Event, Hold};
use fanout::{Answer, http};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any text, and often one of the characters that mean something to somebody on the way.
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

/// What a proxy and a client make of a hold.
#[derive(Debug, PartialEq)]
struct Held {
    mode: String,
    channels: Vec<String>,
    body: Vec<u8>,
}

/// Reads a hold as Pushpin does: from JSON, or from headers.
fn held(answer: &Answer) -> Held {
    let header = |name: &str| {
        let mut values = answer.headers().filter(|(this, _)| *this == name);
        let value = values.next().map(|(_, value)| value.to_str().expect("it is printable ASCII").to_owned());
        assert_eq!(values.next(), None, "{name} is there twice");
        value
    };
    assert_eq!(answer.status(), 200);
    if header("content-type").as_deref() != Some("application/grip-instruct") {
        return Held {
            mode: header("grip-hold").expect("it is held"),
            channels: names(&header("grip-channel").expect("it has channels")),
            body: answer.body().to_vec(),
        };
    }
    assert_eq!((header("grip-hold"), header("grip-channel")), (None, None));
    let json: Value = serde_json::from_slice(answer.body()).expect("it is JSON");
    let string = |value: &Value| value.as_str().expect("it is a string").to_owned();
    let response = &json["response"];
    Held {
        mode: string(&json["hold"]["mode"]),
        channels: json["hold"]["channels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| string(&one["name"]))
            .collect(),
        body: match &response["body-bin"] {
            Value::Null => string(&response["body"]).into_bytes(),
            base64 => Base64::decode_vec(&string(base64)).expect("it is base64"),
        },
    }
}

/// The names in a `Grip-Channel` header: it is split at each `,` outside quotes, and what is before the first `;` of a
/// part, without white space around it, is the name.
fn names(header: &str) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for character in header.chars() {
        match character {
            '"' if !escaped => quoted = !quoted,
            ',' if !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        escaped = quoted && character == '\\' && !escaped;
        parts.last_mut().expect("there is one").push(character);
    }
    parts.iter().map(|part| part.split(';').next().unwrap_or_default().trim().to_owned()).collect()
}

/// What a client hears of a WebSocket's answer, and what the proxy does.
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
    // What is behind the last line break is no line yet.
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

/// What an event is made from.
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

/// The event of these parts; `None` if one is refused, which is for line breaks and, in an id, NUL alone.
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
    fn a_hold_subscribes_to_its_channels_and_no_others(
        names in vec(text(), 1..4),
        body in prop_oneof![any::<Vec<u8>>(), text().prop_map(String::into_bytes)],
        stream in any::<bool>(),
    ) {
        let channels: Result<Vec<_>, _> = names.iter().map(|name| Channel::new(name.clone())).collect();
        let refused = |name: &String| {
            name.is_empty() || name.len() > Channel::MAX_LEN || name.starts_with('\u{feff}')
        };
        prop_assert_eq!(channels.is_err(), names.iter().any(refused));
        let Ok(channels) = channels else { return Ok(()) };

        let hold = if stream { Hold::sse(channels[0].clone()) } else { Hold::long_poll(channels[0].clone()) };
        let hold = channels[1..].iter().cloned().fold(hold.body(body.clone()), Hold::channel);
        let mut held = held(&Answer::from(hold));
        // To be subscribed twice is to be subscribed.
        let mut expected = names;
        for names in [&mut held.channels, &mut expected] {
            names.sort();
            names.dedup();
        }
        let mode = if stream { "stream" } else { "response" };
        prop_assert_eq!(held, Held { mode: mode.into(), channels: expected, body });
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
                    reply.subscribe(&channel);
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
    fn events_come_out_as_they_went_in(all in vec(parts(), 1..4)) {
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

    #[test]
    fn a_header_is_one_line(value in prop_oneof![any::<Vec<u8>>(), text().prop_map(String::into_bytes)]) {
        let breaks = value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | b'\0'));
        let Ok(header) = http::HeaderValue::from_bytes(&value) else { return Ok(()) };
        prop_assert!(!breaks);
        let answer = Answer::text(200, "").with_header(http::header::LINK, header);
        prop_assert_eq!(answer.header("link").unwrap().as_bytes(), value);
    }
}

#[derive(Debug, Clone)]
enum Sent {
    Channel(String),
    Text(String),
    Binary(Vec<u8>),
}

/// The readers above see what a library sees to that pastes strings together.
#[test]
fn the_readers_are_no_friends_of_the_writers() {
    assert_eq!(names(r#"a,admin; filter=x, "b,c" ;d,"#), ["a", "admin", "\"b,c\"", ""]);
    let (events, retry) = dispatched("data: a\ndata: forged\n\nid: 1\nretry: 5\ndata\n\n");
    let kind = String::from("message");
    let first = Dispatched { kind: kind.clone(), data: "a\nforged".into(), last_id: String::new() };
    let second = Dispatched { kind, data: String::new(), last_id: "1".into() };
    assert_eq!((events, retry), (vec![first, second], Some(5)));
    let typed = heard(b"OPEN\r\nTEXT 13\r\nc:{\"type\":\"detach\"}\r\nBINARY 4\r\nm:c:\r\n");
    assert_eq!(typed.instructions, [json!({"type": "detach"})]);
    assert_eq!(typed.messages, [(false, b"c:".to_vec())]);
}
