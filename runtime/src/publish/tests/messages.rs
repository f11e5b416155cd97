//! Messages, their formats, and the JSON of all of them.

use base64ct::{Base64, Encoding as _};
use http::{HeaderName, HeaderValue, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Content, HttpResponse, HttpStream, Item, Message, WsMessage};
use super::{NEWS, sent};
use crate::Event;
use crate::grip::Filter;
use crate::grip::websocket::CloseCode;

fn formats(message: impl Into<Message>) -> Value {
    sent(Item::new(NEWS, message))["formats"].clone()
}

#[test]
fn a_text_has_a_format_for_each_kind_of_client() {
    let expected = json!({
        "http-stream": {"content": "data: a\ndata: b\n\n"},
        "http-response": {"code": 200, "body": "a\nb"},
        "ws-message": {"type": "text", "content": "a\nb"},
    });
    assert_eq!(formats("a\nb"), expected);
    assert_eq!(formats(String::from("a\nb")), expected);
    assert_eq!(formats(Message::text("a\nb")), expected);
}

#[test]
fn bytes_are_binary_and_go_as_base64_where_they_are_no_text() {
    assert_eq!(
        formats(b"\xff\n\x00"),
        json!({
            "http-stream": {"content-bin": Base64::encode_string(b"data: \xff\ndata: \0\n\n")},
            "http-response": {"code": 200, "body-bin": "/woA"},
            "ws-message": {"type": "binary", "content-bin": "/woA"},
        })
    );
    assert_eq!(formats(b"text".to_vec())["ws-message"], json!({"type": "binary", "content": "text"}));
}

#[test]
fn a_byte_order_mark_goes_as_base64_as_the_proxy_would_cut_it_off() {
    assert_eq!(formats("\u{feff}x")["ws-message"], json!({"type": "text", "content-bin": "77u/eA=="}));
}

#[test]
fn a_message_of_a_client_is_published_unchanged() {
    use crate::websocket::Message as Said;

    assert_eq!(Message::from(Said::from("m:x")), Message::text("m:x"));
    assert_eq!(Message::from(Said::from(vec![0xff])), Message::bytes([0xff]));
}

#[test]
fn json_says_that_it_is_json() {
    let message = Message::json(&json!({"text": "two\nlines"})).unwrap();
    assert_eq!(
        formats(message),
        json!({
            "http-stream": {"content": "data: {\"text\":\"two\\nlines\"}\n\n"},
            "http-response": {
                "code": 200,
                "headers": [["content-type", "application/json"]],
                "body": "{\"text\":\"two\\nlines\"}",
            },
            "ws-message": {"type": "text", "content": "{\"text\":\"two\\nlines\"}"},
        })
    );
    let no_json = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(Message::json(&no_json).is_err());
}

#[test]
fn an_event_keeps_its_type_and_id_for_event_sources() {
    let event = Event::data("a\nb").event("news").unwrap().id("7").unwrap();
    assert_eq!(
        formats(event),
        json!({
            "http-stream": {"content": "event: news\nid: 7\ndata: a\ndata: b\n\n"},
            "http-response": {"code": 200, "body": "a\nb"},
            "ws-message": {"type": "text", "content": "a\nb"},
        })
    );
    assert_eq!(formats(Event::comment("hm")), json!({"http-stream": {"content": ": hm\n\n"}}));
}

#[test]
fn unframed_is_the_content_itself() {
    let stream = |message: Message| formats(message.unframed())["http-stream"].clone();
    assert_eq!(stream("a\nb".into()), json!({"content": "a\nb"}));
    assert_eq!(stream(b"\xff".into()), json!({"content-bin": "/w=="}));
    assert_eq!(stream(Event::data("a").id("7").unwrap().into()), json!({"content": "a"}));
    // A format that was set by itself does not count as content.
    assert_eq!(stream(Message::new().http_stream(HttpStream::send("x"))), json!({"content": "x"}));
}

