use http::header::{self, CACHE_CONTROL, CONTENT_LANGUAGE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use super::{NO_STORE, Rel};
use crate::Answer;
use crate::grip::hold::wire::{
    self, GRIP_CHANNEL, GRIP_EXPOSE_HEADERS, GRIP_HOLD, GRIP_LINK, INSTRUCT, always_new, check,
};
use crate::grip::{Channel, Filter, Hold, KeepAlive, Link, Subscription};

const A: Channel = Channel::from_static("a");
const ODD: Channel = Channel::from_static("a,admin");

/// The answer as the proxy gets it.
fn sent(answer: impl Into<Answer>) -> Answer {
    answer.into().written("/").unwrap()
}

fn lines(hold: Hold) -> Vec<String> {
    let answer = sent(hold);
    answer.headers().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
}

fn json(answer: impl Into<Answer>) -> serde_json::Value {
    let answer = sent(answer);
    assert_eq!(answer.header("content-type").unwrap(), "application/grip-instruct");
    assert!(answer.header("grip-channel").is_none());
    serde_json::from_slice(answer.body()).unwrap()
}

#[test]
fn plain_channels_go_into_the_header() {
    let hold = Hold::sse(A).channel(Channel::from_static("b c")).body(": hi\n\n");
    assert_eq!(Answer::from(hold.clone()).body(), b": hi\n\n");
    assert_eq!(
        lines(hold),
        [
            "content-type: text/event-stream",
            "cache-control: no-store",
            "grip-hold: stream",
            "grip-channel: a, b c",
            r"grip-keep-alive: :\n\n; format=cstring; timeout=15",
        ]
    );
}

#[test]
fn all_that_a_hold_can_say_is_said_in_headers() {
    let hold =
        Hold::stream(Subscription::new(A).prev_id("4;2").filter(Filter::SkipSelf).filter(Filter::VarSubst))
            .channel(Channel::from_static("b"))
            .keep_alive(KeepAlive::from_static(b".").interval(20))
            .next_after(Link::from_static("/missed"), 60)
            .gone(Link::from_static("/gone"))
            .meta("user", "alice")
            .meta("name", "a \"b\" \\, c")
            .status(StatusCode::CREATED)
            .reason(HeaderValue::from_static("Made it"))
            .expose_headers([CONTENT_LANGUAGE, header::CONTENT_TYPE])
            .header(CONTENT_LANGUAGE, HeaderValue::from_static("en"))
            .header(CACHE_CONTROL, HeaderValue::from_static("max-age=1"))
            .header(header::CONTENT_TYPE, HeaderValue::from_static("text/csv"));
    assert_eq!(
        lines(hold),
        [
            "content-type: text/csv",
            "content-language: en",
            "cache-control: max-age=1",
            "grip-hold: stream",
            r#"grip-channel: a; prev-id="4;2"; filter=skip-self; filter=var-subst, b"#,
            r#"grip-set-meta: user=alice, name="a \"b\" \\, c""#,
            "grip-expose-headers: content-language, content-type, cache-control",
            "grip-keep-alive: .; timeout=20; mode=interval",
            "grip-link: </missed>; rel=next; timeout=60, </gone>; rel=gone",
            "grip-status: 201 Made it",
        ]
    );
}

#[test]
fn the_instruction_is_in_no_header_until_the_answer_is_sent() {
    for channel in [A, ODD] {
        let answer = Answer::from(Hold::sse(channel).status(StatusCode::ACCEPTED).body("x"));
        assert_eq!((answer.status().as_u16(), answer.body()), (202, &b"x"[..]));
        assert_eq!(answer.header("content-type").unwrap(), "text/event-stream");
        assert!(answer.headers().all(|(name, _)| !name.as_str().starts_with("grip-")));
        let response = http::Response::from(answer);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["grip-status"], "202");
    }
}

#[test]
fn an_answer_with_a_hold_takes_no_instruction_beside_it() {
    for (name, value) in [(GRIP_CHANNEL, NO_STORE), (header::CONTENT_TYPE, INSTRUCT)] {
        let answer = Answer::from(Hold::sse(A)).with_header(name, value);
        assert_eq!(answer.written("/").unwrap_err().status(), 500);
    }
}

