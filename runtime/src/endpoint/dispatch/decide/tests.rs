use http::HeaderMap;

use super::super::gate::sample::{TOKEN, TRUST};
use super::*;
use crate::endpoint::guard::GuardValue;
use crate::endpoint::request::{GUARD_HEADER, HeaderSource};
use crate::grip::{Channel, Hold};

const SSE: Route = Route::sse("/sse", |_| Answer::new(StatusCode::OK));
const WS: Route = Route::ws("/ws", |_, _| Answer::new(StatusCode::OK)).backend("me");

/// A step, without its borrows.
#[derive(Debug)]
enum Done {
    Answer(Answer),
    Refuse,
    HandOff(&'static str),
    Run,
}

#[test]
fn the_guard_header_replaces_one_of_the_client() {
    const GUARDED: Route = SSE.guard(|_| GuardValue::new(&1));
    let mut forged = HeaderMap::new();
    forged.insert(GUARD_HEADER, HeaderValue::from_static("forged"));
    for (route, headers, expected) in [
        (GUARDED, &HeaderMap::new(), Some(true)),
        (GUARDED, &forged, Some(true)),
        (SSE, &forged, Some(false)),
        (SSE, &HeaderMap::new(), None),
    ] {
        let routes = [route];
        let found = find(Routes::unsorted(&routes), "/sse").unwrap();
        let head = RequestHead::new(&Method::GET, "/sse", None, headers);
        let Step::HandOff(_, header) = step(&found, &head, &TRUST) else { panic!("not handed off") };
        assert_eq!(header.map(|header| header.to_str().unwrap().ends_with(".MQ")), expected);
    }
}

#[test]
fn a_guard_cannot_hold_the_client_request() {
    let guarded = [SSE.guard(|_| Err(Hold::sse(Channel::from_static("secret")).into()))];
    let found = find(Routes::unsorted(&guarded), "/sse").unwrap();
    for method in [Method::GET, Method::HEAD] {
        let headers = HeaderMap::new();
        let head = RequestHead::new(&method, "/sse", None, &headers);
        let Step::Answer(answer) = step(&found, &head, &TRUST) else { panic!("not answered") };
        let answer = found.finish(&head, answer);
        assert_eq!((answer.status().as_u16(), answer.body()), (500, &b"something went wrong\n"[..]));
        assert!(answer.headers().all(|(name, _)| !name.as_str().starts_with("grip-")), "{answer:?}");
    }
}

fn ask(route: &Route, method: Method, headers: &[(&'static str, &str)]) -> Done {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    let routes = [*route];
    let found = find(Routes::unsorted(&routes), route.path()).unwrap();
    let head = RequestHead::new(&method, route.path(), None, &map);
    match step(&found, &head, &TRUST) {
        Step::Answer(answer) => Done::Answer(answer),
        Step::Refuse(_) => Done::Refuse,
        Step::HandOff(route, _) => Done::HandOff(route.settings.backend),
        Step::Run(..) => Done::Run,
    }
}

fn status(step: Done) -> u16 {
    let Done::Answer(answer) = step else { panic!("not answered: {step:?}") };
    answer.status().as_u16()
}

#[test]
fn a_client_is_handed_off_to_the_backend_of_the_route() {
    assert!(matches!(ask(&SSE, Method::GET, &[]), Done::HandOff("self")));
    assert!(matches!(ask(&WS, Method::GET, &[("upgrade", "h2c, WebSocket")]), Done::HandOff("me")));
}

#[test]
fn a_wrong_client_request_gets_the_reason() {
    assert_eq!(status(ask(&SSE, Method::POST, &[])), 405);
    assert_eq!(status(ask(&SSE, Method::HEAD, &[])), 200);
    assert_eq!(status(ask(&SSE, Method::OPTIONS, &[])), 204);
    assert_eq!(status(ask(&WS, Method::GET, &[])), 426);
    assert_eq!(status(ask(&WS, Method::GET, &[("upgrade", "websockets")])), 426);
    assert_eq!(status(ask(&WS, Method::POST, &[("content-type", websocket::CONTENT_TYPE)])), 405);
}

/// The status and the `Allow` of an answer at one path.
fn allowed(routes: &[Route], method: &Method, headers: &[(&'static str, &str)]) -> (u16, String) {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    let path = routes[0].path();
    let found = find(Routes::unsorted(routes), path).unwrap();
    match step(&found, &RequestHead::new(method, path, None, &map), &TRUST) {
        Step::Answer(answer) => {
            let allow = answer.header("allow").map(|allow| allow.to_str().unwrap().to_owned());
            (answer.status().as_u16(), allow.unwrap_or_default())
        }
        other => panic!("{method}: {other:?}"),
    }
}

/// The app answers the methods that `Allow` names, and no others.
#[test]
fn allow_says_what_is_answered() {
    const GET: Route = Route::plain("/ws", |_| Answer::new(StatusCode::OK));
    const POST: Route = GET.methods(Methods::POST);
    let stream = Route::sse("/ws", |_| Answer::new(StatusCode::OK));
    let upgrade = ("upgrade", "websocket");
    for (routes, expected) in [
        (&[WS][..], "GET, OPTIONS"),
        (&[WS, POST], "GET, POST, OPTIONS"),
        (&[POST, WS], "GET, POST, OPTIONS"),
        (&[GET], "GET, HEAD, OPTIONS"),
        (&[POST], "POST, OPTIONS"),
        (&[POST, GET], "GET, POST, HEAD, OPTIONS"),
        (&[stream, POST], "GET, POST, HEAD, OPTIONS"),
        (&[stream, GET.methods(Methods::PUT.or(Methods::DELETE))], "GET, PUT, DELETE, HEAD, OPTIONS"),
    ] {
        let opens = |method: &Method| {
            method == Method::GET && routes.iter().any(|route| route.kind() == Kind::WebSocket)
        };
        assert_eq!(allowed(routes, &Method::OPTIONS, &[]), (204, expected.to_owned()), "{routes:?}");
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let is_allowed = expected.split(", ").any(|allowed| method == allowed);
            let headers = if opens(&method) { &[upgrade][..] } else { &[] };
            if !is_allowed {
                let refused = (405, expected.to_owned());
                assert_eq!(allowed(routes, &method, &[]), refused, "{method} {routes:?}");
                // No endpoint of the path opens a WebSocket.
                let refused = if method == Method::GET { (400, String::new()) } else { refused };
                assert_eq!(allowed(routes, &method, &[upgrade]), refused, "{method} {routes:?}");
                continue;
            }
            let mut map = HeaderMap::new();
            map.extend(
                headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())),
            );
            let found = find(Routes::unsorted(routes), "/ws").unwrap();
            let head = RequestHead::new(&method, "/ws", None, &map);
            let is_head_of_hold =
                method == Method::HEAD && routes.iter().any(|route| route.kind() == Kind::Sse);
            match step(&found, &head, &TRUST) {
                Step::Answer(answer) => {
                    assert!(is_head_of_hold && answer.status() == 200, "{method} {routes:?}")
                }
                Step::Run(route, _) => assert_eq!(route.kind(), Kind::Plain, "{method} {routes:?}"),
                Step::HandOff(route, _) => assert_ne!(route.kind(), Kind::Plain, "{method} {routes:?}"),
                Step::Refuse(refused) => panic!("{method} {routes:?}: {refused}"),
            }
        }
    }
}

#[test]
fn the_head_of_a_websocket_is_refused_behind_the_proxy_too() {
    let signed = ("grip-sig", TOKEN);
    assert_eq!(allowed(&[WS], &Method::HEAD, &[signed]), (405, "GET, OPTIONS".to_owned()));
    assert_eq!(allowed(&[WS], &Method::OPTIONS, &[signed]), (204, "GET, OPTIONS".to_owned()));
}

const PLAIN: Route =
    Route::plain("/plain", |_| Answer::new(StatusCode::OK)).methods(Methods::POST.or(Methods::GET));

#[test]
fn a_plain_endpoint_is_never_handed_off() {
    let signed = ("grip-sig", TOKEN);
    for method in [Method::GET, Method::HEAD, Method::POST] {
        for headers in [&[][..], &[signed], &[signed, ("grip-feature", "status")]] {
            assert!(matches!(ask(&PLAIN, method.clone(), headers), Done::Run), "{method} {headers:?}");
        }
        for headers in [("grip-sig", "token"), ("grip-feature", "status")] {
            assert!(matches!(ask(&PLAIN, method.clone(), &[headers]), Done::Refuse), "{method} {headers:?}");
        }
    }
    assert_eq!(status(ask(&PLAIN, Method::GET, &[("upgrade", "websocket")])), 400);
}

/// A client's own body may pass a proxy, which signs the request.
#[test]
fn a_plain_endpoint_takes_no_events() {
    for sender in [&[][..], &[("grip-sig", TOKEN)]] {
        for written in [
            "Application/WebSocket-Events",
            "application/websocket-events ;",
            "text/plain, application/websocket-events",
        ] {
            let headers = [sender, &[("content-type", written)]].concat();
            assert_eq!(status(ask(&PLAIN, Method::POST, &headers)), 415, "{headers:?}");
        }
    }
    let events = ("content-type", websocket::CONTENT_TYPE);
    assert_eq!(status(ask(&PLAIN, Method::POST, &[events])), 415);
    assert_eq!(status(ask(&PLAIN, Method::POST, &[("grip-sig", TOKEN), events])), 400);
}

#[test]
fn a_plain_endpoint_has_a_limit_of_its_own() {
    const GUARDED: Route = PLAIN.max_body(10).guard(|_| Err(Answer::text(401, "")));
    for (route, length, expected) in [
        (PLAIN, "1048576", 0),
        (PLAIN, "1048577", 413),
        (PLAIN.max_body(10), "10", 0),
        (PLAIN.max_body(10), "11", 413),
        (PLAIN.max_body(10), "x", 400),
        (GUARDED, "11", 413),
        (GUARDED, "10", 401),
    ] {
        for sender in [&[][..], &[("grip-sig", TOKEN)]] {
            let headers = [sender, &[("content-length", length)]].concat();
            let said = match ask(&route, Method::POST, &headers) {
                Done::Run => 0,
                other => status(other),
            };
            assert_eq!(said, expected, "{headers:?}");
        }
    }
}

/// The client would get its instruction.
#[test]
fn a_plain_endpoint_cannot_hold() {
    let headers = HeaderMap::new();
    let head = RequestHead::new(&Method::GET, "/plain", None, &headers);
    let held = answer_at_once(&head, |_| Hold::sse(crate::grip::Channel::from_static("a")).into());
    assert_eq!(held.status(), 500);
    assert!(held.headers().all(|(name, _)| !name.as_str().starts_with("grip-")), "{held:?}");
    assert_eq!(answer_at_once(&head, |_| Answer::text(418, "")).status(), 418);
}

/// A page may send a method only if its endpoint lets the page in with the same cookies.
#[test]
fn a_preflight_names_the_methods_of_the_path_that_are_for_the_page() {
    const A: &str = "https://a.example";
    const B: &str = "https://b.example";
    const SSE: Route = Route::sse("/", |_| Answer::new(StatusCode::OK));
    const POST: Route = Route::plain("/", |_| Answer::new(StatusCode::OK)).methods(Methods::POST);
    const DELETE: Route = POST.methods(Methods::DELETE);
    let preflight = |routes: &[Route], method: &str, origin: &str| {
        let asked = [("origin", origin), ("access-control-request-method", method)];
        let map: HeaderMap = asked
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .into_iter()
            .collect();
        let found = find(Routes::unsorted(routes), "/").unwrap();
        let head = RequestHead::new(&Method::OPTIONS, "/", None, &map);
        let Step::Answer(answer) = step(&found, &head, &TRUST) else { panic!("not answered") };
        let answer = found.finish(&head, answer);
        let header =
            |name| answer.header(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned());
        [header("access-control-allow-origin"), header("access-control-allow-methods")]
    };
    let same = [SSE.cors(&[A]), POST.cors(&[A, B]), DELETE.cors(&[B])];
    assert_eq!(preflight(&same, "POST", A), [A, "GET, POST"]);
    assert_eq!(preflight(&same, "GET", A), [A, "GET, POST"]);
    assert_eq!(preflight(&same, "HEAD", A), [A, "GET, POST"]);
    assert_eq!(preflight(&same, "POST", B), [B, "POST, DELETE"]);
    assert_eq!(preflight(&same, "DELETE", A), ["", "DELETE"]);
    let any = [SSE.cors(&["*"]), POST.cors(&[A]), DELETE];
    assert_eq!(preflight(&any, "GET", A), ["*", "GET, POST"]);
    assert_eq!(preflight(&any, "GET", B), ["*", "GET"]);
    // With cookies, which `*` does not allow.
    assert_eq!(preflight(&any, "POST", A), [A, "POST"]);
    assert_eq!(preflight(&any, "DELETE", A), ["", ""]);
}

#[test]
fn a_false_claim_to_be_fanout_is_neither_handed_off_nor_held() {
    let events = ("content-type", websocket::CONTENT_TYPE);
    assert!(matches!(ask(&SSE, Method::GET, &[("grip-sig", "token")]), Done::Refuse));
    assert!(matches!(ask(&SSE, Method::GET, &[("grip-feature", "status")]), Done::Refuse));
    assert!(matches!(ask(&WS, Method::POST, &[("grip-sig", "token"), events]), Done::Refuse));
    assert!(matches!(ask(&WS, Method::POST, &[("grip-feature", "status"), events]), Done::Refuse));
}

#[test]
fn a_fanout_request_runs_the_handler() {
    let signed = ("grip-sig", TOKEN);
    assert!(matches!(ask(&SSE, Method::GET, &[signed]), Done::Run));
    assert!(matches!(
        ask(&WS, Method::POST, &[signed, ("content-type", websocket::CONTENT_TYPE)]),
        Done::Run
    ));
}

#[test]
fn no_websocket_opens_at_another_endpoint() {
    let signed = ("grip-sig", TOKEN);
    let events = ("content-type", websocket::CONTENT_TYPE);
    let poll = SSE.methods(Methods::POST);
    for route in [SSE, poll] {
        assert_eq!(status(ask(&route, Method::GET, &[("upgrade", "websocket")])), 400);
        assert_eq!(status(ask(&route, Method::POST, &[signed, events])), 400);
    }
}

#[test]
fn events_are_for_the_websocket_of_a_path() {
    let mut headers = HeaderMap::new();
    headers.insert("grip-sig", TOKEN.parse().unwrap());
    headers.insert("content-type", websocket::CONTENT_TYPE.parse().unwrap());
    let poll = Route::long_poll("/ws", |_| Answer::new(StatusCode::OK)).methods(Methods::POST);
    for routes in [[poll, WS], [WS, poll]] {
        let found = find(Routes::unsorted(&routes), "/ws").unwrap();
        let head = RequestHead::new(&Method::POST, "/ws", None, &headers);
        let Step::Run(route, _) = step(&found, &head, &TRUST) else { panic!("nothing runs") };
        assert_eq!(route.kind(), Kind::WebSocket);
    }
}

/// Headers with an order.
struct InOrder<'h>(&'h HeaderMap, [&'static str; 3]);

impl HeaderSource for InOrder<'_> {
    fn values(&self, name: &HeaderName) -> Vec<&HeaderValue> {
        HeaderSource::values(self.0, name)
    }

    fn order(&self, one: &HeaderName, other: &HeaderName) -> Option<Ordering> {
        let place = |name: &HeaderName| self.1.iter().position(|this| this == name);
        Some(place(one).cmp(&place(other)))
    }
}

#[test]
fn events_that_a_proxy_passes_on_are_not_its_own() {
    let mut map = HeaderMap::new();
    map.insert("grip-sig", TOKEN.parse().unwrap());
    map.insert("grip-feature", "status".parse().unwrap());
    map.insert("content-type", websocket::CONTENT_TYPE.parse().unwrap());
    for (order, runs) in [
        (["grip-sig", "grip-feature", "content-type"], true),
        (["grip-feature", "grip-sig", "content-type"], true),
        (["content-type", "grip-sig", "grip-feature"], false),
        (["content-type", "grip-feature", "grip-sig"], false),
    ] {
        let headers = InOrder(&map, order);
        let routes = [WS];
        let found = find(Routes::unsorted(&routes), "/ws").unwrap();
        // Behind the headers of the proxy, the content type is the proxy's, and so is the method.
        for method in [Method::POST, Method::GET] {
            let head = RequestHead::new(&method, "/ws", None, &headers);
            match step(&found, &head, &TRUST) {
                Step::Run(..) => assert!(runs, "{order:?}"),
                Step::Refuse(refused) => assert_eq!((refused, runs), (Refused::ClientsEvents, false)),
                other => panic!("{order:?}: {other:?}"),
            }
        }
    }
}

/// Requests that a client cannot get past the check of events, whose method is not read.
#[test]
fn no_client_request_with_the_type_of_events_is_handed_off() {
    for route in [WS, SSE, SSE.methods(Methods::POST.or(Methods::GET))] {
        for method in [Method::GET, Method::POST, Method::HEAD, Method::PUT] {
            for written in [websocket::CONTENT_TYPE, "Application/WebSocket-Events ;", "a, websocket-events"]
            {
                let headers = [("content-type", written), ("upgrade", "websocket")];
                let headers = &headers[..if route.kind() == Kind::WebSocket { 2 } else { 1 }];
                let refused = status(ask(&route, method.clone(), headers));
                assert!(matches!(refused, 405 | 415), "{method} {written}: {refused}");
            }
        }
    }
}

/// A request by Fanout to a path of one hold is not checked again, and its method is not read.
#[test]
fn fanouts_request_to_one_hold_runs_it() {
    let fanouts = |routes: &[Route]| {
        let found = find(Routes::unsorted(routes), "/sse").unwrap();
        found.checked_before(Sender::Fanout).is_some()
    };
    assert!(fanouts(&[SSE]));
    for others in [&[SSE.methods(Methods::POST)][..], &[SSE, SSE.methods(Methods::POST)]] {
        assert!(!fanouts(others));
    }
    let others = [Route::ws("/sse", |_, _| Answer::new(StatusCode::OK))];
    assert!(!fanouts(&others));
    let others = [Route::plain("/sse", |_| Answer::new(StatusCode::OK))];
    assert!(!fanouts(&others));
    let routes = [SSE];
    let found = find(Routes::unsorted(&routes), "/sse").unwrap();
    for sender in [Sender::Client, Sender::Local, Sender::SelfRun] {
        assert!(found.checked_before(sender).is_none(), "{sender:?}");
    }
}

#[test]
fn a_client_does_not_call_its_body_events() {
    let poll = SSE.methods(Methods::POST);
    let ask = |types: &[&str]| {
        let headers: Vec<_> = types.iter().map(|written| ("content-type", *written)).collect();
        ask(&poll, Method::POST, &headers)
    };
    for types in [
        &[websocket::CONTENT_TYPE][..],
        &["Application/WebSocket-Events ; a=b"],
        &["", websocket::CONTENT_TYPE],
        &["text/plain", websocket::CONTENT_TYPE],
    ] {
        assert_eq!(status(ask(types)), 415, "{types:?}");
    }
    assert!(matches!(ask(&["text/plain"]), Done::HandOff("self")));
    assert!(matches!(ask(&[]), Done::HandOff("self")));
}

#[test]
fn a_body_that_the_proxy_would_not_take_is_refused_before_the_guard() {
    const GUARDED: Route = Route::long_poll("/poll", |_| Answer::new(StatusCode::OK))
        .methods(Methods::POST.or(Methods::GET))
        .guard(|_| Err(Answer::text(401, "")));
    const POLL: Route = GUARDED.guard(|_| Ok(GuardValue::NONE));
    let says = |route: &Route, method: Method, lengths: &[&str]| {
        let headers: Vec<_> = lengths.iter().map(|length| ("content-length", *length)).collect();
        match ask(route, method, &headers) {
            Done::HandOff(_) => 0,
            other => status(other),
        }
    };
    for (lengths, expected) in [
        (&[][..], 0),
        (&["0"], 0),
        (&["99999"], 0),
        (&["100000"], 0),
        (&["100001"], 413),
        (&["18446744073709551616"], 413),
        (&["99999999999999999999999999"], 413),
        // RFC 9110 lets one number stand several times.
        (&["5", "5"], 0),
        (&["5, 5"], 0),
        (&["100001", "100001"], 413),
        (&["5", "6"], 400),
        (&["5, 100001"], 400),
        (&[""], 400),
        (&["5,"], 400),
        (&["+5"], 400),
        (&["-1"], 400),
        (&["5 bytes"], 400),
        (&["0x5"], 400),
    ] {
        for method in [Method::POST, Method::GET] {
            assert_eq!(says(&POLL, method, lengths), expected, "{lengths:?}");
        }
    }
    assert_eq!(says(&POLL, Method::HEAD, &["100001"]), 413);
    assert_eq!(says(&GUARDED, Method::POST, &["100001"]), 413);
    assert_eq!(says(&GUARDED, Method::POST, &["100000"]), 401);
    assert_eq!(says(&GUARDED, Method::PUT, &["100001"]), 405);
    let signed = ("grip-sig", TOKEN);
    assert!(matches!(ask(&POLL, Method::POST, &[signed, ("content-length", "100001")]), Done::Run));
    let events = ("content-type", websocket::CONTENT_TYPE);
    assert_eq!(status(ask(&POLL, Method::POST, &[events, ("content-length", "100001")])), 415);
}

#[test]
fn the_sent_instruction_has_a_limit() {
    const LIMIT: usize = Hold::MAX_INSTRUCTION;
    let route = Route::long_poll("/", |_| Answer::new(StatusCode::OK)).cors(&["*"]);
    let (routes, headers) = ([route], HeaderMap::new());
    let found = find(Routes::unsorted(&routes), "/").unwrap();
    let head = RequestHead::new(&Method::GET, "/", None, &headers);
    for name in ["a", "a,b"] {
        let held = |len| {
            let channel = crate::grip::Channel::new(name).unwrap();
            found.finish(&head, Hold::long_poll(channel).body("x".repeat(len)).into())
        };
        // The JSON, and what CORS adds to it.
        let around = held(0).body().len();
        for (len, status) in [(LIMIT - 1, 200), (LIMIT, 200), (LIMIT + 1, 500)] {
            let answer = held(len - around);
            assert_eq!(answer.status(), status, "{name}");
            if status == 200 {
                assert_eq!(answer.body().len(), len);
            } else {
                assert_eq!(answer.header("access-control-allow-origin").unwrap(), "*");
                assert!(answer.headers().all(|(name, _)| !name.as_str().starts_with("grip-")), "{answer:?}");
            }
        }
    }
}

#[test]
fn the_proxy_cuts_a_long_refusal_off() {
    const LIMIT: usize = websocket::MAX_REFUSAL;
    for (len, cut) in [(LIMIT - 1, 0), (LIMIT, 0), (LIMIT + 1, 1)] {
        assert_eq!(Answer::text(403, "x".repeat(len)).cut_off(), cut);
        assert_eq!(Answer::text(200, "x".repeat(len)).cut_off(), cut);
    }
    let mut reply = websocket::Reply::new();
    reply.open();
    reply.text("x".repeat(LIMIT + 1));
    assert_eq!(Answer::from(reply).cut_off(), 0);
}

#[test]
fn a_page_of_another_origin_opens_nothing_without_a_client_request() {
    let mut headers = HeaderMap::new();
    headers.insert("origin", HeaderValue::from_static("https://b.example"));
    let head = RequestHead::new(&Method::POST, "/ws", None, &headers);
    let own = WS.origins(&["https://a.example"]);
    for (route, body, status) in [
        (own, &b"OPEN\r\n"[..], 403),
        (own, b"TEXT 0\r\n\r\n", 200),
        (own.origins(&["https://b.example"]), b"OPEN\r\n", 200),
        (WS, b"OPEN\r\n", 200),
    ] {
        let answer = hear(&route, &head, |_, _| Answer::new(StatusCode::OK), body);
        assert_eq!(answer.status(), status, "{}", body.escape_ascii());
    }
}

#[test]
fn the_answer_to_a_panic_depends_on_its_place() {
    let ran = || match running::replace(Running::Elsewhere) {
        Running::Endpoint(route) => Some((route.path(), false)),
        Running::Connection(route) => Some((route.path(), true)),
        _ => None,
    };
    const PANICS: Route = SSE.guard(|_| match running::replace(Running::Elsewhere) {
        Running::Endpoint(route) => Err(Answer::text(418, route.path())),
        _ => Ok(GuardValue::NONE),
    });
    assert_eq!(status(ask(&PANICS, Method::GET, &[])), 418);
    // A policy of the app.
    let headers = HeaderMap::from_iter([(HeaderName::from_static("grip-sig"), TOKEN.parse().unwrap())]);
    let head = RequestHead::new(&Method::GET, "/sse", None, &headers);
    let routes = [SSE];
    let found = find(Routes::unsorted(&routes), "/sse").unwrap();
    let policy = || {
        assert_eq!(ran(), Some(("/sse", false)));
        (TRUST.policy)()
    };
    let _ = step(&found, &head, &Trust { policy: &policy, now: TRUST.now });
    assert_eq!(ran(), Some(("/sse", false)));
    let events = ("content-type", websocket::CONTENT_TYPE);
    for (body, is_open) in [(&b"OPEN\r\nTEXT 0\r\n\r\n"[..], false), (b"TEXT 0\r\n\r\n", true), (b"", true)] {
        assert!(matches!(ask(&WS, Method::POST, &[("grip-sig", TOKEN), events]), Done::Run));
        let answer = hear(&WS, &head, |_, _| Answer::new(StatusCode::OK), body);
        assert_eq!(answer.status(), 200);
        assert_eq!(ran(), Some(("/ws", is_open)), "{}", body.escape_ascii());
    }
}

#[test]
fn only_the_proxys_own_bytes_are_events() {
    let signed = ("grip-sig", TOKEN);
    for written in [
        "Application/WebSocket-Events",
        "application/websocket-events;",
        "application/websocket-events ;",
        "application/websocket-events,",
        "application/websocket-events; charset=utf-8",
        "text/plain",
    ] {
        assert_eq!(status(ask(&WS, Method::POST, &[signed, ("content-type", written)])), 405, "{written}");
    }
    let events = ("content-type", websocket::CONTENT_TYPE);
    assert_eq!(status(ask(&WS, Method::POST, &[signed, events, events])), 405);
    assert_eq!(status(ask(&WS, Method::POST, &[signed])), 405);
    assert_eq!(status(ask(&WS, Method::GET, &[signed, events])), 426);
    assert_eq!(status(ask(&WS, Method::GET, &[signed, events, ("upgrade", "websocket")])), 426);
}
