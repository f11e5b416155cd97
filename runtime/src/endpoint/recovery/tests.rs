use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::*;
use crate::endpoint::guard::{GuardValue, guard_value};
use crate::endpoint::request::{CHANNELS, GUARD_HEADER, Rerun, Sender, digest, split_query};
use crate::endpoint::{Answer, Parameters, RequestHead, Route};
use crate::grip::channel::RECOVERY;
use crate::grip::{Channel, Filter, Hold, Link, Subscription};

/// Runs `test` with the head of a signed request.
fn inside<T>(
    path: &'static str,
    query: Option<&str>,
    headers: &[(&'static str, &HeaderValue)],
    sender: Sender,
    test: impl FnOnce(&RequestHead<'_>) -> T,
) -> T {
    let map: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), (*value).clone())).collect();
    let (rest, values) = query.map(split_query).unwrap_or_default();
    let rerun = Rerun::default();
    let head =
        RequestHead::new(&Method::GET, path, query.is_some().then_some(&*rest), &map).with_link(values);
    test(&head.with_parameters(Parameters::new(path, &[])).sent_by(sender).with_rerun(&rerun))
}

fn header_of_7() -> HeaderValue {
    inside("/a", None, &[], Sender::Fanout, |head| GuardValue::new(&7).unwrap().into_header(head).unwrap())
}

/// The header of a recovery request at a link with this query.
fn proof(query: &str) -> HeaderValue {
    HeaderValue::try_from(format!("{RECOVERY}; last-id={}", digest(query))).unwrap()
}

fn guard_of(head: &RequestHead<'_>) -> Option<u8> {
    guard_value(head, |_| Err::<u8, _>(StatusCode::UNAUTHORIZED)).ok()
}

/// An answer with a link that is written by hand, which takes any text.
fn by_hand(link: &str) -> Answer {
    let value = HeaderValue::try_from(format!("<{link}>; rel=next")).unwrap();
    Answer::text(200, "").with_header(HeaderName::from_static("grip-link"), value)
}

/// The link of an answer by hand.
fn link_of(answer: &Answer) -> Option<&str> {
    answer.header("grip-link")?.to_str().unwrap().strip_prefix('<')?.split_once('>').map(|(link, _)| link)
}

fn held(next: &str) -> Hold {
    Hold::sse(Channel::from_static("news")).next(Link::new(next).unwrap())
}

/// The link and the proof of a completed hold.
fn parts(answer: &Answer) -> (&str, Option<&str>) {
    let instruction = answer.instruction.as_ref().expect("it holds");
    (instruction.next.as_ref().expect("it has a link").0.as_str(), instruction.proof.as_deref())
}

#[test]
fn a_recovery_link_carries_the_guard_value() {
    let header = header_of_7();
    let on = |link: &str| {
        inside("/a", None, &[(GUARD_HEADER, &header)], Sender::Fanout, |head| {
            link_of(&complete_links(head, by_hand(link), true, true)).map(str::to_owned)
        })
    };
    let query = format!("missed&{GUARD_HEADER}={}", header.to_str().unwrap());
    assert_eq!(on("/a?missed").unwrap(), format!("/a?{query}"));
    assert_eq!(on("/a?missed#here").unwrap(), format!("/a?{query}"));
    assert_eq!(on("https://example.com/a").unwrap(), "https://example.com/a");
    assert_eq!(on(&format!("/{}", "a".repeat(2040))), None, "there is no room for the value");
    let read = |path, query: &str, proof: Option<&HeaderValue>, sender| {
        let headers: Vec<_> = proof.map(|proof| ("grip-last", proof)).into_iter().collect();
        inside(path, Some(query), &headers, sender, guard_of)
    };
    let ours = proof(&query);
    for sender in [Sender::Fanout, Sender::Local, Sender::SelfRun] {
        assert_eq!(read("/a", &query, Some(&ours), sender), Some(7), "{sender:?}");
        assert_eq!(read("/b", &query, Some(&ours), sender), None);
        assert_eq!(read("/a", &query, None, sender), None);
    }
    assert_eq!(read("/a", &query, Some(&ours), Sender::Client), None);
    // The proxy may decode characters that need no encoding.
    assert_eq!(read("/a", &query.replace("missed", "m%69ssed"), Some(&ours), Sender::Fanout), Some(7));
    for other in [
        "a; last-id=1".to_owned(),
        format!("{RECOVERY}; last-id={}", digest("missed")),
        format!("news; last-id=1, {}", ours.to_str().unwrap()),
        format!("news; last-id=1; {}", ours.to_str().unwrap()),
        format!("{}, news; last-id=1", ours.to_str().unwrap()),
    ] {
        let other = HeaderValue::try_from(other).unwrap();
        assert_eq!(read("/a", &query, Some(&other), Sender::Fanout), None, "{other:?}");
    }
    let again = inside("/a", Some(&query), &[("grip-last", &ours)], Sender::Fanout, |head| {
        link_of(&complete_links(head, by_hand("/a?missed"), true, true)).map(str::to_owned)
    });
    assert_eq!(again.unwrap(), format!("/a?{query}"));
}