#[test]
fn each_link_that_is_written_by_hand_is_changed() {
    let change = |_: Rel, url: &str| (url == "/b").then(|| "/c".to_owned());
    for (links, changed) in [
        ("</b>; rel=next", "</c>; rel=next"),
        (
            "</b>; rel=\"next\"; timeout=5, </a>; rel=gone, </b>",
            "</c>; rel=\"next\"; timeout=5, </a>; rel=gone, </c>",
        ),
        ("\t</b> ; a=\"\\\",\", </b>", "\t</c>; a=\"\\\",\", </c>"),
        ("</b>; a=\"</b>, </b>", "</c>; a=\"</b>, </b>"),
        // The proxy refuses these.
        ("</b", "</b"),
        ("</b;>", "</b;>"),
        ("/b", "/b"),
        ("", ""),
    ] {
        let answer = Answer::text(200, "").with_header(GRIP_LINK, HeaderValue::from_str(links).unwrap());
        assert_eq!(answer.with_links(change).header("grip-link").unwrap(), changed);
    }
}

#[test]
fn the_relation_of_a_link_that_is_written_by_hand_is_told() {
    let links = HeaderValue::from_static(
        "</n>; rel=next, </g>; rel=gone, </h>;rel=\"Gone\"; a=b, </m>; timeout=4; rel=next",
    );
    let mut seen = Vec::new();
    drop(Answer::text(200, "").with_header(GRIP_LINK, links).with_links(|rel, url| {
        seen.push((rel == Rel::Next, url.to_owned()));
        None
    }));
    let expected = [(true, "/n"), (false, "/g"), (false, "/h"), (true, "/m")];
    assert_eq!(seen, expected.map(|(is_next, url)| (is_next, url.to_owned())));
}

/// The proxy takes all up to the `;` for the address, and percent-encodes what is no part of one.
#[test]
fn an_address_that_is_written_by_hand_is_changed_as_a_whole() {
    for (link, whole) in [
        ("</a?b=>&c>; rel=next", "/a?b=%3E&c"),
        ("</a?b=<&c>; rel=next", "/a?b=%3C&c"),
        ("</a?b=<><x>&c>; rel=next", "/a?b=%3C%3E%3Cx%3E&c"),
        ("</a?b=\",</x>,\"&c>; rel=next", "/a?b=%22%2C%3C/x%3E%2C%22&c"),
        ("</a?b=\u{e9}&c>; rel=next", "/a?b=%C3%A9&c"),
        ("</a?c>; title=\u{e9}; rel=next", "/a?c"),
    ] {
        let value = HeaderValue::from_bytes(link.as_bytes()).unwrap();
        let answer = Answer::text(200, "").with_header(GRIP_LINK, value).with_links(|_, url| {
            assert_eq!(url, whole, "{link}");
            None
        });
        let written = answer.header("grip-link").unwrap().as_bytes().to_vec();
        let behind = &link[link.rfind(">;").unwrap()..];
        assert_eq!(written, format!("<{whole}{behind}").into_bytes());
    }
}

#[test]
fn a_channel_that_would_be_two_goes_as_json() {
    let hold = Hold::long_poll(ODD).timeout(9).body("x");
    assert_eq!(
        json(hold),
        json!({
            "hold": { "mode": "response", "channels": [{ "name": "a,admin" }], "timeout": 9 },
            "response": {
                "headers": [["content-type", "text/plain; charset=utf-8"], ["cache-control", "no-store"]],
                "body": "x",
            },
        })
    );
}

