use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::endpoint::Answer;
use crate::endpoint::response::IntoAnswer;
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

fn rejected<R: IntoAnswer>(rejection: R) -> (u16, String) {
    let answer: Answer = rejection.into_answer();
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
        (None, "invalid: missing field `name`"),
        (Some("name=x&since=y"), "invalid: since: invalid digit"),
        // Neither value wins.
        (Some("name=x&name=y"), "name: "),
    ] {
        with_head(query, &[], |head| {
            let (status, text) = rejected(Query::<Filter<'_>>::from_request(head).unwrap_err());
            assert_eq!(status, 400);
            assert!(text.contains(reason), "{text}");
        });
    }
}

#[test]
fn a_query_that_is_not_utf8_is_a_400_that_names_the_field() {
    for (query, reason) in [
        ("name=%ff", "`name` is not UTF-8"),
        ("name=x&topic=a&topic=%C3", "`topic` is not UTF-8"),
        ("name=x&other=%C0%80", "`other` is not UTF-8"),
        ("name=x&o%74he+r=%fe", "`othe r` is not UTF-8"),
        ("name=x&a%0Ab=%fe", "`a\\nb` is not UTF-8"),
        ("name=x&%ff=1", "the name `%ff` is not UTF-8"),
        ("name=x&%ff", "the name `%ff` is not UTF-8"),
    ] {
        with_head(Some(query), &[], |head| {
            let whole = format!("the query of the request is invalid: {reason}\n");
            assert_eq!(rejected(Query::<Filter<'_>>::from_request(head).unwrap_err()), (400, whole.clone()));
            let maybe = Option::<Query<Filter<'_>>>::from_request(head).unwrap_err();
            assert_eq!(rejected(maybe), (400, whole));
        });
    }
}

/// Any text is accepted here, and a channel is checked where it is made.
#[test]
fn a_value_of_a_query_may_have_lines() {
    let Query(pairs) = Query::<Pairs>::parse("a=%0A%09%00&b=%7F").unwrap();
    assert_eq!(pairs, [("a".into(), "\n\t\0".into()), ("b".into(), "\u{7f}".into())]);
}

type Pairs = Vec<(String, String)>;

/// A second, plain decoder of a form.
fn meant(query: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let decode = |part: &str| percent_encoding::percent_decode_str(&part.replace('+', " ")).collect();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(a, b)| (decode(a), decode(b)))
        .collect()
}

proptest! {
    /// Decoding is injective, so different queries never make one value.
    #[test]
    fn a_query_is_read_as_it_is_meant_or_refused(
        query in prop_oneof!["[ -~]{0,24}", "([ab+=&]|%[0-9a-fA-F]{2}|%c3%[89ab][0-9]|%){0,12}"],
    ) {
        let meant = meant(&query);
        let is_utf8 = meant.iter().all(|(name, value)| [name, value].iter().all(|part| str::from_utf8(part).is_ok()));
        match Query::<Pairs>::parse(&query) {
            Ok(Query(pairs)) => {
                let read: Vec<_> = pairs.into_iter().map(|(a, b)| (a.into_bytes(), b.into_bytes())).collect();
                prop_assert_eq!(read, meant);
            }
            Err(error) => prop_assert!(!is_utf8, "{}", error),
        }
    }

    /// A field is injective too, and is UTF-8.
    #[test]
    fn a_field_comes_out_as_it_went_in_or_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
        let sent = percent_encoding::percent_encode(&bytes, percent_encoding::NON_ALPHANUMERIC);
        let query = format!("name={sent}");
        let read = Query::<Named>::parse(&query).ok().map(|Query(named)| named.name.into_bytes());
        prop_assert_eq!(read, str::from_utf8(&bytes).is_ok().then_some(bytes));
    }
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[test]
fn a_flattened_struct_has_texts() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Page<T> {
        number: T,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Search<T> {
        text: String,
        #[serde(flatten)]
        page: Page<T>,
    }
    let Query(search) = Query::<Search<String>>::parse("text=a&number=2").unwrap();
    assert_eq!(search.page.number, "2");
    let reason = |error: InvalidQuery| rejected(error).1;
    let number = Query::<Search<u32>>::parse("text=a&number=2").unwrap_err();
    assert!(reason(number).ends_with("invalid type: string \"2\", expected u32\n"));
    let flag = Query::<Search<bool>>::parse("text=a&number=true").unwrap_err();
    assert!(reason(flag).ends_with("invalid type: string \"true\", expected a boolean\n"));
    let list = Query::<Search<Vec<String>>>::parse("text=a&number=2&number=3");
    assert_eq!(list.map(|Query(search)| search.page.number), Ok(vec!["2".into(), "3".into()]));
    let one = Query::<Search<Vec<String>>>::parse("text=a&number=2").map(|Query(search)| search.page.number);
    assert!(one.is_err(), "{one:?}");
}

#[test]
fn none_is_a_missing_value_and_not_an_invalid_one() {
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

#[cfg(feature = "typed-header")]
#[test]
fn a_header_is_read_by_its_type() {
    use headers::authorization::Bearer;
    use headers::{Authorization, ContentType};

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
        assert_eq!(rejected(rejection), (400, "the header `authorization` is invalid\n".into()));
    });
}