/// The proxy repeats the request of a client's poll, with an id that the client may have chosen.
#[test]
fn a_long_poll_has_no_link() {
    let header = header_of_7();
    let query = format!("{GUARD_HEADER}={}", header.to_str().unwrap());
    let ours = proof(&query);
    let is_proven = |route: Route| {
        inside("/a", Some(&query), &[("grip-last", &ours)], Sender::SelfRun, |head| {
            head.for_endpoint(&route.settings).proven_link().is_some()
        })
    };
    let unasked = |_: &RequestHead<'_>| unreachable!("no handler runs");
    assert!(is_proven(Route::sse("/a", unasked)) && !is_proven(Route::long_poll("/a", unasked)));
}

#[test]
fn a_guard_value_of_a_client_in_a_link_is_removed() {
    let header = header_of_7();
    let on = |link: &str, is_guarded| {
        inside("/a", None, &[(GUARD_HEADER, &header)], Sender::Fanout, |head| {
            link_of(&complete_links(head, by_hand(link), is_guarded, true)).map(str::to_owned)
        })
    };
    let ours = format!("{GUARD_HEADER}={}", header.to_str().unwrap());
    for forged in [
        "fanout-guard=x",
        "%66anout-guard=x",
        "fanout-guard",
        "fanout-gu%61rd=x&fanout-guard=y",
        "fanout-channels=x",
        "fanout-channels=x&fanout-guard=y",
    ] {
        assert_eq!(on(&format!("/a?{forged}&b=c"), true).unwrap(), format!("/a?b=c&{ours}"));
        assert_eq!(on(&format!("/a?b=c&{forged}"), false).unwrap(), "/a?b=c");
        assert_eq!(on(&format!("https://example.com/?{forged}"), true).unwrap(), "https://example.com/");
        let too_long = format!("/a?{}&{forged}", "b".repeat(1000));
        assert_eq!(on(&too_long, true), None, "there is no room for the value");
        assert_eq!(on(&too_long, false).unwrap(), format!("/a?{}", "b".repeat(1000)));
        // Only a link that is written by hand can be one of these.
        for path in ["", "b", "./b", "//example.com/a", "HTTP://example.com/a", &"/b".repeat(2000)] {
            assert_eq!(on(&format!("{path}?{forged}&b=c"), false).unwrap(), format!("{path}?b=c"));
            assert_eq!(on(&format!("{path}?{forged}"), false).unwrap(), path);
        }
        assert_eq!(on(&format!("//example.com/a?{forged}"), true).unwrap(), "//example.com/a");
    }
    assert_eq!(link::stripped("/a?b=c"), None);
}

/// Such as one of the body of `main`.
#[test]
fn an_answer_of_no_endpoint_keeps_no_value_and_stays_apart() {
    let answer = without_values(held("/a?fanout-guard=x&user=1&fanout-channels=y").into());
    assert_eq!(parts(&answer), ("/a?user=1", Some(&*digest("user=1"))));
    assert_eq!(parts(&without_values(held("/a?fanout-guard=x").into())), ("/a", None));
}

/// The binding is no secret, so a client can make a value for any endpoint.
#[test]
fn no_link_that_is_written_by_hand_keeps_a_guard_value_of_a_client() {
    for link in [
        "</a?b=>&fanout-guard=x>; rel=next",
        "</a?b=<&fanout-guard=x>; rel=next",
        "</a?b=\",\"&fanout-guard=x>; rel=next",
        "</a?b=\u{e9}&fanout-guard=x>; rel=next",
        "</a?fanout-guard=x>; title=\u{e9}; rel=next",
        "</a?b=\u{e9}>; rel=gone, </a?fanout-guard=x>; rel=next",
        "<?fanout-guard=x>; rel=next",
        "<//localhost/a?fanout-guard=x>; rel=next",
        &format!("</a?{}&fanout-guard=x>; rel=next", "b".repeat(1024)),
    ] {
        let value = HeaderValue::from_bytes(link.as_bytes()).unwrap();
        let answer = Answer::text(200, "").with_header(HeaderName::from_static("grip-link"), value);
        for is_guarded in [true, false] {
            let written = inside("/a", None, &[], Sender::Fanout, |head| {
                complete_links(head, answer.clone(), is_guarded, true)
            });
            let written =
                String::from_utf8_lossy(written.header("grip-link").unwrap().as_bytes()).into_owned();
            assert!(!written.contains("fanout-guard"), "{link} became {written}");
            assert!(written.ends_with("; rel=next"), "{link} became {written}");
        }
    }
}