#[test]
fn instructions_that_json_cannot_say_stay_in_headers() {
    let hold = Hold::sse(Subscription::new(ODD).filter(Filter::SkipSelf))
        .gone(Link::from_static("/gone"))
        .meta("user", "al\nice")
        .status(StatusCode::ACCEPTED)
        .expose_headers([header::CONTENT_TYPE]);
    assert_eq!(
        json(hold.clone()),
        json!({
            "hold": {
                "mode": "stream",
                "channels": [{ "name": "a,admin", "filters": ["skip-self"] }],
                "meta": { "user": "al\nice" },
            },
            "response": {
                "headers": [["content-type", "text/event-stream"], ["cache-control", "no-store"]],
                "body": ":\n\n",
            },
        })
    );
    assert_eq!(
        lines(hold)[1..],
        [
            r"grip-keep-alive: :\n\n; format=cstring; timeout=15",
            "grip-link: </gone>; rel=gone",
            "grip-status: 202"
        ]
    );
}

#[test]
fn text_that_a_header_cannot_carry_makes_it_json() {
    let long = Channel::new("x".repeat(Channel::MAX_LEN)).unwrap();
    for hold in [
        Hold::sse(A).meta("a", "\u{e9}"),
        Hold::sse(A).meta("a b", "c"),
        Hold::sse(A).meta("", "c"),
        Hold::long_poll(Subscription::new(A).prev_id("\u{e9}")),
        Hold::sse(long).channel(A),
    ] {
        json(hold);
    }
}

/// The proxy writes the channel and its id into a header of its next request as they are, also if they came as JSON.
#[test]
fn an_id_or_the_name_beside_it_has_no_control_character() {
    let line_break = Channel::new("a\r\nx: y").unwrap();
    for subscription in [
        Subscription::new(A).prev_id("\r\nx: y"),
        Subscription::new(A).prev_id("a\u{85}"),
        Subscription::new(line_break.clone()).prev_id("1"),
    ] {
        for hold in [Hold::long_poll(subscription.clone()), Hold::stream(subscription)] {
            assert_eq!(Answer::from(hold.clone()).status(), 400, "{hold:?}");
        }
    }
    json(Hold::long_poll(line_break));
}

#[test]
fn a_body_that_is_no_text_goes_as_base64() {
    let hold = Hold::stream(Channel::from_static("é")).body([0xff, 0x00]);
    assert_eq!(json(hold)["response"]["body-bin"], "/wA=");
    let marked = Hold::stream(Channel::from_static("é")).body("\u{feff}a");
    assert_eq!(json(marked)["response"]["body-bin"], "77u/YQ==");
}

#[test]
fn a_channel_named_twice_has_the_last_word() {
    let hold = Hold::sse(A).channels([Subscription::new(A).filter(Filter::SkipSelf)]).without_keep_alive();
    assert_eq!(lines(hold).last().unwrap(), "grip-channel: a; filter=skip-self");
}

#[test]
fn a_stream_of_events_begins_with_a_comment_unless_it_begins_with_something_else() {
    assert_eq!(Answer::from(Hold::sse(A)).body(), b":\n\n");
    assert_eq!(Answer::from(Hold::sse(A).body("")).body(), b"");
    assert_eq!(Answer::from(Hold::stream(A)).body(), b"");
    assert_eq!(Answer::from(Hold::long_poll(A)).body(), b"");
}

#[test]
fn a_poll_is_not_kept_awake() {
    let hold = Hold::long_poll(A).keep_alive(KeepAlive::from_static(b"."));
    assert_eq!(lines(hold).last().unwrap(), "grip-channel: a");
}

