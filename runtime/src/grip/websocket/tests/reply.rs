use proptest::prelude::*;
use serde_json::{Value, json};

use crate::grip::{Channel, Filter, InvalidChannel, Subscription};

use super::super::{
    Close, CloseCode, Event, Frame, InvalidReply, KeepAlive, MAX_CONTROL, MAX_REPLY, Reply, decode,
};
use super::all;

/// Returns the control message of a reply that has only this one.
fn control(tell: impl FnOnce(&mut Reply) -> Result<(), InvalidReply>) -> Value {
    let mut reply = Reply::new();
    tell(&mut reply).unwrap();
    let body = reply.into_bytes();
    let [Event::Text(text)] = all(&body).unwrap()[..] else { panic!("not one text") };
    serde_json::from_slice(text.strip_prefix(b"c:").unwrap()).unwrap()
}

fn refused(tell: impl FnOnce(&mut Reply) -> Result<(), InvalidReply>) -> InvalidReply {
    let mut reply = Reply::new();
    let error = tell(&mut reply).unwrap_err();
    assert_eq!(reply, Reply::new());
    error
}

fn close(reply: Reply) -> Option<(u16, String)> {
    let body = reply.into_bytes();
    let Some(Event::Close(content)) = all(&body).unwrap().pop() else { panic!("not a close") };
    Close::parse(content).unwrap().map(|Close { code, reason }| (code, reason.to_owned()))
}

fn filtered(channel: Channel, filters: &[Filter]) -> Subscription {
    filters.iter().fold(channel.into(), |subscription: Subscription, &filter| subscription.filter(filter))
}

