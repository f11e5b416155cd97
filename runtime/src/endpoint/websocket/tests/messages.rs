//! The message arguments and the return values of handlers.

use std::borrow::Cow;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::endpoint::Json;
use crate::grip::websocket::{CloseCode, Reply};

use super::super::{CloseWith, FromMessage, Incoming, IntoClose, IntoMessages, IntoReply, Message, Messages};
use super::shown;

const TEXT: Incoming<'_> = Incoming::Text("hi");
const BINARY: Incoming<'_> = Incoming::Binary(b"\x00\xff");

fn taken<'m, T: FromMessage<'m>>(message: Incoming<'m>) -> Result<T, (u16, String)> {
    T::from_message(message).map_err(|rejection| {
        let close = rejection.into_close();
        assert_eq!(close.log(), None, "a client's mistake is not the app's");
        (close.code().get(), close.reason().to_owned())
    })
}

#[test]
fn a_parameter_takes_its_kind_of_message() {
    let text_only = Err((1003, "text messages only".to_owned()));
    let binary_only = Err((1003, "binary messages only".to_owned()));
    assert_eq!(taken::<&str>(TEXT), Ok("hi"));
    assert_eq!(taken::<&str>(BINARY), text_only.clone());
    assert_eq!(taken::<String>(TEXT), Ok("hi".to_owned()));
    assert_eq!(taken::<String>(BINARY), text_only.clone().map(str::to_owned));
    assert_eq!(taken::<&[u8]>(BINARY), Ok(&b"\x00\xff"[..]));
    assert_eq!(taken::<&[u8]>(TEXT), binary_only.clone());
    assert_eq!(taken::<Vec<u8>>(BINARY), Ok(vec![0, 0xff]));
    assert_eq!(taken::<Vec<u8>>(TEXT), binary_only.map(<[u8]>::to_vec));
    assert_eq!(taken::<Message>(TEXT), Ok(Message::Text("hi".to_owned())));
    assert_eq!(taken::<Message>(BINARY), Ok(Message::Binary(vec![0, 0xff])));
    assert_eq!(taken::<Incoming<'_>>(TEXT), Ok(TEXT));
    assert_eq!(taken::<Json<u8>>(BINARY), text_only.map(|_: &str| Json(0)));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Move<'m> {
    by: &'m str,
    x: u8,
}

#[test]
fn json_is_read_and_borrowed_from_the_message() {
    let json = Incoming::Text(r#"{"by": "ann", "x": 3}"#);
    assert_eq!(taken::<Json<Move<'_>>>(json), Ok(Json(Move { by: "ann", x: 3 })));
}

#[test]
fn json_that_does_not_parse_closes_with_the_reason() {
    assert_eq!(
        taken::<Json<Move<'_>>>(Incoming::Text(r#"{"by": "ann"}"#)),
        Err((1007, "not the JSON of this endpoint: missing field `x` at line 1 column 13".to_owned()))
    );
}

#[test]
fn a_handler_can_take_a_message_that_does_not_parse() {
    let taken = taken::<Result<Json<u8>, _>>(Incoming::Text("x")).unwrap();
    assert!(taken.unwrap_err().to_string().starts_with("not the JSON"));
}

/// The messages of a value at open and on a message, which must be the same.
fn sends<Kind, Open>(value: impl Fn() -> Open + Copy) -> Vec<String>
where
    Open: IntoMessages<Kind> + IntoReply<Kind>,
{
    let opened = shown(&value().into_messages().unwrap().into_bytes());
    let mut reply = Reply::new();
    value().into_reply(&mut reply).unwrap();
    assert_eq!(shown(&reply.into_bytes()), opened);
    opened
}

#[test]
fn a_function_returns_messages_of_many_types() {
    assert!(sends(|| ()).is_empty());
    assert_eq!(sends(|| "a"), ["text a"]);
    assert_eq!(sends(|| "a".to_owned()), ["text a"]);
    assert_eq!(sends(|| Cow::Borrowed("a")), ["text a"]);
    assert_eq!(sends(|| &b"a"[..]), ["binary a"]);
    assert_eq!(sends(|| b"a".to_vec()), ["binary a"]);
    assert_eq!(sends(|| *b"ab"), ["binary ab"]);
    assert_eq!(sends(|| b"ab"), ["binary ab"]);
    assert_eq!(sends(|| Message::from("a")), ["text a"]);
    assert_eq!(sends(|| Message::from(vec![b'a'])), ["binary a"]);
    assert_eq!(sends(|| TEXT), ["text hi"]);
    assert_eq!(sends(|| Json(Move { by: "ann", x: 3 })), [r#"text {\"by\":\"ann\",\"x\":3}"#]);
    assert_eq!(sends(|| vec!["a", "b"]), ["text a", "text b"]);
    assert_eq!(sends(|| ["a", "b"]), ["text a", "text b"]);
    assert_eq!(sends(|| vec![b"a".to_vec()]), ["binary a"]);
    assert_eq!(sends(|| vec![Json(1), Json(2)]), ["text 1", "text 2"]);
    assert_eq!(sends(|| (1..3).map(|number| number.to_string())), ["text 1", "text 2"]);
    assert_eq!(sends(|| "a b".split(' ').filter(|word| *word != "a")), ["text b"]);
    assert_eq!(sends(|| Some("a")), ["text a"]);
    assert!(sends(|| None::<&str>).is_empty());
    assert_eq!(sends(|| Some(vec!["a"])), ["text a"]);
    assert_eq!(
        sends(|| {
            let mut reply = Reply::new();
            reply.text("a");
            reply.binary("b");
            reply
        }),
        ["text a", "binary b"]
    );
}

#[test]
fn an_error_refuses_at_open() {
    let refused: Result<Option<&str>, _> = Err((StatusCode::FORBIDDEN, "not you"));
    assert_eq!(refused.into_messages().unwrap_err().status(), 403);
    let opened: Result<Option<&str>, StatusCode> = Ok(Some("a"));
    assert_eq!(shown(&opened.into_messages().unwrap().into_bytes()), ["text a"]);
}

#[test]
fn an_error_closes_on_a_message() {
    let mut reply = Reply::new();
    let failed: Result<&str, _> = Err("the store is down".to_owned());
    let close = failed.into_reply(&mut reply).unwrap_err();
    assert_eq!((close.code(), close.reason()), (CloseCode::INTERNAL_ERROR, "internal error"));
    assert_eq!(close.log(), Some("the store is down"));

    let failed: Result<Option<&str>, _> = Err(CloseWith::new(CloseCode::POLICY, "no"));
    assert_eq!(failed.into_reply(&mut reply).unwrap_err().code(), CloseCode::POLICY);
    assert!(reply.is_empty());
}

#[test]
fn messages_before_an_error_are_sent() {
    struct Failing;

    impl Messages for Failing {
        fn send(self, _: &mut Reply) -> Result<(), CloseWith> {
            Err(CloseWith::internal_error("no"))
        }
    }

    let mut reply = Reply::new();
    ["a"].into_reply(&mut reply).unwrap();
    assert!(vec![Failing].into_reply(&mut reply).is_err());
    assert_eq!(shown(&reply.into_bytes()), ["text a"]);
    // At open, the client gets the code.
    let opened = Failing.into_messages().unwrap();
    assert_eq!(shown(&opened.into_bytes()), ["close 1011 internal error"]);
}