#[test]
fn a_link_to_this_service_has_the_query_of_the_request() {
    let on = |query: &str, next: &str| {
        inside("/q", Some(query), &[], Sender::Fanout, |head| {
            let answer = complete_links(head, held(next).gone(Link::new(next).unwrap()).into(), false, true);
            let gone = answer.instruction.as_ref().unwrap().gone.clone().unwrap();
            let (link, proof) = parts(&answer);
            let query = link.split_once('?').map_or("", |(_, query)| query);
            let expected = (!query.is_empty()).then(|| digest(query)).filter(|_| link.starts_with('/'));
            assert_eq!((gone.as_str(), proof), (link, expected.as_deref()), "{next}");
            link.to_owned()
        })
    };
    assert_eq!(on("topic=a&x=1", "/q"), "/q?topic=a&x=1");
    assert_eq!(on("topic=a", "/other"), "/other?topic=a");
    assert_eq!(on("", "/q"), "/q");
    assert_eq!(on("fanout-guard=x&fanout-channels=y", "/q"), "/q");
    assert_eq!(on("topic=a,b;c\"", "/q"), "/q?topic=a%2Cb%3Bc%22");
    assert_eq!(on("topic=a", "https://example.com/q"), "https://example.com/q");
    // A pair of the link replaces those of the request with its name, so the query does not grow from one recovery to the next.
    assert_eq!(on("topic=a", "/q?missed"), "/q?missed&topic=a");
    assert_eq!(on("missed&topic=a", "/q?missed"), "/q?missed&topic=a");
    assert_eq!(on("m%69ssed=2&topic=a", "/q?missed=3"), "/q?missed=3&topic=a");
}

/// It is that of the client's first request, and the stream has gone on.
#[test]
fn a_link_leaves_out_the_id_of_a_client() {
    fn answer(_: &RequestHead<'_>) -> Answer {
        unreachable!("no handler runs")
    }
    let reads = Route::sse("/q", answer).last_event_id_query();
    let on = |route: &Route, query: &str, next: &str| {
        inside("/q", Some(query), &[], Sender::Fanout, |head| {
            let head = head.for_endpoint(&route.settings);
            let answer = complete_links(&head, held(next).gone(Link::new(next).unwrap()).into(), false, true);
            let gone = answer.instruction.as_ref().unwrap().gone.clone().unwrap();
            assert_eq!(gone.as_str(), parts(&answer).0);
            (parts(&answer).0.to_owned(), parts(&answer).1.is_some())
        })
    };
    for (query, link) in [
        ("lastEventId=1", "/q"),
        ("lastEventId", "/q"),
        ("a=b&last%45ventId=1&lastEventId=2", "/q?a=b"),
        ("lasteventid=1&xlastEventId=2", "/q?lasteventid=1&xlastEventId=2"),
    ] {
        assert_eq!(on(&reads, query, "/q"), (link.to_owned(), link != "/q"), "{query}");
    }
    assert_eq!(on(&reads, "lastEventId=1", "/q?lastEventId=own").0, "/q?lastEventId=own");
    assert_eq!(on(&Route::sse("/q", answer), "lastEventId=1", "/q").0, "/q?lastEventId=1");
}

/// The proxy joins recovery requests with equal `Grip-Last` headers at one path.
#[test]
fn links_that_differ_have_different_proofs() {
    let proof_of = |query: &str, user: Option<u8>| {
        inside("/q", Some(query), &[], Sender::Fanout, |head| {
            let header = user.map(|user| GuardValue::new(&user).unwrap().into_header(head).unwrap());
            let headers: Vec<_> = header.iter().map(|header| (GUARD_HEADER, header)).collect();
            inside("/q", Some(query), &headers, Sender::Fanout, |head| {
                let answer = complete_links(head, held("/q").into(), user.is_some(), true);
                parts(&answer).1.map(str::to_owned)
            })
        })
    };
    assert_eq!(proof_of("", None), None, "a link that is the same for all needs none");
    let proofs =
        [proof_of("topic=a", None), proof_of("topic=b", None), proof_of("", Some(1)), proof_of("", Some(2))];
    for (index, one) in proofs.iter().enumerate() {
        assert!(one.is_some());
        assert!(!proofs[index + 1..].contains(one), "{one:?}");
    }
    assert_eq!(proof_of("topic=a", None), proofs[0]);
}