#[test]
fn what_the_proxy_would_refuse_is_a_500() {
    let reliable = || Subscription::new(A).prev_id("1");
    let filters = (0..6).fold(Subscription::new(A), |subscription, _| subscription.filter(Filter::SkipSelf));
    let opaque = HeaderValue::from_bytes(b"\xff").unwrap();
    for (hold, problem) in [
        (Hold::sse(reliable()), "the subscription to \"a\" has a prev-id, and"),
        (Hold::sse(filters), "the subscription to \"a\" has more than 5 filters"),
        (Hold::sse(A).header(GRIP_CHANNEL, NO_STORE), "the header `grip-channel` is an instruction"),
        (
            Hold::stream(A).content_type(HeaderValue::from_static("Application/GRIP-Instruct ; a=b")),
            "the content type `application/grip-instruct` is the proxy's",
        ),
        (
            Hold::sse(ODD).header(CONTENT_LANGUAGE, opaque.clone()),
            "the header `content-language` is not UTF-8",
        ),
        (
            Hold::sse(ODD).header(CONTENT_LANGUAGE, HeaderValue::from_bytes(b"\xef\xbb\xbfa").unwrap()),
            "the header `content-language` is not UTF-8, or begins with a byte order mark",
        ),
    ] {
        let found = check(&hold).unwrap_err().to_string();
        assert!(found.starts_with(problem), "{found}");
        assert_eq!(Answer::from(hold).status(), 500);
    }
    // The proxy would append the JSON of a recovery answer to the stream.
    assert_eq!(Answer::from(Hold::sse(ODD).next(Link::from_static("/missed"))).status(), 500);
    assert_eq!(Answer::from(Hold::long_poll(reliable())).status(), 200);
    assert_eq!(Answer::from(Hold::sse(A).header(CONTENT_LANGUAGE, opaque)).status(), 200);
}

#[test]
fn the_client_gets_a_header_more_in_either_form() {
    let tricky = Channel::from_static(r#"","response":{"headers":["#);
    let more = |hold: Hold| {
        Answer::from(hold).with_client_header(header::VARY, HeaderValue::from_static("a, \"b\""))
    };
    let headers =
        json!([["content-type", "text/event-stream"], ["cache-control", "no-store"], ["vary", "a, \"b\""]]);
    let hold = Hold::sse(tricky.clone()).expose_headers([header::CONTENT_TYPE]).body("x");
    let answer = json(more(hold));
    assert_eq!(answer["response"]["headers"], headers);
    assert_eq!(answer["hold"]["channels"][0]["name"], tricky.as_str());
    let alone = json(more(Hold::sse(ODD).expose_headers([CONTENT_LANGUAGE])));
    assert_eq!(alone["response"]["headers"], headers);
    let answer = sent(more(Hold::sse(A).expose_headers([header::CONTENT_TYPE])));
    assert_eq!(answer.header("vary").unwrap(), "a, \"b\"");
    assert_eq!(answer.header("grip-expose-headers").unwrap(), "content-type, cache-control, vary");
}

#[test]
fn the_client_gets_a_header_more_than_a_list_that_is_written_by_hand() {
    for (list, lists) in [("x-a, x-b", &["x-a, x-b", "vary"][..]), ("", &[""])] {
        let by_hand = Answer::text(200, "").with_header(GRIP_EXPOSE_HEADERS, HeaderValue::from_static(list));
        let answer = sent(by_hand.with_client_header(header::VARY, HeaderValue::from_static("a")));
        let told = answer.headers().filter(|(name, _)| *name == GRIP_EXPOSE_HEADERS);
        assert_eq!(told.map(|(_, list)| list).collect::<Vec<_>>(), lists);
        assert_eq!(answer.header("vary").unwrap(), "a");
    }
}

#[test]
fn content_type_and_cache_control_always_reach_the_client() {
    let feed = |channel: Channel| {
        Hold::sse(channel)
            .header(CONTENT_LANGUAGE, HeaderValue::from_static("en"))
            .expose_headers([CONTENT_LANGUAGE])
    };
    let answer = sent(feed(A));
    assert_eq!(
        answer.header("grip-expose-headers").unwrap(),
        "content-language, content-type, cache-control"
    );
    let all = json!([
        ["content-type", "text/event-stream"],
        ["cache-control", "no-store"],
        ["content-language", "en"]
    ]);
    assert_eq!(json(feed(ODD))["response"]["headers"], all);
    let now = feed(A).now();
    let names: Vec<_> = now.headers().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "cache-control", "content-language"]);
    // An empty list lets no other header through.
    let none = || Hold::sse(A).header(CONTENT_LANGUAGE, HeaderValue::from_static("en")).expose_headers([]);
    assert_eq!(sent(none()).header("grip-expose-headers").unwrap(), "content-type, cache-control");
    let now = none().now();
    let names: Vec<_> = now.headers().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "cache-control"]);
}

