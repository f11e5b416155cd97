use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::{Entry, EntryId, Kept};
use crate::Event;
use crate::grip::Filter;
use crate::publish::{Content, HttpResponse, HttpStream, Message, WsMessage};
use crate::websocket::CloseCode;

fn id() -> EntryId {
    EntryId::new("e-7").unwrap()
}

/// The bytes for streams, for event streams and for polls.
fn sent(entry: &Entry) -> [Option<String>; 3] {
    let text = |content: Content| String::from_utf8_lossy(content.as_bytes()).into_owned();
    let poll = entry.for_polls().map(|(response, body)| {
        let headers: Vec<_> =
            response.headers.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        format!("{} {headers:?} {}", response.status.as_u16(), text(body.clone()))
    });
    [entry.for_streams(&id()).map(text), entry.for_event_streams(&id()).map(text), poll]
}

fn kept(message: impl Into<Message>) -> Entry {
    Entry::new(message.into()).unwrap()
}

#[test]
fn an_entry_sends_what_was_published_with_its_id() {
    let both = |event: &str, poll: &str| {
        [Some(event.to_owned()), Some(event.to_owned()), Some(format!("200 [] {poll}"))]
    };
    assert_eq!(sent(&kept("1 : 0")), both("id: e-7\ndata: 1 : 0\n\n", "1 : 0"));
    assert_eq!(sent(&kept("a\r\nb")), both("id: e-7\ndata: a\ndata: b\n\n", "a\r\nb"));
    assert_eq!(
        sent(&kept(Event::named("goal", "x").retry(std::time::Duration::from_secs(2)))),
        both("id: e-7\nevent: goal\nretry: 2000\ndata: x\n\n", "x")
    );
    let json = kept(Message::json(&json!({"a": 1})).unwrap());
    assert_eq!(sent(&json)[2].as_deref(), Some(r#"200 ["content-type=\"application/json\""] {"a":1}"#));
    let bytes = kept(Message::text("data: forged\n\n").unframed());
    let [stream, event_stream, _] = sent(&bytes);
    assert_eq!(stream.unwrap(), "data: forged\n\n");
    assert_eq!(event_stream.unwrap(), "id: e-7\ndata: data: forged\ndata: \ndata: \n\n");
    let own = HttpResponse::new("[1]")
        .status(StatusCode::ACCEPTED)
        .header(header::ETAG, HeaderValue::from_static("a"));
    assert_eq!(
        sent(&kept(Message::text("1").http_response(own)))[2].as_deref(),
        Some(r#"202 ["etag=\"a\""] [1]"#)
    );
    assert_eq!(sent(&kept(Message::text("x").without_http_stream()))[..2], [None, None]);
    assert_eq!(sent(&kept(Message::text("x").without_http_response()))[2], None);
    // The format for WebSockets is not kept.
    assert_eq!(kept(Message::text("x").ws_message(WsMessage::ping("p"))), kept("x"));
}

#[test]
fn an_entry_comes_back_from_json_as_it_was() {
    let own = HttpResponse::new(b"\xff").status(StatusCode::ACCEPTED);
    let own = own.header(header::ETAG, HeaderValue::from_bytes("é".as_bytes()).unwrap());
    let entries = [
        (kept("1 : 0"), json!({"id": "e-7", "content": "1 : 0"})),
        (kept(""), json!({"id": "e-7", "content": ""})),
        (kept("\u{feff}a"), json!({"id": "e-7", "content": "\u{feff}a"})),
        (kept(b"\xff\x00"), json!({"id": "e-7", "content-bin": "/wA="})),
        (
            kept(Event::named("goal", "x").retry(std::time::Duration::from_millis(5))),
            json!({"id": "e-7", "content": "x", "event": "goal", "retry": 5}),
        ),
        (kept(Message::text("x").unframed()), json!({"id": "e-7", "content": "x", "stream": "bytes"})),
        (
            kept(Message::text("x").without_http_stream().without_http_response()),
            json!({"id": "e-7", "content": "x", "stream": "none", "response": "none"}),
        ),
        (
            kept(Message::text("x").http_response(own)),
            json!({"id": "e-7", "content": "x", "response": {"own": {
                "code": 202, "headers": [["etag", "é"]], "body": {"content-bin": "/w=="},
            }}}),
        ),
    ];
    for (entry, json) in entries {
        let one = Kept::new(id(), entry);
        assert_eq!(serde_json::to_value(&one).unwrap(), json);
        assert_eq!(serde_json::from_value::<Kept>(json).unwrap(), one);
    }
}

/// What a store returns may be damaged.
#[test]
fn a_damaged_entry_is_an_error() {
    let damaged = [
        json!({"id": "", "content": "x"}),
        json!({"id": "a\nb", "content": "x"}),
        json!({"id": "1"}),
        json!({"id": "1", "content": "x", "event": "a\nid: 9"}),
        json!({"id": "1", "content-bin": "?"}),
        json!({"id": "1", "content": "x", "stream": "?"}),
        json!({"id": "1", "content": "x", "response": {"own": {"code": 99, "headers": []}}}),
        json!({"id": "1", "content": "x", "response": {"own": {"code": 200, "headers": [["a b", "c"]]}}}),
        json!({"id": "1", "content": "x", "response": {"own": {"code": 200, "headers": [["a", "b\nc"]]}}}),
    ];
    for json in damaged {
        assert!(serde_json::from_value::<Kept>(json.clone()).is_err(), "{json}");
    }
}

#[test]
fn a_message_that_cannot_be_sent_again_is_refused() {
    let own_id =
        HttpResponse::new("x").header("last-event-id".parse().unwrap(), HeaderValue::from_static("1"));
    let messages = [
        (Message::new(), "keeps content"),
        (Message::new().http_stream(HttpStream::send("x")), "keeps content"),
        (Message::close(CloseCode::NORMAL, ""), "a close"),
        (Message::text("x").http_stream(HttpStream::close()), "a close"),
        (Message::hint(), "a hint"),
        (Message::text("x").http_response(HttpResponse::hint()), "a hint"),
        (Message::text("x").http_stream(HttpStream::hint()), "a hint"),
        (Message::event(Event::comment("x")), "a comment"),
        (Message::event(Event::data("x").id_number(1)), "leave `id` out"),
        (Message::event(Event::data("x").id_number(1)).without_http_stream(), "leave `id` out"),
        (Message::text("x").http_stream(HttpStream::send("y")), "a stream format of your own"),
        (
            Message::text("x").http_stream(HttpStream::send("x").content_filters([Filter::BuildId])),
            "content filters",
        ),
        (
            Message::text("x").http_response(HttpResponse::new("x").content_filters([Filter::BuildId])),
            "content filters",
        ),
        (Message::text("x").http_response(own_id), "`Last-Event-ID`"),
    ];
    for (message, expected) in messages {
        let error = Entry::new(message.clone()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}: {message:?}");
    }
}
