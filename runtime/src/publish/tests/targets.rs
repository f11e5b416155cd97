//! Addresses, credentials, limits and batches.

use base64ct::{Base64, Encoding as _};
use http::{HeaderMap, Request};
use proptest::prelude::*;
use serde_json::Value;

use super::super::{InvalidItem, InvalidTarget, Item, Message, PublishError, Target, WsMessage};
use super::{NEWS, pushpin};
#[cfg(feature = "sig")]
use crate::grip::sig::Policy;
use crate::grip::websocket::CloseCode;

pub(super) const FANOUT: &str = r#"{"kty":"EC","crv":"P-256","x":"CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg","y":"7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M"}"#;

fn request(url: &str) -> Request<Vec<u8>> {
    let target = Target::from_grip_url(url).unwrap();
    target.requests(&[Item::new(NEWS, "x")]).unwrap().remove(0)
}

pub(super) fn address(url: &str) -> String {
    request(url).uri().to_string()
}

fn headers(url: &str) -> Vec<(String, String)> {
    let text = |headers: &HeaderMap| {
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
    };
    text(request(url).headers())
}

pub(super) fn authorization(url: &str) -> String {
    let headers = headers(url);
    let [(json, _), (name, value)] = &headers[..] else { panic!("{headers:?}") };
    assert_eq!((json.as_str(), name.as_str()), ("content-type", "authorization"));
    value.clone()
}

pub(super) fn error(url: &str) -> InvalidTarget {
    Target::from_grip_url(url).unwrap_err()
}

#[test]
fn slashes_make_no_difference() {
    for base in ["https://api.fastly.com/service/abc", "http://127.0.0.1:5561", "http://[::1]:5561/a/b"] {
        for end in ["", "/", "//", "/publish", "/publish/", "//publish//"] {
            assert_eq!(address(&format!("{base}{end}")), format!("{base}/publish/"), "{base}{end}");
            assert_eq!(
                address(&format!("{base}{end}?key=k")),
                format!("{base}/publish/"),
                "{base}{end}?key=k"
            );
        }
    }
}

#[test]
fn other_fields_of_the_query_stay_in_the_address() {
    assert_eq!(
        address("http://a.example/r?x=1&key=k&verify-iss=i&y=%20&verify-key=v&z"),
        "http://a.example/r/publish/?x=1&y=%20&z"
    );
    assert_eq!(address(" http://user:pw@a.example:8080/r\n"), "http://a.example:8080/r/publish/");
}