#[test]
fn what_a_client_made_wrong_is_a_400_that_says_so() {
    let next = Link::from_static("/missed");
    let made = |name: &str| Channel::unchecked(name.to_owned());
    let last = |id: &str| Hold::long_poll(Subscription::new(A).prev_id(id));
    for (hold, text) in [
        (Hold::sse(made("")), "a channel name cannot be empty"),
        (Hold::long_poll(A).channel(made("\u{feff}a")), "a channel name cannot begin with"),
        (Hold::stream(made(&"a".repeat(2049))).next(next.clone()), "a channel name has at most 2048 bytes"),
        (Hold::sse(made("a,b")).next(next.clone()), "a stream with a next link can only have"),
        (Hold::sse(made("\u{e9}")).next(next.clone()), "a stream with a next link can only have"),
        (Hold::sse(A).meta("user", "\u{e9}").next(next), "a stream with a next link can only have"),
        (Hold::sse(A).meta("user", "\u{feff}alice"), "meta cannot begin with a byte order mark"),
        (Hold::sse(A).meta("\u{feff}user", "alice"), "meta cannot begin with a byte order mark"),
        (last("\u{feff}1"), "an id cannot begin with a byte order mark"),
    ] {
        let answer = Answer::from(hold);
        let said = String::from_utf8(answer.body.clone()).unwrap();
        assert_eq!(answer.status(), 400, "{said}");
        assert!(said.starts_with(text), "{said}");
        assert!(answer.headers().all(|(name, _)| !name.as_str().starts_with("grip-")));
    }
    assert_eq!(Answer::from(last("1\u{feff}")).status(), 200);
}

#[test]
fn at_once_nothing_is_held() {
    let answer = Hold::long_poll(A).status(StatusCode::ACCEPTED).body("x").now();
    let names: Vec<_> = answer.headers().map(|(name, _)| name.as_str()).collect();
    assert_eq!((answer.status().as_u16(), names), (202, vec!["content-type", "cache-control"]));
    assert_eq!(answer.body(), b"x");
    assert_eq!(Hold::long_poll(A).header(GRIP_HOLD, NO_STORE).now().status(), 500);
    assert_eq!(Hold::long_poll(A).content_type(INSTRUCT).now().status(), 500);
}

#[test]
#[should_panic = "5 seconds or more"]
fn a_timeout_that_the_proxy_would_raise_is_a_mistake() {
    let _ = Hold::long_poll(A).timeout(4);
}

const LIMIT: usize = Hold::MAX_INSTRUCTION;

/// The hold whose answer has a body of this length.
fn of_len(hold: Hold, len: usize) -> Answer {
    let around = sent(hold.clone().body("")).body().len();
    let answer = Answer::from(hold.body("x".repeat(len - around)));
    assert_eq!(answer.status(), 200);
    answer
}

/// The length of the answer as it is sent, or the reason why it is not.
fn sent_len(answer: Answer) -> Result<usize, String> {
    let Answer { status, headers, body, instruction, mark: _ } = answer;
    let client = wire::Response { status, headers, body };
    let written = match &instruction {
        Some(instruction) => wire::write(instruction, client, false).unwrap(),
        None => client,
    };
    wire::check_len(instruction.as_deref(), &written).map_err(|error| error.to_string())?;
    Ok(written.body.len())
}