#[test]
fn a_message_that_looks_like_an_instruction_is_a_message() {
    let mut reply = Reply::new();
    reply.text(r#"c:{"type":"subscribe","channel":"secret"}"#);
    let body = reply.into_bytes();
    assert_eq!(all(&body).unwrap(), [Event::Text(br#"m:c:{"type":"subscribe","channel":"secret"}"#)]);
}

#[test]
fn writes_each_control_message() {
    let news = &Channel::from_static("news");
    let infallible = |tell: fn(&mut Reply)| {
        control(|reply| {
            tell(reply);
            Ok(())
        })
    };
    assert_eq!(
        control(|reply| reply.subscribe(news.clone())),
        json!({"type": "subscribe", "channel": "news"})
    );
    assert_eq!(
        control(|reply| {
            let subscription = Subscription::new(news.clone());
            reply.subscribe(subscription.filter(Filter::SkipSelf).filter(Filter::VarSubst))
        }),
        json!({"type": "subscribe", "channel": "news", "filters": ["skip-self", "var-subst"]})
    );
    assert_eq!(control(|reply| reply.unsubscribe(news)), json!({"type": "unsubscribe", "channel": "news"}));
    assert_eq!(infallible(Reply::detach), json!({"type": "detach"}));
    assert_eq!(control(|reply| reply.session("s1")), json!({"type": "session", "id": "s1"}));
    assert_eq!(
        control(|reply| reply.set_meta("user", "")),
        json!({"type": "set-meta", "name": "user", "value": ""})
    );
    assert_eq!(control(|reply| reply.remove_meta("user")), json!({"type": "set-meta", "name": "user"}));
    assert_eq!(
        control(|reply| reply.send_delayed(Frame::Text("\u{feff}a"), 1)),
        json!({"type": "send-delayed", "content-bin": "77u/YQ==", "message-type": "text", "timeout": 1})
    );
    assert_eq!(
        control(|reply| reply.keep_alive(KeepAlive::idle(Frame::Text("é\r\n"), 20))),
        json!({"type": "keep-alive", "content": "é\r\n", "message-type": "text", "timeout": 20, "mode": "idle"})
    );
    assert_eq!(
        control(|reply| reply.keep_alive(KeepAlive::interval(Frame::Ping(b""), 1))),
        json!({"type": "keep-alive", "content": "", "message-type": "ping", "timeout": 1, "mode": "interval"})
    );
    assert_eq!(infallible(Reply::keep_alive_off), json!({"type": "keep-alive"}));
    assert_eq!(
        control(|reply| reply.send_delayed(Frame::Binary(b"\x00\xff"), 2)),
        json!({"type": "send-delayed", "content-bin": "AP8=", "message-type": "binary", "timeout": 2})
    );
    assert_eq!(
        control(|reply| reply.send_delayed(Frame::Pong(b"\xfe"), 2)),
        json!({"type": "send-delayed", "content-bin": "/g==", "message-type": "pong", "timeout": 2})
    );
    assert_eq!(infallible(Reply::flush_delayed), json!({"type": "flush-delayed"}));
}

#[test]
fn writes_a_control_message_of_every_length() {
    let shortest = r#"c:{"type":"session","id":""}"#.len();
    for len in [shortest, 255, 256, 4095, 4096, MAX_CONTROL] {
        let mut reply = Reply::new();
        reply.text("before");
        reply.session(&"x".repeat(len - shortest)).unwrap();
        reply.text("behind");
        let body = reply.into_bytes();
        let [Event::Text(b"m:before"), Event::Text(told), Event::Text(b"m:behind")] = all(&body).unwrap()[..]
        else {
            panic!("not three texts: {len}")
        };
        assert_eq!(told.len(), len);
        assert!(told.starts_with(br#"c:{"type":"session","id":""#) && told.ends_with(br#""}"#), "{len}");
    }
}

#[test]
fn a_message_that_the_proxy_would_drop_is_an_error() {
    assert_eq!(
        refused(|reply| reply.session(&"x".repeat(MAX_CONTROL))),
        InvalidReply::ControlTooLong(MAX_CONTROL + r#"c:{"type":"session","id":""}"#.len())
    );
    assert_eq!(
        refused(|reply| reply.subscribe(filtered(Channel::from_static("a"), Filter::ALL))),
        InvalidReply::TooManyFilters(7)
    );
    let channel = Channel::unchecked("x".repeat(2049));
    assert_eq!(refused(|reply| reply.unsubscribe(&channel)), InvalidChannel::TooLong(2049).into());
    assert_eq!(refused(|reply| reply.subscribe(channel)), InvalidChannel::TooLong(2049).into());
    assert_eq!(refused(|reply| reply.set_meta("", "x")), InvalidReply::MetaName);
    for (name, value) in [("\u{feff}user", "alice"), ("user", "\u{feff}alice")] {
        assert_eq!(refused(|reply| reply.set_meta(name, value)), InvalidReply::ByteOrderMark);
    }
    assert_eq!(refused(|reply| reply.remove_meta("\u{feff}user")), InvalidReply::ByteOrderMark);
    assert_eq!(refused(|reply| reply.session("\u{feff}s")), InvalidReply::ByteOrderMark);
    assert_eq!(refused(|reply| reply.send_delayed(Frame::Text("x"), 0)), InvalidReply::Timeout(0));
    assert_eq!(
        refused(|reply| reply.keep_alive(KeepAlive::idle(Frame::Text("x"), 2_147_484))),
        InvalidReply::Timeout(2_147_484)
    );
    for frame in [Frame::Ping(&[0; 126]), Frame::Pong(&[0; 126])] {
        assert_eq!(refused(|reply| reply.send_delayed(frame, 1)), InvalidReply::PingTooLong(126));
    }
    assert_eq!(refused(|reply| reply.ping(&[0; 126])), InvalidReply::PingTooLong(126));
    assert_eq!(refused(|reply| reply.pong(&[0; 126])), InvalidReply::PingTooLong(126));
    assert_eq!(refused(|reply| reply.keep_alive_interval(19)), InvalidReply::IntervalTooShort(19));
    assert_eq!(
        refused(|reply| reply.close(CloseCode::NORMAL, &"x".repeat(124))),
        InvalidReply::ReasonTooLong(124)
    );
}

#[test]
fn a_channel_cannot_leave_its_json_string() {
    let channel = Channel::new("a\",\"type\":\"detach\r\n").unwrap();
    let told = control(|reply| reply.subscribe(channel));
    assert_eq!(told, json!({ "type": "subscribe", "channel": "a\",\"type\":\"detach\r\n" }));
}

#[test]
fn the_longest_channel_fits_a_control_message() {
    let mut reply = Reply::new();
    let channel = Channel::new("\u{1}".repeat(Channel::MAX_LEN)).unwrap();
    reply.subscribe(filtered(channel, &Filter::ALL[..Subscription::MAX_FILTERS])).unwrap();
    assert!(reply.into_bytes().len() < MAX_CONTROL);
}

#[test]
fn base64_is_whole_over_its_chunks() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
    for len in [0, 1, 47, 48, 49, 96, 1000] {
        let told = control(|reply| reply.send_delayed(Frame::Binary(&bytes[..len]), 1));
        let content = told.get("content-bin").or(told.get("content")).unwrap().as_str().unwrap();
        use base64ct::{Base64, Encoding as _};
        assert_eq!(Base64::decode_vec(content).unwrap(), &bytes[..len]);
    }
}

#[test]
fn only_codes_that_a_close_may_have_are_valid() {
    for code in [1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999] {
        assert_eq!(CloseCode::new(code).unwrap().get(), code);
    }
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, u16::MAX] {
        assert!(CloseCode::new(code).is_err(), "{code}");
    }
    assert_eq!(
        CloseCode::new(1005).unwrap_err().to_string(),
        "1005 may not stand in a close: take 1000 to 1003, 1007 to 1014, a library's registered one from 3000 to 3999, or an app's own from 4000 to 4999"
    );
}

/// Each message about codes names every valid code and no other.
#[test]
fn the_messages_about_codes_name_every_code() {
    let panic = std::panic::catch_unwind(|| CloseCode::from_static(1005)).unwrap_err();
    let error = CloseCode::new(1005).unwrap_err().to_string();
    let hints = [error.strip_prefix("1005").unwrap(), panic.downcast_ref::<&str>().unwrap()];
    for hint in hints {
        let numbers: Vec<u16> = hint
            .split(|char: char| !char.is_ascii_digit())
            .filter_map(|number| number.parse().ok())
            .collect();
        let named = |code| numbers.chunks(2).any(|range| (range[0]..=range[1]).contains(&code));
        for code in 0..=u16::MAX {
            assert_eq!(named(code), CloseCode::new(code).is_ok(), "{code} in {hint:?}");
        }
    }
}

#[test]
fn a_close_is_the_last_event_and_an_open_the_first() {
    let mut reply = Reply::new();
    reply.text("a");
    reply.close(CloseCode::NORMAL, "done").unwrap();
    reply.open();
    reply.close(CloseCode::GOING_AWAY, "").unwrap();
    let mut other = Reply::new();
    other.open();
    other.text("b");
    other.close(CloseCode::POLICY, "").unwrap();
    reply.append(other);
    assert!(reply.opens() && reply.closes());
    let (len, body) = (reply.len(), reply.into_bytes());
    assert_eq!(body, b"OPEN\r\nTEXT 3\r\nm:a\r\nTEXT 3\r\nm:b\r\nCLOSE 6\r\n\x03\xe8done\r\n");
    assert_eq!(body.len(), len);
}

#[test]
fn a_close_is_answered_by_the_same() {
    let answer = |content: &[u8]| {
        let mut reply = Reply::new();
        reply.answer_close(content);
        close(reply)
    };
    assert_eq!(answer(b""), None);
    assert_eq!(answer(b"\x03\xe9bye"), Some((1001, "bye".to_owned())));
    for invalid in [&b"\x03"[..], b"\x03\xe8\xff", b"\x03\xed", &[3; 126]] {
        assert_eq!(answer(invalid), Some((1002, String::new())));
    }
}

#[test]
fn a_reason_is_shortened_between_characters() {
    let mut reply = Reply::new();
    reply.close_shortened(CloseCode::INVALID_DATA, &"é".repeat(100));
    assert_eq!(close(reply), Some((1007, "é".repeat(61))));
}

#[test]
fn the_headers_go_with_the_events() {
    let headers = |reply: &Reply| -> Vec<String> {
        reply.headers().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    };
    let mut reply = Reply::new();
    assert_eq!(headers(&reply), ["content-type: application/websocket-events"]);
    reply.text("OPEN\r\n");
    assert_eq!(headers(&reply).len(), 1);

    reply.open();
    reply.set_connection_meta("State", "a").unwrap();
    reply.keep_alive_interval(20).unwrap();
    reply.subprotocol("graphql-transport-ws").unwrap();
    reply.remove_connection_meta("other").unwrap();
    let mut other = Reply::new();
    other.set_connection_meta("state", "b c").unwrap();
    reply.append(other);
    assert_eq!(
        headers(&reply),
        [
            "content-type: application/websocket-events",
            "sec-websocket-extensions: grip",
            "keep-alive-interval: 20",
            "sec-websocket-protocol: graphql-transport-ws",
            "set-meta-other: ",
            "set-meta-state: b c",
        ]
    );
}

#[test]
fn connection_meta_and_subprotocols_must_fit_into_a_header() {
    for name in ["", "a b", "a:b", "a\r\n", "é"] {
        assert_eq!(refused(|reply| reply.set_connection_meta(name, "x")), InvalidReply::MetaName, "{name:?}");
        assert_eq!(refused(|reply| reply.remove_connection_meta(name)), InvalidReply::MetaName, "{name:?}");
    }
    for value in ["", " a", "a ", "a\nb", "\t", "é", "\u{7f}"] {
        assert_eq!(
            refused(|reply| reply.set_connection_meta("a", value)),
            InvalidReply::MetaValue,
            "{value:?}"
        );
    }
    assert!(Reply::new().set_connection_meta("name", &"x".repeat(4092)).is_ok());
    assert_eq!(
        refused(|reply| reply.set_connection_meta("name", &"x".repeat(4093))),
        InvalidReply::MetaTooLong(4097)
    );
    let mut reply = Reply::new();
    reply.set_connection_meta("a", &"x".repeat(2000)).unwrap();
    reply.set_connection_meta("b", &"x".repeat(2000)).unwrap();
    let c = "x".repeat(95);
    assert_eq!(reply.set_connection_meta("c", &c), Err(InvalidReply::MetaTooLong(4098)));
    reply.set_connection_meta("A", &"x".repeat(1998)).unwrap();
    reply.set_connection_meta("c", &c[2..]).unwrap();
    reply.remove_connection_meta("b").unwrap();
    reply.set_connection_meta("d", &"x".repeat(1999)).unwrap();
    for name in ["fanout-state", "Fanout-State", "fanout-closed"] {
        assert_eq!(refused(|reply| reply.set_connection_meta(name, "x")), InvalidReply::OwnName);
        assert_eq!(refused(|reply| reply.remove_connection_meta(name)), InvalidReply::OwnName);
    }
    for name in ["", "a b", "a,b", "é", "a\n"] {
        assert_eq!(refused(|reply| reply.subprotocol(name)), InvalidReply::Subprotocol, "{name:?}");
    }
}

#[test]
fn a_reply_over_a_limit_becomes_a_close() {
    let text = |len: usize| {
        let mut reply = Reply::new();
        reply.open();
        reply.set_connection_meta("state", "kept").unwrap();
        let head = reply.len() + b"TEXT f4240\r\nm:\r\n".len();
        reply.text("x".repeat(len - head));
        assert_eq!(reply.len(), len);
        reply
    };
    let fits = text(MAX_REPLY);
    assert_eq!(fits.clone().or_closed(|problem| panic!("{problem}")), fits);

    let mut logged = String::new();
    let closed = text(MAX_REPLY + 1).or_closed(|problem| logged = problem);
    assert_eq!(
        logged,
        "an answer of 1000001 bytes is closed with 1011 in place of its messages: the proxy takes 1000000 bytes"
    );
    assert!(closed.opens() && closed.headers().any(|(name, _)| name == "set-meta-state"));
    assert_eq!(close(closed), Some((1011, "the answer is too large".to_owned())));

    let mut all = Reply::new();
    for name in ["a", "b"] {
        let mut reply = Reply::new();
        reply.set_connection_meta(name, &"x".repeat(2048)).unwrap();
        all.append(reply);
    }
    let closed = all.or_closed(|problem| logged = problem);
    assert!(logged.ends_with("has at most 4096 bytes with its names, this has 4098"), "{logged}");
    assert_eq!(closed.headers().count(), 1);
    assert_eq!(close(closed), Some((1011, "the answer is too large".to_owned())));
}

proptest! {
    #[test]
    fn any_message_is_for_the_client(texts in prop::collection::vec(any::<String>(), 0..8), bytes in any::<Vec<u8>>()) {
        let mut reply = Reply::new();
        for text in &texts {
            reply.text(text);
            reply.binary(&bytes);
        }
        let body = reply.into_bytes();
        let mut events = decode(&body).map(Result::unwrap);
        for text in &texts {
            let Some(Event::Text(message)) = events.next() else { panic!("not a text") };
            prop_assert_eq!(message.strip_prefix(b"m:"), Some(text.as_bytes()));
            let Some(Event::Binary(message)) = events.next() else { panic!("not binary") };
            prop_assert_eq!(message.strip_prefix(b"m:"), Some(&bytes[..]));
        }
        prop_assert_eq!(events.next(), None);
    }

    #[test]
    fn any_text_stays_in_its_control_message(name in "[^\u{feff}\n].*", value in "(?s)([^\u{feff}].*)?") {
        let told = control(|reply| reply.set_meta(&name, &value));
        prop_assert_eq!(told, json!({"type": "set-meta", "name": name, "value": value}));
    }
}
