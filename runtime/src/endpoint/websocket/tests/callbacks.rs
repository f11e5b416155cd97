//! The life of a connection: batches of events in, answers out.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::Answer;
use crate::grip::websocket::{Close, CloseCode, Event, InvalidClose, MAX_REPLY, Reply, decode, encode};

use super::super::state::Storage;
use super::super::{Callbacks, CloseWith, Closed, FromMessage as _, Incoming, IntoClose};
use super::{shown, with_head};

#[derive(Default, Serialize, Deserialize)]
struct Said {
    texts: u32,
}

/// The result of a batch.
#[derive(Default)]
struct Became {
    status: u16,
    /// The sent events, or the text of a refusal.
    sent: Vec<String>,
    /// The state that was stored.
    stored: Option<String>,
    /// True if later requests are told that the app has closed.
    closed: bool,
    /// The calls, in order.
    calls: Vec<String>,
    logged: Vec<String>,
}

/// Runs a batch on a connection that counts the texts it echoes, stored as `stored`.
fn run(stored: Option<&str>, body: &[u8]) -> Became {
    run_with(stored, body, |callbacks| callbacks)
}

fn run_with(
    stored: Option<&str>,
    body: &[u8],
    change: impl for<'a> FnOnce(Callbacks<'a, Said>) -> Callbacks<'a, Said>,
) -> Became {
    run_with_meta(stored.map(|stored| ("meta-fanout-state", stored)).as_slice(), body, change)
}

fn run_with_meta(
    meta: &[(&'static str, &str)],
    body: &[u8],
    change: impl for<'a> FnOnce(Callbacks<'a, Said>) -> Callbacks<'a, Said>,
) -> Became {
    let calls = RefCell::new(Vec::new());
    let mut logged = Vec::new();
    let result = with_head(meta, |head| {
        let open = |reply: &mut Reply| {
            calls.borrow_mut().push("open".to_owned());
            reply.text("welcome");
            Ok(Said::default())
        };
        let message = |said: &mut Said, message: Incoming<'_>, reply: &mut Reply| {
            calls.borrow_mut().push(format!("{message:?}"));
            let text = <&str>::from_message(message).map_err(|kind| kind.into_close())?;
            said.texts += 1;
            match text {
                "fail" => return Err(CloseWith::internal_error("it failed")),
                "leave" => reply.close(CloseCode::NORMAL, "left").unwrap(),
                "much" => reply.text("x".repeat(400_000)),
                _ => {}
            }
            reply.text(format!("{} {text}", said.texts));
            Ok(())
        };
        let close = |said: &mut Said, close: Result<Option<Close<'_>>, InvalidClose>, reply: &mut Reply| {
            calls.borrow_mut().push(format!("close {close:?}"));
            reply.text(format!("bye after {}", said.texts));
            reply.close(CloseCode::POLICY, "not the client's").unwrap();
            Ok(())
        };
        let disconnect = |said: &mut Said| {
            calls.borrow_mut().push(format!("disconnect after {}", said.texts));
            Err(CloseWith::internal_error("who listens?"))
        };
        let callbacks = Callbacks::new(&open).message(&message).close(&close).disconnect(&disconnect);
        change(callbacks).reply(&Storage::PROXY, head, decode(body), &mut |line| logged.push(line.to_owned()))
    });
    let answer = result.map_or_else(|answer| answer, Answer::from);
    let stored = answer.header("set-meta-fanout-state").map(|value| value.to_str().unwrap().to_owned());
    let closed = answer.header("set-meta-fanout-closed").is_some_and(|value| value == "1");
    let sent = match answer.header("content-type").map(|value| value.as_bytes()) {
        Some(b"application/websocket-events") => shown(answer.body()),
        _ => vec![String::from_utf8(answer.body().to_vec()).unwrap()],
    };
    Became { status: answer.status().as_u16(), sent, stored, closed, calls: calls.into_inner(), logged }
}