#[test]
fn a_request_is_a_post_of_json() {
    let request = request("http://127.0.0.1:5561/");
    assert_eq!(request.method(), "POST");
    assert_eq!(request.headers().len(), 1);
    assert_eq!(request.headers()["content-type"], "application/json");
    let body = std::str::from_utf8(request.body()).unwrap();
    assert!(body.starts_with(r#"{"items":[{"channel":"news","#) && body.ends_with("}]}"), "{body}");
}

#[test]
fn a_token_goes_into_the_header_that_the_proxy_reads() {
    let with = |url| headers(url)[1].clone();
    assert_eq!(with("https://api.fastly.com/service/abc?key=tok"), ("fastly-key".into(), "tok".into()));
    assert_eq!(with("https://push.example.com/?key=t%2Fk"), ("authorization".into(), "Bearer t/k".into()));
    let older = format!("Basic {}", Base64::encode_string(b"abc:s3cret"));
    assert_eq!(
        with("https://fanout.fastly.com/abc/publish?key=s3cret"),
        ("authorization".into(), older.clone())
    );
    assert_eq!(authorization("https://abc:s3cret@fanout.fastly.com/abc/"), older);
    assert_eq!(
        authorization("http://a%40b:p%3Aw@x/"),
        format!("Basic {}", Base64::encode_string(b"a@b:p:w"))
    );
}

#[test]
fn schemes_and_hosts_have_no_case_and_names_may_be_encoded() {
    let with = |url| headers(url)[1].clone();
    assert_eq!(with("HTTPS://API.Fastly.com/service/aBc?key=tok"), ("fastly-key".into(), "tok".into()));
    assert_eq!(address("HTTPS://API.Fastly.com/service/aBc"), "https://api.fastly.com/service/aBc/publish/");
    let older = format!("Basic {}", Base64::encode_string(b"aBc:s3cret"));
    assert_eq!(authorization("https://Fanout.Fastly.com/aBc?key=s3cret"), older);
    let target = Target::from_grip_url("https://API.FASTLY.COM/service/abc?key=tok").unwrap();
    let item = Item::new(NEWS, Message::new().ws_message(WsMessage::text("x".repeat(32_512))));
    assert!(matches!(invalid(&target, item), InvalidItem::ContentTooLarge { .. }));
    assert_eq!(address("http://x/?%6bey=k&verify%2dkey=v"), "http://x/publish/");
}

#[test]
fn a_fastly_service_and_its_token() {
    let target = Target::fastly("abc", "tok\n").unwrap();
    let request = &target.requests(&[Item::new(NEWS, "x")]).unwrap()[0];
    assert_eq!(request.uri(), "https://api.fastly.com/service/abc/publish/");
    assert_eq!(request.headers()["fastly-key"], "tok");
    for (id, token, error) in [
        ("", "tok", InvalidTarget::ServiceId),
        ("a/../b", "tok", InvalidTarget::ServiceId),
        ("abc", " ", InvalidTarget::Token),
        ("abc", "a\nb", InvalidTarget::Token),
        ("abc", "a b", InvalidTarget::Token),
        ("abc", "a\u{a0}b", InvalidTarget::Token),
    ] {
        assert_eq!(Target::fastly(id, token).unwrap_err(), error, "{id} {token:?}");
    }
}

#[test]
fn each_mistake_of_a_grip_url_is_named() {
    for (url, expected) in [
        ("", InvalidTarget::Empty),
        ("127.0.0.1:5561", InvalidTarget::Scheme),
        ("api.fastly.com/service/abc?key=k", InvalidTarget::Scheme),
        ("\"http://127.0.0.1:5561/\"", InvalidTarget::Scheme),
        ("/publish/", InvalidTarget::Scheme),
        ("ftp://x/", InvalidTarget::Scheme),
        ("http://", InvalidTarget::NotAUrl),
        ("http://:80/", InvalidTarget::NotAUrl),
        ("http://x y/", InvalidTarget::NotAUrl),
        ("http://x:65536/", InvalidTarget::NotAUrl),
        ("http://u:p@x:65536/", InvalidTarget::NotAUrl),
        ("http://[::1]:65536/", InvalidTarget::NotAUrl),
        ("http://a/,http://b/", InvalidTarget::Separator),
        ("http://a/?key=k,HTTPS://b/", InvalidTarget::Separator),
        ("http://a/;http://b/", InvalidTarget::Separator),
        ("http://x/?a b", InvalidTarget::NotAUrl),
        ("http://x/?key=%ff", InvalidTarget::NotAUrl),
        ("http://x/?key=", InvalidTarget::Token),
        ("http://x/?key=a%0Ab", InvalidTarget::Token),
        ("http://x/?key=a%20b", InvalidTarget::Token),
        ("http://x/?key=%C3%A9", InvalidTarget::Token),
        ("http://x/?key=base64:/w==", InvalidTarget::Token),
        ("http://x/?iss=r", InvalidTarget::IssAlone),
    ] {
        assert_eq!(error(url), expected, "{url}");
    }
    assert_eq!(Target::from_grip_urls(" \n").unwrap_err(), InvalidTarget::Empty);
}

#[test]
fn white_space_separates_the_urls_of_a_list() {
    let targets = Target::from_grip_urls("http://a/\n  http://b/?key=k ").unwrap();
    let addresses: Vec<_> = targets.iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["http://a/publish/", "http://b/publish/"]);
    assert_eq!(Target::from_grip_urls("HTTP://a/?key=k HTTPS://b/").unwrap().len(), 2);
    assert_eq!(Target::from_grip_urls("http://a/ b").unwrap_err(), InvalidTarget::NotAUrl);
    assert_eq!(Target::from_grip_urls("a http://b/").unwrap_err(), InvalidTarget::Scheme);
    assert_eq!(Target::from_grip_urls("http://a/, http://b/").unwrap_err(), InvalidTarget::Separator);
    let spaced = format!("http://a/?verify-iss=i&verify-key={} http://b/", FANOUT.replace(',', ", "));
    let targets = Target::from_grip_urls(&spaced).unwrap();
    assert_eq!(targets.len(), 2);
    #[cfg(feature = "sig")]
    assert_eq!(targets[0].add_signer_to(Policy::new()).unwrap().signers().len(), 1);
}

#[test]
fn debug_and_display_show_no_secret() {
    let signed = cfg!(feature = "sig").then_some("https://x/?iss=i&key=s3cret");
    for url in ["https://u:s3cret@x/?q=s3cret", "https://x/?key=s3cret&x=s3cret"].into_iter().chain(signed) {
        let target = Target::from_grip_url(url).unwrap();
        let request = &target.requests(&[Item::new(NEWS, "x")]).unwrap()[0];
        assert_eq!(format!("{target} {target:?}"), "https://x/publish/ Target(https://x/publish/)");
        assert!(!format!("{:?}", request.headers()).contains("Basic"), "{:?}", request.headers());
        assert!(!format!("{:?}", request.headers()).contains("Bearer"), "{:?}", request.headers());
    }
}

fn invalid(target: &Target, item: Item) -> InvalidItem {
    match target.requests(&[Item::new(NEWS, "good"), item]) {
        Err(PublishError::Invalid { index: 1, channel, reason }) if channel == NEWS => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn content_that_fastly_would_drop_is_an_error() {
    let target = Target::fastly("abc", "tok").unwrap();
    let ws = |len: usize| Item::new(NEWS, Message::new().ws_message(WsMessage::text("x".repeat(len))));
    assert!(target.requests(&[ws(32_511)]).is_ok());
    assert_eq!(
        invalid(&target, ws(32_512)),
        InvalidItem::ContentTooLarge { format: "ws-message", len: 32_512, limit: 32_511 }
    );
    // The frame of an event counts.
    assert_eq!(
        invalid(&target, Item::new(NEWS, "x".repeat(32_510))),
        InvalidItem::ContentTooLarge { format: "http-stream", len: 32_518, limit: 32_511 }
    );
    // Bytes count, not their base64.
    assert!(target.requests(&[Item::new(NEWS, Message::bytes([0xff; 32_000]))]).is_ok());
    assert!(pushpin().requests(&[ws(32_512)]).is_ok());
}

#[test]
fn an_item_over_the_limit_of_a_request_is_an_error() {
    let item = |len: usize| Item::new(NEWS, Message::new().ws_message(WsMessage::text("x".repeat(len))));
    let around = pushpin().requests(&[item(0)]).unwrap()[0].body().len();
    let request = pushpin().requests(&[item(1_000_000 - around)]).unwrap().remove(0);
    assert_eq!(request.body().len(), 1_000_000);
    let too_large = InvalidItem::ItemTooLarge { len: 1_000_001, limit: 1_000_000 };
    assert_eq!(invalid(&pushpin(), item(1_000_001 - around)), too_large);
    assert!(pushpin().max_request(2_000_000).requests(&[item(1_000_001)]).is_ok());
}

#[test]
fn a_list_is_split_at_the_limit_of_a_request_and_loses_nothing() {
    let items: Vec<_> = (0..1000).map(|number| Item::new(NEWS, format!("message {number}"))).collect();
    assert_eq!(pushpin().requests(&items).unwrap().len(), 1);
    assert_eq!(pushpin().requests(&[]).unwrap().len(), 0);
    for limit in [200, 201, 999, 5_000, 100_000] {
        let requests = pushpin().max_request(limit).requests(&items).unwrap();
        let mut heard = Vec::new();
        for request in &requests {
            assert!(request.body().len() <= limit);
            let json: Value = serde_json::from_slice(request.body()).unwrap();
            let items = json["items"].as_array().unwrap();
            heard.extend(
                items
                    .iter()
                    .map(|item| item["formats"]["ws-message"]["content"].as_str().unwrap().to_owned()),
            );
        }
        assert_eq!(heard, (0..1000).map(|number| format!("message {number}")).collect::<Vec<_>>());
        // As few as possible: two neighbours never fit into one.
        for pair in requests.windows(2) {
            assert!(pair[0].body().len() + pair[1].body().len() > limit);
        }
    }
}

#[test]
fn each_mistake_of_an_item_is_named() {
    use super::super::HttpResponse;
    use http::{HeaderName, HeaderValue, StatusCode};

    let ws = |message| Item::new(NEWS, Message::new().ws_message(message));
    let response = |response| Item::new(NEWS, Message::new().http_response(response));
    for (item, reason) in [
        (Item::new(NEWS, Message::new()), InvalidItem::NoFormat),
        (Item::new(NEWS, "x").id(""), InvalidItem::EmptyId),
        (Item::new(NEWS, "x").prev_id(""), InvalidItem::EmptyId),
        (Item::new(NEWS, "x").id("\u{feff}1"), InvalidItem::ByteOrderMark),
        (Item::new(NEWS, "x").prev_id("\u{feff}1"), InvalidItem::ByteOrderMark),
        (Item::new(NEWS, "x").meta("sender", "\u{feff}ann"), InvalidItem::ByteOrderMark),
        (Item::new(NEWS, "x").meta("\u{feff}sender", "ann"), InvalidItem::ByteOrderMark),
        (ws(WsMessage::ping("x".repeat(126))), InvalidItem::PingTooLong { kind: "ping", len: 126 }),
        (ws(WsMessage::pong("x".repeat(126))), InvalidItem::PingTooLong { kind: "pong", len: 126 }),
        (ws(WsMessage::close(CloseCode::NORMAL, "x".repeat(124))), InvalidItem::ReasonTooLong(124)),
        (
            response(HttpResponse::new("").status(StatusCode::CONTINUE)),
            InvalidItem::Status(StatusCode::CONTINUE),
        ),
        (response(HttpResponse::new("").reason("a\r\nb: c")), InvalidItem::Reason),
        (
            response(
                HttpResponse::new("")
                    .header(HeaderName::from_static("x-a"), HeaderValue::from_bytes(b"\xff").unwrap()),
            ),
            InvalidItem::Header(HeaderName::from_static("x-a")),
        ),
    ] {
        assert_eq!(invalid(&pushpin(), item), reason);
    }
    let longest = WsMessage::close(CloseCode::NORMAL, "x".repeat(123));
    assert!(pushpin().requests(&[ws(longest)]).is_ok());
    assert!(pushpin().requests(&[ws(WsMessage::ping("x".repeat(125)))]).is_ok());
}

/// No token is sent unsigned, and no key of a signer as a token.
#[cfg(not(feature = "sig"))]
#[test]
fn an_issuer_is_an_error_that_names_the_feature() {
    let key = "k".repeat(32);
    for url in [
        format!("http://x/?iss=i&key={key}"),
        format!("http://x/?key={key}&iss=i"),
        "http://x/?iss=i&key=".into(),
    ] {
        assert_eq!(error(&url), InvalidTarget::NeedsSig, "{url}");
        assert!(InvalidTarget::NeedsSig.to_string().contains("the feature `sig`"));
    }
    assert_eq!(error("http://x/?iss=i"), InvalidTarget::IssAlone);
    let both = format!("http://x/?key=token&verify-iss=i&verify-key={FANOUT}");
    assert_eq!(authorization(&both), "Bearer token");
}

proptest! {
    #[test]
    fn any_text_is_a_grip_url_or_an_error(text in ".{0,60}", query in "[a-z=&%+:{}\"]{0,60}") {
        for url in [text.clone(), format!("http://{text}"), format!("http://x/?{query}"), format!("http://x/?key={text}")] {
            if let Ok(target) = Target::from_grip_url(&url) {
                prop_assert_eq!(target.requests(&[Item::new(NEWS, "x")]).unwrap().len(), 1);
                #[cfg(feature = "sig")]
                let _ = target.add_signer_to(Policy::new());
            }
        }
    }

    #[test]
    fn any_token_is_used_as_it_is_and_not_shown(token in "[!-~]{8,40}") {
        let encoded = percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC);
        prop_assume!(!token.starts_with("base64:"));
        let target = Target::from_grip_url(&format!("http://x/?key={encoded}")).unwrap();
        let request = &target.requests(&[Item::new(NEWS, "x")]).unwrap()[0];
        prop_assert_eq!(request.headers()["authorization"].to_str().unwrap(), format!("Bearer {token}"));
        let shown = format!("{target:?} {request:?}");
        prop_assert!(!shown.contains(&token));
    }
}