#[test]
fn the_subscriptions_of_a_channel_function_come_with_the_link() {
    let found = [
        Subscription::new(Channel::from_static("user-ann")).filter(Filter::SkipSelf).filter(Filter::VarSubst),
        Subscription::new(Channel::from_static("a b%&\"=")).prev_id("1"),
    ];
    let value = inside("/a", None, &[], Sender::Fanout, |head| carried::written(head, &found));
    let query = format!("{CHANNELS}={value}");
    let with = |query: &str, headers: &[(&'static str, &HeaderValue)], path, sender| {
        inside(path, Some(query), headers, sender, carried)
    };
    let (ours, last) = (proof(&query), HeaderValue::from_static("user-ann; last-id=4"));
    for sender in [Sender::Fanout, Sender::Local, Sender::SelfRun] {
        let got = with(&query, &[("grip-last", &ours)], "/a", sender).unwrap();
        let without_id = Subscription::new(Channel::from_static("a b%&\"="));
        assert_eq!(got, [found[0].clone(), without_id]);
    }
    let mut headers = HeaderMap::new();
    headers.append("grip-last", last);
    headers.append("grip-last", ours.clone());
    let (_, values) = split_query(&query);
    let head = RequestHead::new(&Method::GET, "/a", None, &headers).with_link(values);
    let head = head.with_parameters(Parameters::new("/a", &[])).sent_by(Sender::Fanout);
    assert_eq!(carried(&head).unwrap()[0], found[0].clone().prev_id("4"));

    assert_eq!(with(&query, &[("grip-last", &ours)], "/b", Sender::Fanout), None);
    assert_eq!(with(&query, &[("grip-last", &ours)], "/a", Sender::Client), None);
    assert_eq!(with(&query, &[], "/a", Sender::Fanout), None);
    for broken in ["", "x", ".W10", &value[..value.len() - 3]] {
        let query = format!("{CHANNELS}={broken}");
        let proof = proof(&query);
        assert_eq!(with(&query, &[("grip-last", &proof)], "/a", Sender::Fanout), None, "{broken}");
    }
}

#[test]
fn a_link_without_room_is_an_error_at_the_opening() {
    let header = header_of_7();
    let on = |query: &str, channels: usize| {
        inside("/a", Some(query), &[(GUARD_HEADER, &header)], Sender::Fanout, |head| {
            let mut hold = held("/a");
            let found = Subscription::new(Channel::new("c".repeat(channels)).unwrap());
            hold.instruction.found = Some(vec![found]);
            let answer = complete_links(head, hold.into(), true, true);
            let body = String::from_utf8(answer.body().to_vec()).unwrap();
            match &answer.instruction {
                Some(_) => Ok(parts(&answer).0.len()),
                None => Err((answer.status().as_u16(), body)),
            }
        })
    };
    assert!(matches!(on("", 1), Ok(50..200)));
    let too_long = "the query takes 1200 bytes of the recovery link, which has room for ";
    let (status, body) = on(&format!("a={}", "x".repeat(1197)), 1).unwrap_err();
    assert!(status == 400 && body.starts_with(too_long), "{status} {body}");
    assert_eq!(on("", 800), Err((500, "the connection could not be held\n".to_owned())));
    assert_eq!(on("a=b", 800).unwrap_err().0, 500);
    let longest = (1..2000).rev().find_map(|len| on(&format!("a={}", "x".repeat(len)), 1).ok());
    assert_eq!(longest, Some(Link::MAX_LEN));
}

/// A self-run proxy may send the only request of a connection, so the header of the guard value does not count there.
#[test]
fn the_value_of_a_guard_that_ran_again_comes_with_the_link() {
    use crate::endpoint::GuardData as _;
    let opened = inside("/a", None, &[], Sender::SelfRun, |head| {
        assert_eq!(u8::receive(head, || Ok(7)).unwrap(), (7,));
        parts(&complete_links(head, held("/a").into(), true, true)).0.to_owned()
    });
    let query = opened.strip_prefix("/a?").unwrap();
    let ours = proof(query);
    let again = inside("/a", Some(query), &[("grip-last", &ours)], Sender::SelfRun, |head| {
        let read = u8::receive(head, || Err(Answer::text(401, "")));
        (read.unwrap().0, parts(&complete_links(head, held("/a").into(), true, true)).0.to_owned())
    });
    assert_eq!(again, (7, opened));
    let too_large = inside("/a", None, &[], Sender::SelfRun, |head| {
        drop(String::receive(head, || Ok("x".repeat(3000))));
        complete_links(head, held("/a").into(), true, true).status()
    });
    assert_eq!(too_large, 500);
}
