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
fn sent(entry: &Entry, id: &EntryId) -> [Option<String>; 3] {
    let text = |content: Content| String::from_utf8_lossy(content.as_bytes()).into_owned();
    let poll = entry.for_polls().map(|(response, body)| {
        let headers: Vec<_> =
            response.headers.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        format!("{} {headers:?} {}", response.status.as_u16(), text(body.clone()))
    });
    [entry.for_streams(id).map(text), entry.for_event_streams(id).map(text), poll]
}

fn kept(message: impl Into<Message>) -> Entry {
    Entry::new(message.into()).unwrap()
}

#[test]
fn an_entry_sends_what_was_published_with_its_id() {
    let both = |event: &str, poll: &str| {
        [Some(event.to_owned()), Some(event.to_owned()), Some(format!("200 [] {poll}"))]
    };
    assert_eq!(sent(&kept("1 : 0"), &id()), both("id: e-7\ndata: 1 : 0\n\n", "1 : 0"));
    assert_eq!(sent(&kept("a\r\nb"), &id()), both("id: e-7\ndata: a\ndata: b\n\n", "a\r\nb"));
    assert_eq!(
        sent(&kept(Event::named("goal", "x").retry(std::time::Duration::from_secs(2))), &id()),
        both("id: e-7\nevent: goal\nretry: 2000\ndata: x\n\n", "x")
    );
    let json = kept(Message::json(&json!({"a": 1})).unwrap());
    assert_eq!(
        sent(&json, &id())[2].as_deref(),
        Some(r#"200 ["content-type=\"application/json\""] {"a":1}"#)
    );
    let bytes = kept(Message::text("data: forged\n\n").unframed());
    let [stream, event_stream, _] = sent(&bytes, &id());
    assert_eq!(stream.unwrap(), "data: forged\n\n");
    assert_eq!(event_stream.unwrap(), "id: e-7\ndata: data: forged\ndata: \ndata: \n\n");
    let own = HttpResponse::new("[1]")
        .status(StatusCode::ACCEPTED)
        .header(header::ETAG, HeaderValue::from_static("a"));
    assert_eq!(
        sent(&kept(Message::text("1").http_response(own)), &id())[2].as_deref(),
        Some(r#"202 ["etag=\"a\""] [1]"#)
    );
    assert_eq!(sent(&kept(Message::text("x").without_http_stream()), &id())[..2], [None, None]);
    assert_eq!(sent(&kept(Message::text("x").without_http_response()), &id())[2], None);
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

/// An entry from a store may be damaged.
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

mod publishing {
    use std::cell::RefCell;
    use std::rc::Rc;

    use http::{Request, Response};
    use serde_json::Value;

    use super::super::{Appended, History, HistoryError, Latest, MemoryHistory, Missed, NotPublished};
    use super::*;
    use crate::grip::Channel;
    use crate::publish::{InvalidItem, PublishError, Publisher, Target, Transport, TransportError};

    const GOALS: Channel = Channel::from_static("goals");

    /// A proxy that answers with a status.
    #[derive(Clone)]
    struct Proxy {
        status: u16,
        items: Rc<RefCell<Vec<Value>>>,
    }

    impl Transport for Proxy {
        fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
            let mut json: Value = serde_json::from_slice(request.body()).unwrap();
            self.items.borrow_mut().append(json["items"].as_array_mut().unwrap());
            Ok(Response::builder().status(self.status).body(Vec::new()).unwrap())
        }
    }

    fn publisher(url: &str, status: u16) -> (Publisher<Proxy>, Proxy) {
        let proxy = Proxy { status, items: Rc::default() };
        (Publisher::new(Target::from_grip_url(url).unwrap(), proxy.clone()), proxy)
    }

    const LOCAL: &str = "http://127.0.0.1:5561/";

    /// A history whose store is down.
    struct Down;

    impl History for Down {
        fn append(&self, _: &Channel, _: Entry) -> Result<Appended, HistoryError> {
            Err(HistoryError::transient("the store is busy"))
        }

        fn after(&self, _: &Channel, _: &EntryId) -> Result<Missed, HistoryError> {
            unreachable!("nothing is read")
        }

        fn latest(&self, _: &Channel, _: usize) -> Result<Latest, HistoryError> {
            unreachable!("nothing is read")
        }
    }

    #[test]
    fn an_item_has_its_id_and_the_one_before_in_each_format() {
        let history = MemoryHistory::new(10);
        let (publisher, proxy) = publisher(LOCAL, 200);
        let one = history.publish_with(&publisher, GOALS, "a").unwrap();
        let two = history.publish_with(&publisher, &GOALS, Event::named("goal", "b")).unwrap();
        let three = history.publish_with(&publisher, GOALS, Message::text("c\n").unframed()).unwrap();
        let [one, two, three] = [one, two, three].map(String::from);
        let item = |id: &str, prev: &str, stream: String, text: &str| {
            json!({"channel": "goals", "id": id, "prev-id": prev, "formats": {
                "http-stream": {"content": stream},
                "http-response": {"body": text, "code": 200, "headers": [["last-event-id", id]]},
                "ws-message": {"content": text, "type": "text"},
            }})
        };
        let expected = [
            item(&one, "0", format!("id: {one}\ndata: a\n\n"), "a"),
            item(&two, &one, format!("id: {two}\nevent: goal\ndata: b\n\n"), "b"),
            item(&three, &two, "c\n".into(), "c\n"),
        ];
        assert_eq!(*proxy.items.borrow(), expected);
        let Missed::Entries(kept) = history.after(&GOALS, &EntryId::before_first()).unwrap() else {
            panic!()
        };
        for (kept, item) in kept.iter().zip(expected) {
            // A recovery sends the bytes that were published.
            assert_eq!(
                sent(kept.entry(), kept.id())[0].as_deref(),
                item["formats"]["http-stream"]["content"].as_str()
            );
        }
    }

    #[test]
    fn nothing_is_kept_of_what_cannot_be_published() {
        let history = MemoryHistory::new(10);
        let refused = |url: &str, channel: Channel, message: Message| {
            let (publisher, proxy) = publisher(url, 200);
            let error = history.publish_with(&publisher, channel, message).unwrap_err();
            assert_eq!((error.kept(), proxy.items.borrow().len()), (None, 0));
            error
        };
        let fastly = "https://api.fastly.com/service/abc?key=token";
        // With its id, the event is over the limit.
        let long = "x".repeat(Target::MAX_FASTLY_CONTENT - "data: \n\n".len());
        let NotPublished::Invalid(PublishError::Invalid { reason, .. }) = refused(fastly, GOALS, long.into())
        else {
            panic!()
        };
        assert!(matches!(reason, InvalidItem::ContentTooLarge { .. }), "{reason}");
        let unchecked = Channel::unchecked(String::new());
        assert!(matches!(refused(LOCAL, unchecked, "x".into()), NotPublished::Invalid(_)));
        assert!(matches!(refused(LOCAL, GOALS, Message::hint()), NotPublished::InvalidEntry(_)));
        assert_eq!(history.latest(&GOALS, 9).unwrap().newest, EntryId::before_first());
        let (publisher, proxy) = publisher(LOCAL, 200);
        let error = Down.publish_with(&publisher, GOALS, "x").unwrap_err();
        assert_eq!(error.to_string(), "the history failed: the store is busy");
        assert!(proxy.items.borrow().is_empty());
    }

    #[test]
    fn an_entry_that_the_proxy_refuses_is_kept() {
        let history = MemoryHistory::new(10);
        let (refusing, _) = publisher(LOCAL, 503);
        let error = history.publish_with(&refusing, GOALS, "a").unwrap_err();
        let latest = history.latest(&GOALS, 9).unwrap();
        assert_eq!(error.kept(), Some(&latest.newest));
        assert_eq!(latest.entries[0].entry().text(), Some("a"));
        let (publisher, proxy) = publisher(LOCAL, 200);
        history.publish_with(&publisher, GOALS, "b").unwrap();
        assert_eq!(proxy.items.borrow()[0]["prev-id"], latest.newest.as_str());
    }

    /// The error of a handler. A client that repeats its request after it must not publish twice.
    #[test]
    fn only_a_kept_entry_is_answered_as_accepted() {
        use crate::IntoAnswer;

        let failed = PublishError::NotConfigured("x".into());
        let errors = [
            (NotPublished::InvalidEntry(Entry::new(Message::new()).unwrap_err()), 500),
            (NotPublished::Invalid(failed.clone()), 502),
            (NotPublished::History(HistoryError::permanent("x")), 503),
            (NotPublished::Kept { id: id(), error: failed }, 202),
        ];
        for (error, status) in errors {
            assert_eq!(error.into_answer().status(), status);
        }
    }
}