fn texts(texts: &[&str]) -> Vec<u8> {
    encode(texts.iter().map(|text| Event::Text(text.as_bytes())))
}

#[test]
fn many_events_of_one_request_run_in_order() {
    let became = run(None, &encode([Event::Open, Event::Text(b"a"), Event::Ping(b"p"), Event::Text(b"b")]));
    assert_eq!(became.status, 200);
    assert_eq!(became.calls, ["open", r#"Text("a")"#, r#"Text("b")"#]);
    assert_eq!(became.sent, ["open", "text welcome", "text 1 a", "pong p", "text 2 b"]);
    assert_eq!(became.stored.as_deref(), Some(r#"{"texts":2}"#));
}

#[test]
fn state_goes_on_from_request_to_request() {
    let became = run(Some(r#"{"texts":2}"#), &texts(&["c"]));
    assert_eq!(became.sent, ["text 3 c"]);
    assert_eq!(became.stored.as_deref(), Some(r#"{"texts":3}"#));
}

#[test]
fn state_that_is_not_needed_is_neither_read_nor_written() {
    for body in
        [encode([]), encode([Event::Ping(b"")]), encode([Event::Pong(b"")]), b"NEWS 1\r\nn\r\n".to_vec()]
    {
        let became = run(Some("not even JSON"), &body);
        assert_eq!((became.status, became.stored), (200, None));
        assert!(became.calls.is_empty() && became.logged.is_empty());
    }
}

#[test]
fn state_of_another_version_starts_anew() {
    let became = run(Some(r#"{"letters":2}"#), &texts(&["a", "b"]));
    assert_eq!(became.sent, ["close 1012 connect again"]);
    assert_eq!(
        became.logged,
        ["the connection state does not deserialize: missing field `texts` at line 1 column 13"]
    );
    let became = run_with(Some(r#"{"letters":2}"#), &texts(&["a"]), |callbacks| {
        callbacks.renew(&|_| Ok(Said { texts: 40 }))
    });
    assert_eq!(
        became.logged,
        ["the connection state does not deserialize: missing field `texts` at line 1 column 13"],
        "whatever `renew` makes of it"
    );
    assert_eq!(became.sent, ["text 41 a"]);
    assert_eq!(became.stored.as_deref(), Some(r#"{"texts":41}"#));
}

#[test]
fn a_ping_and_an_empty_request_are_answered() {
    assert_eq!(run(None, &encode([Event::Ping(b"\x00p")])).sent, ["pong \\x00p"]);
    assert_eq!(
        run(None, &encode([Event::Ping(&[0; 126])])).sent,
        ["close 1002 a ping has at most 125 bytes"]
    );
    let became = run(None, b"");
    assert_eq!((became.status, became.sent.len()), (200, 0));
}

#[test]
fn a_close_is_answered_by_its_code_and_ends_the_batch() {
    let body =
        encode([Event::Text(b"a"), Event::Close(b"\x0f\xa1home"), Event::Text(b"b"), Event::Disconnect]);
    let became = run(Some(r#"{"texts":0}"#), &body);
    assert_eq!(became.calls, [r#"Text("a")"#, r#"close Ok(Some(Close { code: 4001, reason: "home" }))"#]);
    assert_eq!(became.sent, ["text 1 a", "text bye after 1", "close 4001 home"]);

    let became = run(Some(r#"{"texts":0}"#), &encode([Event::Close(b"")]));
    assert_eq!(became.calls, ["close Ok(None)"]);
    assert_eq!(became.sent, ["text bye after 0", "close 0 "]);

    let became = run(Some(r#"{"texts":0}"#), &encode([Event::Close(b"x")]));
    assert_eq!(became.calls, ["close Err(HalfACode)"]);
    assert_eq!(became.sent, ["text bye after 0", "close 1002 "]);
}

#[test]
fn a_disconnect_runs_and_sends_nothing() {
    let became = run(Some(r#"{"texts":7}"#), &encode([Event::Text(b"a"), Event::Disconnect]));
    assert_eq!(became.calls, [r#"Text("a")"#, "disconnect after 8"]);
    assert_eq!((became.status, became.sent.len(), became.stored), (200, 0, None));
    assert_eq!(became.logged, ["who listens?"]);
}

#[test]
fn a_malformed_batch_is_refused_before_any_of_it_runs() {
    let became = run(None, b"OPEN\r\nTEXT 2\r\nx");
    assert_eq!(became.status, 400);
    assert_eq!(
        became.sent,
        ["not WebSocket events: an event's content is shorter than its length (at byte 14)\n"]
    );
    assert!(became.calls.is_empty());
}

#[test]
fn a_message_of_the_wrong_kind_or_size_closes() {
    let close = |event| run(Some(r#"{"texts":0}"#), &encode([event])).sent;
    assert_eq!(close(Event::Binary(b"a")), ["close 1003 text messages only"]);
    assert_eq!(close(Event::Text(b"\xff")), ["close 1007 text is UTF-8"]);

    let limited = |text| {
        run_with(Some(r#"{"texts":0}"#), &texts(&[text, "b"]), |callbacks| callbacks.max_message(3)).sent
    };
    assert_eq!(limited("abc"), ["text 1 abc", "text 2 b"]);
    assert_eq!(limited("abcd"), ["close 1009 a message has at most 3 bytes"]);
}

#[test]
fn an_error_closes_after_the_messages_and_is_logged() {
    let became = run(Some(r#"{"texts":0}"#), &texts(&["a", "fail", "b"]));
    assert_eq!(became.sent, ["text 1 a", "close 1011 internal error"]);
    assert_eq!(became.calls.len(), 2);
    assert_eq!(became.logged, ["it failed"]);
}

#[test]
fn no_message_runs_behind_the_apps_own_close() {
    let became = run(Some(r#"{"texts":0}"#), &texts(&["leave", "b"]));
    assert_eq!(became.sent, ["text 1 leave", "close 1000 left"]);
    assert_eq!(became.calls.len(), 1);
    assert_eq!(became.stored.as_deref(), Some(r#"{"texts":1}"#), "for the client's close, which follows");
}

/// Events that the client sent before it received the close come in a request of their own.
#[test]
fn no_message_runs_in_a_request_behind_the_apps_own_close() {
    for text in ["leave", "fail"] {
        assert!(run(Some(r#"{"texts":0}"#), &texts(&[text])).closed);
    }
    let state = ("meta-fanout-state", r#"{"texts":1}"#);
    let more = [Event::Text(b"b"), Event::Ping(b"p"), Event::Binary(b"c")];
    let later = |end: &[Event<'_>]| {
        let body = encode([&more[..], end].concat());
        run_with_meta(&[state, ("meta-fanout-closed", "1")], &body, |callbacks| callbacks)
    };
    let became = later(&[]);
    assert_eq!((became.status, became.calls.len(), became.sent.len(), became.stored), (200, 0, 0, None));

    let became = later(&[Event::Close(b"\x03\xe8"), Event::Disconnect]);
    assert_eq!(became.calls, ["close Ok(Some(Close { code: 1000, reason: \"\" }))"]);
    assert_eq!(became.sent, ["text bye after 1", "close 1000 "]);
    assert!(!became.closed, "the client has closed, and nothing comes behind that");

    let became = later(&[Event::Disconnect]);
    assert_eq!((&became.calls[..], became.sent.len()), (&["disconnect after 1".to_owned()][..], 0));
}

#[test]
fn the_end_runs_once_behind_the_apps_own_close() {
    for text in ["leave", "fail"] {
        let end = |event| {
            let events = [Event::Text(text.as_bytes()), Event::Text(b"b"), event, Event::Disconnect];
            run(Some(r#"{"texts":0}"#), &encode(events))
        };
        let text = format!("Text({text:?})");
        let became = end(Event::Close(b"\x03\xe8"));
        assert_eq!(became.calls, [&text, "close Ok(Some(Close { code: 1000, reason: \"\" }))"]);
        assert!(became.sent.last().unwrap().starts_with("close 10"), "{:?}", became.sent);
        assert!(became.sent.iter().all(|sent| !sent.contains("bye")), "{:?}", became.sent);

        let became = end(Event::Disconnect);
        assert_eq!(became.calls, [&text, "disconnect after 1"]);
        assert_eq!((became.status, became.sent.len(), became.stored), (200, 0, None));
        assert_eq!(became.logged.last().unwrap(), "who listens?");
    }
}

#[test]
fn an_answer_that_the_proxy_would_not_take_ends_where_it_is_too_much() {
    let became = run(Some(r#"{"texts":0}"#), &texts(&["much", "a", "much", "much", "b"]));
    let starts: Vec<_> = became.sent.iter().map(|line| &line[..line.len().min(35)]).collect();
    assert_eq!(starts[1..3], ["text 1 much", "text 2 a"]);
    assert_eq!(starts[4..], ["text 3 much", "close 1011 the answer is too large"]);
    assert_eq!(became.calls.len(), 4);
    assert_eq!(
        became.logged,
        [format!(
            "the answer to one request would have 1200117 bytes, and the proxy takes {MAX_REPLY}, a close included"
        )]
    );
}

#[test]
fn a_close_goes_with_the_messages_that_the_proxy_would_not_take() {
    let closing = |bytes: usize| {
        let message = |(): &mut (), _: Incoming<'_>, reply: &mut Reply| {
            reply.text("x".repeat(bytes));
            reply.close(CloseCode::NORMAL, "that was all").unwrap();
            Ok(())
        };
        let answer = with_head(&[], |head| {
            Callbacks::<()>::new(&|_| Ok(()))
                .message(&message)
                .answer(head, decode(b"OPEN\r\nTEXT 1\r\na\r\n"))
        });
        let events: Vec<_> = decode(answer.body()).map(Result::unwrap).collect();
        let found = match events[..] {
            // The prefix of messages is `m:`.
            [Event::Open, Event::Text(text), Event::Close(close)] => (text.len() - 2, close[2..].to_vec()),
            [Event::Open, Event::Close(close)] => (0, close[2..].to_vec()),
            _ => panic!("{events:?}"),
        };
        (answer.body().len(), found)
    };
    // The length of a text of 100,000 bytes or more has five digits.
    let most = MAX_REPLY - (closing(100_000).0 - 100_000);
    assert_eq!(closing(most), (MAX_REPLY, (most, b"that was all".to_vec())));
    assert_eq!(closing(most + 1).1, (0, b"the answer is too large".to_vec()));
}

#[test]
fn the_answer_to_a_close_keeps_the_code_of_the_client() {
    let close = |(): &mut (), _: Closed<'_>, reply: &mut Reply| {
        reply.text("x".repeat(MAX_REPLY));
        Ok(())
    };
    let events = encode([Event::Open, Event::Close(b"\x03\xe9bye")]);
    let answer =
        with_head(&[], |head| Callbacks::<()>::new(&|_| Ok(())).close(&close).answer(head, decode(&events)));
    let events: Vec<_> = decode(answer.body()).map(Result::unwrap).collect();
    assert_eq!(events, [Event::Open, Event::Close(b"\x03\xe9bye")]);
}

#[test]
fn a_refusal_is_the_answer_to_the_client() {
    let answer = with_head(&[], |head| {
        Callbacks::<()>::new(&|_| Err(Answer::text(401, "who are you?\n")))
            .answer(head, decode(b"OPEN\r\nTEXT 1\r\na\r\n"))
    });
    assert_eq!(answer, Answer::text(401, "who are you?\n"));
}

/// The log names the type that writes what it does not read, and the field.
#[test]
fn state_that_does_not_read_back_closes_and_is_logged() {
    #[derive(Serialize, Deserialize)]
    struct Cart {
        #[serde(skip_serializing_if = "Vec::is_empty")]
        items: Vec<String>,
        total: Option<f64>,
    }
    let open = |_: &mut Reply| Ok(Cart { items: vec![], total: None });
    let total = |cart: &mut Cart, message: Incoming<'_>, reply: &mut Reply| {
        let text = <&str>::from_message(message).map_err(|kind| kind.into_close())?;
        cart.total = text.parse().ok();
        reply.text("added");
        Ok(())
    };
    let mut logged = Vec::new();
    let mut reply = |stored: &str, body: &[u8]| {
        let callbacks = Callbacks::new(&open).message(&total);
        with_head(&[("meta-fanout-state", stored)], |head| {
            callbacks.reply(&Storage::PROXY, head, decode(body), &mut |line| logged.push(line.to_owned()))
        })
    };
    assert_eq!(reply("null", b"OPEN\r\n").unwrap_err(), Answer::text(500, "internal error\n"));
    // Its JSON is what is stored already.
    let closed = reply(r#"{"items":["a"],"total":null}"#, &texts(&["NaN", "1"])).unwrap();
    assert_eq!(shown(&closed.into_bytes()), ["text added", "text added"], "the last is a number");
    let closed = reply(r#"{"items":["a"],"total":null}"#, &texts(&["NaN"])).unwrap();
    assert_eq!(shown(&closed.into_bytes()), ["text added", "close 1011 internal error"]);
    let logged: Vec<_> =
        logged.iter().map(|line| line.replace(&format!("{}::", module_path!()), "")).collect();
    let cart = "the connection state cannot be stored: `state_that_does_not_read_back_closes_and_is_logged::Cart` is not read back as it was written";
    assert_eq!(
        logged,
        [
            format!(
                "{cart}: missing field `items` at line 1 column 14; add `#[serde(default)]` to the field"
            ),
            format!(
                "{cart}: `total` is `Some` of NaN, and reads back as `None`; JSON has neither NaN nor infinity"
            ),
        ]
    );
}

#[test]
fn state_that_is_too_long_refuses_at_open_and_closes_later() {
    let long = || "x".repeat(4000);
    let open = |_: &mut Reply| Ok(long());
    let grow = |state: &mut String, _: Incoming<'_>, reply: &mut Reply| {
        state.push_str(&long());
        reply.text("grown");
        Ok(())
    };
    let reply = |stored: &str, body: &[u8]| {
        with_head(&[("meta-fanout-state", stored)], |head| {
            Callbacks::new(&open).message(&grow).reply(&Storage::PROXY, head, decode(body), &mut |line| {
                assert!(line.starts_with("the connection state has 400"), "{line}");
            })
        })
    };
    assert_eq!(reply("null", b"OPEN\r\n").unwrap_err().status(), 500);
    let closed = reply(r#""""#, &texts(&["a"])).unwrap();
    assert_eq!(shown(&closed.into_bytes()), ["text grown", "close 1011 internal error"]);
}

#[test]
fn a_connection_without_state_forgets_that_of_an_earlier_app() {
    let open = |_: &mut Reply| Ok(());
    let echo = |_: &mut (), message: Incoming<'_>, reply: &mut Reply| {
        reply.text(<&str>::from_message(message).map_err(IntoClose::into_close)?);
        Ok(())
    };
    let renew = |stale| panic!("{stale}: there is nothing to renew");
    for (stored, forgotten) in [(None, None), (Some(r#"{"texts":3}"#), Some(""))] {
        let headers = stored.map(|stored| ("meta-fanout-state", stored));
        let answer = with_head(headers.as_slice(), |head| {
            let callbacks = Callbacks::new(&open).message(&echo).renew(&renew);
            callbacks.answer_without_state(head, decode(&texts(&["hi"])))
        });
        assert_eq!(answer.header("set-meta-fanout-state").map(|value| value.to_str().unwrap()), forgotten);
        assert_eq!(shown(answer.body()), ["text hi"]);
    }
}
