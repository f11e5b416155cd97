use headers::authorization::Bearer;
use headers::{Authorization, ContentType};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;

use super::*;
use crate::endpoint::Answer;
use crate::grip::Channel;

fn with_head<R>(
    query: Option<&str>,
    headers: &[(&'static str, &[u8])],
    read: impl FnOnce(&RequestHead<'_>) -> R,
) -> R {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, HeaderValue::from_bytes(value).unwrap());
    }
    read(&RequestHead::new(&Method::GET, "/news", query, &map))
}

fn rejected<R: IntoResponse>(rejection: R) -> (u16, String) {
    let answer: Answer = rejection.into_response();
    (answer.status().as_u16(), String::from_utf8(answer.body().to_vec()).unwrap())
}

#[derive(Debug, PartialEq, Deserialize)]
struct Filter<'a> {
    #[serde(default)]
    topic: Vec<String>,
    since: Option<u32>,
    name: &'a str,
}

#[test]
fn a_query_is_read_by_serde() {
    with_head(Some("topic=a&since=4&topic=b%20c&name=x"), &[], |head| {
        let Query(filter) = Query::<Filter<'_>>::from_request(head).unwrap();
        assert_eq!(filter, Filter { topic: vec!["a".into(), "b c".into()], since: Some(4), name: "x" });
    });
}

#[test]
fn a_query_that_is_wrong_is_a_400_with_the_reason() {
    for (query, reason) in [
        (None, "should be: missing field `name`"),
        (Some("name=x&since=y"), "should be: since: invalid digit"),
    ] {
        with_head(query, &[], |head| {
            let (status, text) = rejected(Query::<Filter<'_>>::from_request(head).unwrap_err());
            assert_eq!(status, 400);
            assert!(text.contains(reason), "{text}");
        });
    }
}

#[test]
fn none_is_what_is_not_there_and_not_what_is_wrong() {
    type Maybe<'a> = Option<Query<Filter<'a>>>;
    for query in [None, Some("")] {
        assert!(with_head(query, &[], |head| Maybe::from_request(head).unwrap().is_none()));
    }
    assert!(with_head(Some("name=x"), &[], |head| Maybe::from_request(head).unwrap().is_some()));
    assert!(with_head(Some("nam=x"), &[], |head| Maybe::from_request(head).is_err()));
    assert!(with_head(Some("nam=x"), &[], |head| {
        Result::<Query<Filter<'_>>, InvalidQuery>::from_request(head).unwrap().is_err()
    }));
}

#[test]
fn a_header_is_read_by_its_type() {
    type Token = TypedHeader<Authorization<Bearer>>;
    with_head(None, &[("authorization", b"Bearer abc")], |head| {
        assert_eq!(Token::from_request(head).unwrap().0.token(), "abc");
        assert!(Option::<TypedHeader<ContentType>>::from_request(head).unwrap().is_none());
    });
    with_head(None, &[], |head| {
        let rejection = Token::from_request(head).unwrap_err();
        assert!(rejection.is_missing());
        assert_eq!(rejected(rejection), (400, "the header `authorization` is missing\n".into()));
    });
    with_head(None, &[("authorization", b"Basic abc")], |head| {
        let rejection = Option::<Token>::from_request(head).unwrap_err();
        assert_eq!(
            rejected(rejection),
            (400, "the header `authorization` is not what it should be\n".into())
        );
    });
}

#[test]
fn the_last_event_id_is_what_the_client_says() {
    let last =
        |headers: &[(&'static str, &[u8])]| with_head(None, headers, |head| LastEventId::from_request(head));
    assert_eq!(last(&[]).unwrap().get(), None);
    assert_eq!(last(&[("last-event-id", b"")]).unwrap().get(), None);
    let maybe = |headers: &[(&'static str, &[u8])]| {
        with_head(None, headers, |head| Option::<LastEventId>::from_request(head).unwrap())
    };
    assert_eq!(maybe(&[("last-event-id", b"4")]), Some(LastEventId::new("4")));
    assert_eq!(maybe(&[]), None);
    assert_eq!(last(&[("last-event-id", "é 4".as_bytes())]).unwrap().get(), Some("é 4"));
    assert_eq!(rejected(last(&[("last-event-id", b"\xff")]).unwrap_err()).0, 400);
}

#[test]
fn the_last_ids_are_what_the_proxy_says() {
    let ids = |headers: &[(&'static str, &[u8])]| {
        with_head(None, headers, |head| LastIds::from_request(head)).unwrap()
    };
    assert!(ids(&[]).is_empty());
    let (a, b) = (Channel::from_static("a"), Channel::from_static("b, c"));
    for headers in [
        &[("grip-last", &b"a; last-id=1, x"[..]), ("grip-last", b"b, c; last-id=2")][..],
        &[("grip-last", b"b, c; last-id=2, a; last-id=1, x")],
    ] {
        let ids = ids(headers);
        assert_eq!((ids.of(&a), ids.of(&b)), (Some("1, x"), Some("2")), "{headers:?}");
    }
    assert!(ids(&[("grip-last", b"a")]).is_empty());
}

#[test]
fn the_method_is_an_argument() {
    assert_eq!(with_head(None, &[], |head| Method::from_request(head)).unwrap(), Method::GET);
}