#[test]
fn one_cookie_hides_no_other() {
    let cookies = |headers: &[&[u8]]| {
        let headers: Vec<_> = headers.iter().map(|value| ("cookie", *value)).collect();
        with_head(None, &headers, |head| Cookies::from_request(head)).unwrap()
    };
    // Also beside other values.
    for other in [
        &b"name=caf\xe9"[..],
        "name=caf\u{e9}".as_bytes(),
        b"caf\xe9=1",
        b"flag",
        b"=1",
        b"",
        b"=",
        b"a==;;",
        b"\t",
    ] {
        let (before, after) = ([other, b"; session=a7"].concat(), [b"session=a7;", other].concat());
        for headers in [&[&before[..]][..], &[&after], &[other, b"session=a7"], &[b"session=a7", other]] {
            assert_eq!(cookies(headers).get("session"), Some("a7"), "{headers:?}");
        }
    }
    assert_eq!(cookies(&[]).get("session"), None);
    assert_eq!(cookies(&[b"flag; =1; session=a7"]), Cookies::from_iter([("session", "a7")]));
    assert_eq!(cookies(&["näme=ü".as_bytes()]).get("näme"), Some("ü"));
}

#[test]
fn cookies_are_read_as_they_were_sent() {
    let cookies =
        |header: &[u8]| with_head(None, &[("cookie", header)], |head| Cookies::from_request(head)).unwrap();
    let all = cookies(b"a=1;b = \"2 3\" ;\tc=%20+=; a=4; A=5; d=");
    let pairs = [("a", "1"), ("b", "\"2 3\""), ("c", "%20+="), ("a", "4"), ("A", "5"), ("d", "")];
    assert_eq!(all.iter().collect::<Vec<_>>(), pairs);
    assert_eq!(
        (all.get("a"), all.get("A"), all.get("d"), all.get("e")),
        (Some("1"), Some("5"), Some(""), None)
    );
    // A session must not appear in a log.
    assert_eq!(format!("{:?}", cookies(b"session=secret; b=1")), "Cookies[\"session\", \"b\"]");
}

#[test]
fn the_last_event_id_is_the_header() {
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

/// A page cannot see or remove the id, so a wrong one must not lock its client out.
#[test]
fn a_last_event_id_that_is_not_utf_8_is_none_if_it_is_optional() {
    let headers: &[(&'static str, &[u8])] = &[("last-event-id", b"caf\xe9")];
    with_head(None, headers, |head| {
        assert_eq!(Option::<LastEventId>::from_request(head).unwrap(), None);
        let mut line = None;
        assert_eq!(LastEventId::or_none(head, |text| line = Some(text)), None);
        let expected = "the header `Last-Event-ID` is not UTF-8, and was ignored";
        assert!(line.as_deref().is_some_and(|line| line.ends_with(expected)), "{line:?}");
        assert!(Result::<LastEventId, InvalidLastEventId>::from_request(head).unwrap().is_err());
    });
    with_head(None, &[("last-event-id", b"4")], |head| {
        let id = LastEventId::or_none(head, |line| panic!("{line}"));
        assert_eq!(id, Some(LastEventId::new("4")));
    });
}

#[test]
fn the_last_ids_are_those_of_the_proxy() {
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
    // An id may have what separates ids.
    let (a, d) = (Channel::from_static("a"), Channel::from_static("d"));
    for (value, of_a, of_d) in [
        ("a; last-id=1; x", "1; x", None),
        ("a; last-id=b; last-id=c", "b; last-id=c", None),
        ("a; last-id=b; last-id=c, d; last-id=2, e", "b; last-id=c", Some("2, e")),
        ("a; last-id=1, x; y; last-id=2, d; last-id=; last-id=", "1, x; y; last-id=2", Some("; last-id=")),
        ("d; last-id=, a; last-id=; last-id=, ", "; last-id=, ", Some("")),
    ] {
        let ids = ids(&[("grip-last", value.as_bytes())]);
        assert_eq!((ids.of(&a), ids.of(&d)), (Some(of_a), of_d), "{value}");
    }
}

#[test]
fn the_method_is_an_argument() {
    assert_eq!(with_head(None, &[], |head| Method::from_request(head)).unwrap(), Method::GET);
}