#[test]
fn an_instruction_that_the_proxy_reads_whole_has_a_limit() {
    let filtered = || Subscription::new(A).filter(Filter::BuildId);
    for (hold, text) in [
        (
            Hold::long_poll(A),
            "the body of a long poll has 100001 bytes, and the proxy's limit is 100000: return less",
        ),
        (
            Hold::long_poll(ODD),
            "the JSON of a hold whose channels or meta do not fit into headers has 100001 bytes",
        ),
        (Hold::sse(ODD), "the JSON of a hold"),
        (Hold::stream(ODD), "the JSON of a hold"),
        (Hold::long_poll(filtered()), "the body of a long poll"),
        (Hold::stream(filtered()), "the start of a stream with the filter `build-id` has 100001 bytes"),
        (Hold::sse(A).channel(filtered()), "the start of a stream with the filter `build-id`"),
    ] {
        assert_eq!(sent_len(of_len(hold.clone(), LIMIT - 1)), Ok(LIMIT - 1));
        assert_eq!(sent_len(of_len(hold.clone(), LIMIT)), Ok(LIMIT));
        let answer = of_len(hold, LIMIT + 1);
        let refusal = answer.clone().written("/").unwrap_err();
        assert_eq!(refusal.status(), 500);
        let said = sent_len(answer).unwrap_err();
        assert!(said.starts_with(text), "{said}");
    }
}

#[test]
fn a_body_that_the_proxy_passes_on_has_no_limit() {
    let next = Link::from_static("/missed");
    let quoted = Subscription::new(A).prev_id(r#"\"; filter=build-id"#);
    for hold in [
        Hold::sse(A),
        Hold::stream(A),
        Hold::sse(Subscription::new(A).filter(Filter::SkipSelf).filter(Filter::VarSubst)),
        Hold::stream(Channel::from_static("filter=build-id")),
        Hold::stream(quoted).next(next),
    ] {
        assert_eq!(sent_len(of_len(hold.clone(), 3_000_000)), Ok(3_000_000), "{hold:?}");
    }
    let long = "x".repeat(LIMIT + 1);
    assert_eq!(sent_len(Hold::long_poll(ODD).body(long.clone()).now()), Ok(LIMIT + 1));
    assert_eq!(sent_len(Answer::text(500, long.clone())), Ok(LIMIT + 1));
    // It ends a stream, or continues with the old subscriptions.
    let link = |rel| HeaderValue::from_str(&format!("</missed>; rel={rel}")).unwrap();
    let last = |rel| Answer::text(200, long.clone()).with_header(GRIP_LINK, link(rel));
    assert_eq!(sent_len(last("next")), Ok(LIMIT + 1));
    assert!(sent_len(last("gone")).is_err());
}

#[test]
fn an_instruction_that_is_written_by_hand_has_the_limit_too() {
    let with = |headers: &[(&'static str, &'static str)]| {
        let long = Answer::new(StatusCode::OK).with_body("x".repeat(LIMIT + 1));
        headers.iter().fold(long, |answer, &(name, value)| {
            answer.with_header(HeaderName::from_static(name), HeaderValue::from_static(value))
        })
    };
    let (next, json) = (("grip-link", "</missed>; rel=next"), "application/grip-instruct");
    for (headers, said) in [
        (&[("grip-hold", "response")][..], "the body of a long poll"),
        (&[("grip-hold", "response"), next], "the body of a long poll"),
        (&[("content-type", json)], "the JSON of a hold"),
        (&[("content-type", "application/grip-instruct; charset=utf-8")], "the JSON of a hold"),
    ] {
        assert!(sent_len(with(headers)).unwrap_err().starts_with(said), "{headers:?}");
    }
    for headers in
        [&[("grip-hold", "stream")][..], &[("grip-hold", "stream"), next], &[next], &[("x-type", json)]]
    {
        assert_eq!(sent_len(with(headers)), Ok(LIMIT + 1), "{headers:?}");
    }
}

#[test]
fn a_channel_that_is_always_new_counts_if_the_proxy_sends_the_request_again() {
    let changing = || {
        let mut subscription = Subscription::new(A);
        subscription.changes = true;
        subscription
    };
    let next = Link::from_static("/missed");
    for (hold, is_told) in [
        (Hold::long_poll(changing()), true),
        (Hold::long_poll(A), false),
        (Hold::sse(changing()), false),
        (Hold::sse(changing()).next(next.clone()), true),
        (Hold::stream(A).next(next), false),
    ] {
        assert_eq!(always_new(&hold.instruction), is_told.then_some(&A), "{hold:?}");
    }
}