#[test]
fn each_format_can_be_given_apart_or_left_out() {
    let message = Message::text("x")
        .http_stream(HttpStream::send("raw"))
        .http_response(HttpResponse::new("page"))
        .ws_message(WsMessage::binary("bytes"));
    assert_eq!(
        formats(message),
        json!({
            "http-stream": {"content": "raw"},
            "http-response": {"code": 200, "body": "page"},
            "ws-message": {"type": "binary", "content": "bytes"},
        })
    );
    let left = |message: Message| -> Vec<String> {
        formats(message).as_object().unwrap().keys().map(Into::into).collect()
    };
    assert_eq!(left(Message::text("x").without_http_stream()), ["http-response", "ws-message"]);
    assert_eq!(left(Message::text("x").without_http_response()), ["http-stream", "ws-message"]);
    assert_eq!(left(Message::text("x").without_ws_message()), ["http-response", "http-stream"]);
}

#[test]
fn every_option_of_a_response_is_in_its_json() {
    let response = HttpResponse::new("")
        .status(StatusCode::IM_A_TEAPOT)
        .reason("Short and stout")
        .header(HeaderName::from_static("x-a"), HeaderValue::from_static("1"))
        .header(HeaderName::from_static("x-a"), HeaderValue::from_bytes("é".as_bytes()).unwrap())
        .content_filters([Filter::VarSubst]);
    assert_eq!(
        formats(Message::new().http_response(response)),
        json!({"http-response": {
            "code": 418, "reason": "Short and stout", "headers": [["x-a", "1"], ["x-a", "é"]], "body": "",
            "content-filters": ["var-subst"],
        }})
    );
}

#[test]
fn every_kind_of_websocket_message_has_its_json() {
    let ws = |message| formats(Message::new().ws_message(message))["ws-message"].clone();
    assert_eq!(ws(WsMessage::text("m:x")), json!({"type": "text", "content": "m:x"}));
    assert_eq!(ws(WsMessage::binary(*b"\xff")), json!({"type": "binary", "content-bin": "/w=="}));
    assert_eq!(ws(WsMessage::ping("")), json!({"type": "ping", "content": ""}));
    assert_eq!(ws(WsMessage::pong(b"\xff")), json!({"type": "pong", "content-bin": "/w=="}));
    assert_eq!(
        ws(WsMessage::close(CloseCode::from_static(4001), "bye")),
        json!({"action": "close", "code": 4001, "reason": "bye"})
    );
    assert_eq!(ws(WsMessage::refresh()), json!({"action": "refresh"}));
    assert_eq!(
        ws(WsMessage::text("x").content_filters([])),
        json!({"type": "text", "content": "x", "content-filters": []})
    );
}

#[test]
fn a_close_and_a_hint_have_their_formats() {
    assert_eq!(
        formats(Message::close(CloseCode::NORMAL, "")),
        json!({
            "http-stream": {"action": "close"},
            "ws-message": {"action": "close", "code": 1000, "reason": ""},
        })
    );
    assert_eq!(
        formats(Message::hint()),
        json!({"http-stream": {"action": "hint"}, "http-response": {"action": "hint"}})
    );
    let filtered = HttpStream::hint().content_filters([Filter::BuildId, Filter::VarSubst]);
    assert_eq!(
        formats(Message::new().http_stream(filtered)),
        json!({"http-stream": {"action": "hint", "content-filters": ["build-id", "var-subst"]}})
    );
}

#[test]
fn an_item_has_only_what_it_was_given() {
    let only = Message::new().ws_message(WsMessage::text("x"));
    let plain = json!({"channel": "news", "formats": {"ws-message": {"type": "text", "content": "x"}}});
    assert_eq!(sent(Item::new(NEWS, only.clone())), plain);

    let mut full = plain;
    for (name, value) in [("id", json!("2")), ("prev-id", json!("1")), ("no-seq", json!(true))] {
        full[name] = value;
    }
    full["meta"] = json!({"sender": "ann", "skip_users": "bob,eve"});
    let item = Item::new(&NEWS, only).id("2").prev_id("1").no_seq().meta("sender", "ann");
    assert_eq!(sent(item.meta("skip_users", "bob,eve")), full);
}

/// Reads a stream as an `EventSource` does, after the HTML standard: the data of each event, as bytes.
fn events(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut events = Vec::new();
    let mut data: Option<Vec<u8>> = None;
    let mut rest = stream;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).expect("a line ends");
        let (line, after) = rest.split_at(end);
        rest = after.strip_prefix(b"\r\n").unwrap_or(&after[1..]);
        if line.is_empty() {
            events.extend(data.take());
        } else if let Some(value) = line.strip_prefix(b"data:") {
            let value = value.strip_prefix(b" ").unwrap_or(value);
            match &mut data {
                Some(data) => data.extend_from_slice(&[b"\n", value].concat()),
                None => data = Some(value.to_vec()),
            }
        } else {
            panic!("a line of another kind: {:?}", line.escape_ascii().to_string());
        }
    }
    assert_eq!(data, None, "an event that does not end");
    events
}

