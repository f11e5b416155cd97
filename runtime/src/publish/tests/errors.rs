//! The texts of errors, the secrets that they leave out, and the transient ones.

use std::collections::BTreeMap;
use std::error::Error;

use base64ct::{Base64, Encoding as _};
use http::StatusCode;

use super::super::{Failure, FailureReason, Item, Message, PublishError, Target, TransportError};
use super::{NEWS, pushpin};
#[cfg(feature = "sig")]
use crate::grip::sig::{InvalidKey, Policy};
use crate::grip::{Channel, Event, InvalidChannel};

pub(super) fn refused(target: &Target, status: u16, body: &str) -> PublishError {
    let reason = target.check_response(StatusCode::from_u16(status).unwrap(), body.as_bytes()).unwrap_err();
    PublishError::Failed(vec![Failure { address: target.to_string(), accepted: 0, reason }])
}

pub(super) fn has_help(target: &Target, status: u16, says: &str, transient: bool) {
    let error = refused(target, status, "what it says");
    let text = error.to_string();
    assert!(text.contains(says) && text.contains(&format!("answered {status}:")), "{text}");
    assert!(text.starts_with(&format!("publishing to {target} failed")), "{text}");
    assert!(text.ends_with("(it said: what it says)"), "{text}");
    assert_eq!(error.is_transient(), transient, "{status}");
}

#[test]
fn each_status_has_its_help() {
    let fastly = Target::fastly("abc", "tok").unwrap();
    let of = |url| Target::from_grip_url(url).unwrap();
    let older = of("https://fanout.fastly.com/abc?key=s3cret");
    for (target, status, says, transient) in [
        (&pushpin(), 301, "correct the GRIP_URL", false),
        (&pushpin(), 400, "does not understand", false),
        (&pushpin(), 401, "add `key=…`", false),
        (&of("http://x/?key=k"), 401, "accept `key`", false),
        (&of("http://u:p@x/"), 401, "the user and the password", false),
        (&older, 401, "`https://api.fastly.com/service/SERVICE-ID?key=API-TOKEN`", false),
        (&fastly, 401, "`purge_select`", false),
        (&pushpin(), 403, "add `key=…`", false),
        (&of("http://x/?key=k"), 403, "`key` of the GRIP_URL may not", false),
        (&of("http://u:p@x/"), 403, "the user of", false),
        (&older, 403, "`purge_select`", false),
        (&fastly, 403, "`purge_select`", false),
        (&pushpin(), 404, "the path of the GRIP_URL", false),
        (&pushpin(), 405, "the path of the GRIP_URL", false),
        (&fastly, 404, "`fastly products --enable=fanout`", false),
        (&fastly, 413, "fewer or smaller", false),
        (&fastly, 408, "publish again", true),
        (&fastly, 429, "too often", true),
        (&fastly, 500, "later", true),
        (&fastly, 501, "does not understand", false),
        (&fastly, 503, "later", true),
    ] {
        has_help(target, status, says, transient);
    }
}

#[test]
fn success_is_200_to_299() {
    for status in 200..300 {
        assert!(pushpin().check_response(StatusCode::from_u16(status).unwrap(), b"whatever").is_ok());
    }
}

#[test]
fn the_body_of_a_refusal_is_cut_and_cannot_forge_lines() {
    let text = refused(&pushpin(), 400, &format!("a\r\nb\x1b[31m{}", "x".repeat(1000))).to_string();
    assert!(text.contains("(it said: a  b [31mx"), "{text}");
    assert!(text.len() < 500 && !text.contains(char::is_control), "{text}");
}

#[test]
fn a_body_that_contains_a_secret_is_left_out() {
    let basic = Base64::encode_string(b"u:s3cret");
    for (url, body) in [
        ("http://x/?key=s3cret", "no such token: s3cret".to_owned()),
        ("https://api.fastly.com/service/a?key=s3cret", format!("{}s3cret", " ".repeat(2000))),
        ("http://u:s3cret@x/", "s3cret".to_owned()),
        ("http://u:s3cret@x/", format!("Authorization: Basic {basic}")),
    ] {
        let target = Target::from_grip_url(url).unwrap();
        let error = refused(&target, 401, &body);
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.contains("s3cret") && !text.contains(&basic), "{text}");
        }
    }
    // The proxy may also escape the secret.
    for said in ["\\\"s3cret\\\\", "&quot;s3cret\\", "%22s3cret%5C"] {
        let target = Target::from_grip_url("http://x/?key=%22s3cret%5C").unwrap();
        let text = refused(&target, 401, said).to_string();
        assert!(!text.contains("s3cret"), "{text}");
    }
    // There is no secret in a URL without a password.
    let target = Target::from_grip_url("http://u@x/").unwrap();
    assert!(refused(&target, 401, "no password").to_string().contains("no password"));
}

#[test]
fn an_item_that_is_wrong_is_named() {
    let items = [Item::new(NEWS, "good"), Item::new(NEWS, "bad").id("")];
    let error = pushpin().requests(&items).unwrap_err();
    assert_eq!(
        error.to_string(),
        "item 2 (channel \"news\") cannot be published: an id cannot be empty: leave it out"
    );
    assert!(!error.is_transient());
}

#[test]
fn every_error_with_a_cause_has_a_source() {
    let source = |error: &dyn Error| error.source().map(ToString::to_string);
    let refused = refused(&pushpin(), 400, "");
    let failure = refused.source().unwrap();
    assert_eq!(failure.to_string(), refused.to_string());
    let reason = failure.source().unwrap();
    assert!(reason.to_string().starts_with("it answered 400: "), "{reason}");
    assert_eq!(source(reason), None);
    let unanswered = FailureReason::NoAnswer(TransportError::permanent("it is down"));
    assert_eq!(source(&unanswered).unwrap(), "it is down");

    let unheard = Channel::unchecked(String::new());
    let invalid = pushpin().requests(&[Item::new(unheard, "x")]).unwrap_err();
    assert_eq!(source(invalid.source().unwrap()).unwrap(), InvalidChannel::Empty.to_string());

    #[cfg(feature = "sig")]
    {
        let target = Target::from_grip_url("http://x/?verify-iss=i&verify-key=short").unwrap();
        let error = PublishError::from(target.add_signer_to(Policy::new()).unwrap_err());
        assert_eq!(source(error.source().unwrap()).unwrap(), InvalidKey::TooShort.to_string());
    }

    let not_json = BTreeMap::from([([1], 2)]);
    for error in [Message::json(&not_json).unwrap_err(), Event::json(&not_json).unwrap_err()] {
        let source = source(&error).unwrap();
        assert_eq!(error.to_string(), format!("the value cannot be written as JSON: {source}"));
        let text = error.to_string();
        let error = PublishError::from(error);
        assert_eq!((error.to_string(), error.is_transient()), (text, false));
    }
}
