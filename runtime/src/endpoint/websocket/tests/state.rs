//! Connection state, which the proxy stores.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::grip::websocket::Reply;

use super::super::state::{MAX_STATE, Stale, State, load, save};
use super::super::{FromMessage as _, Incoming};
use super::with_head;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Chat {
    room: String,
    nick: String,
    #[serde(default)]
    muted: bool,
}

fn ann() -> Chat {
    Chat { room: "lobby".to_owned(), nick: "ann".to_owned(), muted: false }
}

/// The stored form of a state, over an earlier one.
fn stored<S: State>(state: &S, before: Option<&str>) -> Option<String> {
    let headers = before.map(|before| ("meta-fanout-state", before));
    let mut reply = Reply::new();
    with_head(headers.as_slice(), |head| save(state, super::super::state::stored(head), &mut reply).unwrap());
    let header = reply.headers().find(|(name, _)| name == "set-meta-fanout-state");
    header.map(|(_, value)| value.to_str().unwrap().to_owned())
}

fn loaded<S: serde::de::DeserializeOwned>(stored: Option<&str>) -> Result<S, Stale> {
    let headers = stored.map(|stored| ("meta-fanout-state", stored));
    with_head(headers.as_slice(), load)
}

#[test]
fn it_is_written_where_it_has_changed() {
    let json = r#"{"room":"lobby","nick":"ann","muted":false}"#;
    assert_eq!(stored(&ann(), None).as_deref(), Some(json));
    assert_eq!(stored(&ann(), Some(json)), None);
    let muted = Chat { muted: true, ..ann() };
    assert_eq!(stored(&muted, Some(json)).as_deref(), Some(r#"{"room":"lobby","nick":"ann","muted":true}"#));
}

#[test]
fn nothing_is_not_written() {
    assert_eq!(stored(&(), None), None);
    assert!(loaded::<()>(None).is_ok());
    assert_eq!(stored(&None::<Chat>, None), None);
    assert_eq!(stored(&None::<Chat>, Some("{}")).as_deref(), Some(""), "what was there goes");
}

#[test]
fn another_version_of_the_app_reads_it_or_says_that_it_cannot() {
    assert_eq!(loaded::<Chat>(Some(r#"{"gone":1,"nick":"ann","room":"lobby"}"#)).unwrap(), ann());
    assert!(matches!(loaded::<Chat>(None), Err(Stale::Missing)));
    let error = loaded::<Chat>(Some(r#"{"room":"lobby","name":"ann"}"#)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the connection state does not deserialize: missing field `nick` at line 1 column 29"
    );
    assert!(matches!(loaded::<Chat>(Some("")), Err(Stale::Invalid(_))));
}

/// An `impl` that has become a function has no state, and its clients need not connect again.
#[test]
fn a_type_without_content_has_no_stale_state() {
    #[derive(Serialize, Deserialize)]
    struct Nothing;

    for before in [r#"{"room":"lobby"}"#, "3", "not even JSON"] {
        assert!(loaded::<()>(Some(before)).is_ok());
        assert!(loaded::<Nothing>(Some(before)).is_ok());
        assert_eq!(stored(&(), Some(before)).as_deref(), Some(""), "what was there goes");
    }
    assert!(matches!(loaded::<Option<Chat>>(Some("3")), Err(Stale::Invalid(_))));
}

#[test]
fn it_has_a_limit() {
    let longest = "x".repeat(MAX_STATE - 2);
    assert_eq!(stored(&longest, None).unwrap().len(), MAX_STATE);
    let mut reply = Reply::new();
    let close = save(&(longest + "x"), None, &mut reply).unwrap_err();
    assert_eq!(close.code().get(), 1011);
    assert_eq!(
        close.log().unwrap(),
        "the connection state has 4001 bytes as JSON, and the limit is 4000: keep long values elsewhere, and their key in the state"
    );
    assert_eq!(reply, Reply::new());
}

proptest! {
    #[test]
    fn any_state_comes_back(texts in prop::collection::vec(any::<String>(), 0..8), number in any::<i64>()) {
        let state = (texts, number);
        let stored = stored(&state, None).unwrap();
        prop_assert!(stored.bytes().all(|byte| matches!(byte, b' '..=b'~')));
        prop_assert_eq!(loaded::<(Vec<String>, i64)>(Some(&stored)).unwrap(), state);
    }

    /// Without `float_roundtrip` of serde_json, one of ten numbers changes.
    #[test]
    fn any_number_comes_back_bit_for_bit(bits in any::<u64>(), single in any::<u32>()) {
        let (number, single) = (f64::from_bits(bits), f32::from_bits(single));
        prop_assume!(number.is_finite() && single.is_finite());
        let Flat { kept, flat } =
            loaded(stored(&Flat { kept: (number, single), flat: Inner { number } }, None).as_deref()).unwrap();
        prop_assert_eq!((kept.0.to_bits(), kept.1.to_bits()), (bits, single.to_bits()));
        prop_assert_eq!(flat.number.to_bits(), bits);
    }
}

#[derive(Serialize, Deserialize)]
struct Flat {
    kept: (f64, f32),
    #[serde(flatten)]
    flat: Inner,
}

#[derive(Serialize, Deserialize)]
struct Inner {
    number: f64,
}

#[test]
fn an_error_has_its_source() {
    use std::error::Error;

    let stale = loaded::<Chat>(Some("3")).unwrap_err();
    let source = stale.source().expect("the JSON is invalid");
    assert_eq!(stale.to_string(), format!("the connection state does not deserialize: {source}"));
    assert!(loaded::<Chat>(None).unwrap_err().source().is_none());
    let binary = crate::Json::<Chat>::from_message(Incoming::Binary(b"")).unwrap_err();
    assert_eq!(binary.source().unwrap().to_string(), "text messages only");
    let invalid = crate::Json::<Chat>::from_message(Incoming::Text("3")).unwrap_err();
    let source = invalid.source().expect("the JSON is invalid");
    assert_eq!(invalid.to_string(), format!("not the JSON of this endpoint: {source}"));
}