/// Line breaks as an event stream has them.
fn with_newlines(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = content.iter().peekable();
    while let Some(&byte) = bytes.next() {
        if byte == b'\r' {
            bytes.next_if(|next| **next == b'\n');
            out.push(b'\n');
        } else {
            out.push(byte);
        }
    }
    out
}

fn bytes_of(format: &Value, name: &str) -> Vec<u8> {
    match (&format[name], &format[format!("{name}-bin")]) {
        (Value::String(text), Value::Null) => text.as_bytes().to_vec(),
        (Value::Null, Value::String(base64)) => Base64::decode_vec(base64).unwrap(),
        both => panic!("not one of the two: {both:?}"),
    }
}

fn comes_out(content: &Content) {
    let bytes = content.as_bytes();
    let formats = formats(content.clone());
    assert_eq!(bytes_of(&formats["http-response"], "body"), bytes);
    assert_eq!(bytes_of(&formats["ws-message"], "content"), bytes);
    assert_eq!(events(&bytes_of(&formats["http-stream"], "content")), [with_newlines(bytes)]);
    let unframed = sent(Item::new(NEWS, Message::from(content.clone()).unframed()));
    assert_eq!(bytes_of(&unframed["formats"]["http-stream"], "content"), bytes);
}

#[test]
fn characters_that_break_framing_elsewhere_arrive() {
    for text in [
        "",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\r\n",
        "data: x\n\ndata: y",
        ":",
        " x",
        "\0",
        "m:x",
        "c:{}",
        "\u{feff}x",
        "id: 1\revent: x",
        "\u{2028}",
        "\u{85}",
    ] {
        comes_out(&text.into());
        comes_out(&text.as_bytes().into());
    }
    for bytes in [&b"\xff"[..], b"\xff\r\n\xfe", b"\xc3", b"\x00\xed\xa0\x80\n"] {
        comes_out(&bytes.into());
    }
}

proptest! {
    #[test]
    fn any_text_arrives_unchanged(text in "(?s)([\r\n: ]|data|.){0,40}") {
        comes_out(&text.into());
    }

    #[test]
    fn any_bytes_arrive_unchanged(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\r'), Just(b'\n')], 0..60)) {
        comes_out(&bytes.into());
    }

    #[test]
    fn any_json_arrives_unchanged(texts in prop::collection::vec(any::<String>(), 0..4)) {
        let formats = formats(Message::json(&texts).unwrap());
        let [event] = &events(&bytes_of(&formats["http-stream"], "content"))[..] else { panic!("not one event") };
        for json in [event, &bytes_of(&formats["http-response"], "body"), &bytes_of(&formats["ws-message"], "content")] {
            prop_assert_eq!(&serde_json::from_slice::<Vec<String>>(json).unwrap(), &texts);
        }
    }

    #[test]
    fn any_event_is_one_event(data in "(?s)([\r\n: ]|data|.){0,40}") {
        let framed = bytes_of(&formats(Event::data(&*data))["http-stream"], "content");
        prop_assert_eq!(events(&framed), [with_newlines(data.as_bytes())]);
    }

    #[test]
    fn any_channel_id_and_meta_arrive_unchanged(
        channel in "(?s)[^\u{feff}].{0,19}", id in "(?s)[^\u{feff}].{0,19}",
        name in "(?s)([^\u{feff}].{0,8})?", value in "(?s)([^\u{feff}].{0,19})?",
    ) {
        let channel = crate::Channel::new(channel).unwrap();
        let item = sent(Item::new(&channel, "x").id(&*id).prev_id(&*id).meta(&*name, &*value));
        prop_assert_eq!(&item["channel"], channel.as_str());
        prop_assert_eq!(&item["id"], &*id);
        prop_assert_eq!(&item["prev-id"], &*id);
        prop_assert_eq!(&item["meta"][&*name], &*value);
    }
}
