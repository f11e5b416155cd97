use http::{HeaderMap, Method, StatusCode};

use super::*;
use crate::endpoint::Methods;
use crate::endpoint::dispatch::NotAsync as _;
use crate::endpoint::dispatch::decide::{Step, find, step};
use crate::endpoint::dispatch::gate::sample::TRUST;
use crate::endpoint::response::{Json, Reason, Refusal};
use crate::endpoint::routing::Routes;
use crate::grip::{Channel, Hold};

const NEWS: Route = Route::sse("/news/{topic}", |_| Hold::sse(Channel::from_static("news")).into());

fn as_json(rejection: Rejection<'_>) -> Answer {
    (rejection.status(), Json(rejection.to_string())).into_answer()
}

fn header(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// The answer to a request of a client.
fn answer(refuse: Option<Refuse>, route: Route, method: Method, path: &str, origin: Option<&str>) -> Answer {
    let routes = [route];
    let mut routes = Routes::unsorted(&routes);
    routes.refuse = refuse;
    let headers = origin.map(|origin| ("origin".parse().unwrap(), origin.parse().unwrap()));
    let headers = HeaderMap::from_iter(headers);
    let found = find(routes, path).unwrap();
    let head = RequestHead::new(&method, path, None, &headers);
    match step(&found, &head, &TRUST) {
        Step::Answer(answer) => found.finish(&head, answer),
        other => panic!("not answered: {other:?}"),
    }
}

#[test]
fn the_function_gets_the_reason_and_the_request() {
    fn says(rejection: &Rejection<'_>) -> (StatusCode, String) {
        let head = rejection.head().unwrap();
        let (reason, endpoint) = (rejection.reason(), rejection.endpoint());
        (rejection.status(), format!("{reason:?} {endpoint:?} {head:?} {rejection}"))
    }
    let function =
        |rejection: Rejection<'_>| RefusalResult::returned(RefusalFunction::refuse(says, &rejection)).now();
    for (method, path, expected) in [
        (
            Method::PUT,
            "/news/a",
            "MethodNotAllowed Some(\"/news/{topic}\") RequestHead(PUT /news/a) this endpoint answers GET",
        ),
        (
            Method::GET,
            "/news/%ff",
            "InvalidPath Some(\"/news/{topic}\") RequestHead(GET /news/%ff) `topic` in the path is not UTF-8",
        ),
    ] {
        let answer = answer(Some(function), NEWS, method, path, None);
        assert_eq!(str::from_utf8(answer.body()), Ok(expected));
    }
}

#[test]
fn required_headers_stay_whatever_the_function_returns() {
    let refusing: [Refuse; 4] = [
        as_json,
        |rejection| rejection.into_answer(),
        |_| Answer::new(StatusCode::IM_A_TEAPOT),
        |rejection| {
            let (allow, allowed) = header("allow", "BREW");
            let (vary, by) = header("vary", "Accept");
            let (name, origin) = header("access-control-allow-origin", "*");
            let answer = rejection.into_answer().with_header(allow, allowed).with_header(vary, by);
            answer.with_header(name, origin)
        },
    ];
    const SHARED: Route = NEWS.methods(Methods::GET.or(Methods::PUT)).cors(&["https://a.example"]);
    let origin = Some("https://a.example");
    let default = answer(None, SHARED, Method::POST, "/news/a", origin);
    for (index, refuse) in refusing.into_iter().enumerate() {
        let answer = answer(Some(refuse), SHARED, Method::POST, "/news/a", origin);
        let values = |name: &str| -> Vec<_> {
            answer.headers().filter(|(this, _)| *this == name).map(|(_, value)| value.clone()).collect()
        };
        assert_eq!(values("allow"), ["GET, PUT, HEAD, OPTIONS"], "{index}");
        assert_eq!(values("access-control-allow-origin"), ["https://a.example"], "{index}");
        assert_eq!(values("access-control-allow-credentials"), ["true"], "{index}");
        let vary: &[&str] = if index == 3 { &["Accept", "Origin"] } else { &["Origin"] };
        assert_eq!(values("vary"), vary, "{index}");
        assert_eq!(values("content-type").len(), usize::from(index != 2), "{index}");
        assert_eq!(answer == default, index == 1, "{index}");
    }
    let socket = Route::ws("/ws", |_, _| Answer::new(StatusCode::OK));
    let answer = answer(Some(as_json), socket, Method::GET, "/ws", None);
    assert_eq!(answer.status(), 426);
    assert_eq!(answer.header("upgrade").unwrap(), "websocket");
    assert_eq!(answer.header("sec-websocket-version").unwrap(), "13");
    assert_eq!(answer.header("content-type").unwrap(), "application/json");
}

#[test]
fn an_instruction_to_the_proxy_is_not_sent() {
    fn reply() -> Answer {
        let mut reply = websocket::Reply::new();
        reply.open();
        reply.into()
    }
    let refusing: [Refuse; 6] = [
        |_| Hold::sse(Channel::from_static("secret")).into(),
        |_| {
            let (name, value) = header("grip-channel", "secret");
            Answer::text(200, "").with_header(name, value)
        },
        |_| {
            let (name, value) = header("content-type", " Application/Grip-Instruct; a=b");
            Answer::new(StatusCode::OK).with_header(name, value).with_body("{}")
        },
        |_| reply(),
        |_| {
            let (name, value) = header("grip-hold", "stream");
            Answer::text(200, "").with_header(name, value)
        },
        |rejection| Hold::long_poll(Channel::from_static("secret")).body(rejection.to_string()).into(),
    ];
    let default = answer(None, NEWS, Method::PUT, "/news/a", None);
    for refuse in refusing {
        assert_eq!(answer(Some(refuse), NEWS, Method::PUT, "/news/a", None), default);
    }
    // An event for an `EventSource` is a plain answer.
    let event: Refuse = |rejection| Refusal::event("refused", rejection.to_string()).into_answer();
    let answer = answer(Some(event), NEWS, Method::PUT, "/news/a", None);
    assert_eq!((answer.status().as_u16(), answer.body().starts_with(b"event: refused\n")), (200, true));
}

#[test]
fn only_what_this_crate_has_worded_is_reworded() {
    let refused =
        |answer: Answer| reworded(Some(as_json), answer, None, None).header("content-type").cloned();
    let json = HeaderValue::from_static("application/json");
    let (name, value) = header("retry-after", "9");
    let by_us: [fn() -> Answer; 4] = [
        || Rejection::new(Reason::NotFound, "no such room").into_answer(),
        || Channel::new("").unwrap_err().into_answer(),
        || crate::publish::PublishError::NotConfigured(String::new()).into_answer(),
        || Answer::text(99, "no status"),
    ];
    for answer in by_us {
        assert_eq!(refused(answer()), Some(json.clone()));
        let more = reworded(Some(as_json), answer().with_header(name.clone(), value.clone()), None, None);
        assert_eq!(more.header("retry-after"), Some(&value));
        assert_ne!(refused(answer().with_body("own")), Some(json.clone()));
    }
    let by_the_app: [fn() -> Answer; 4] = [
        || Answer::text(404, "no such room\n"),
        || StatusCode::NOT_FOUND.into_answer(),
        || (StatusCode::FORBIDDEN, "no").into_answer(),
        || Refusal::event("no", "").into_answer(),
    ];
    for answer in by_the_app {
        assert_ne!(refused(answer()), Some(json.clone()));
    }
    // Once is enough.
    let again: Refuse = |rejection| rejection.into_answer();
    let answer = reworded(Some(again), by_us[0](), None, None);
    assert!(!answer.is_refusal());
    assert_eq!(answer, by_us[0]());
}

/// An answer that this crate makes as an app does, without a reason, would skip the function.
#[test]
fn each_refusal_of_this_crate_has_a_reason() {
    fn visit(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                let code = source.split("\nmod tests {").next().unwrap();
                let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//"));
                found.extend(lines.filter(|line| refuses(line)).map(|line| format!("{path:?}: {line}")));
            }
        }
    }
    // An endpoint that never runs has an answer without a text.
    fn refuses(line: &str) -> bool {
        let has = |start: &str| {
            line.split(start).skip(1).any(|rest| rest.starts_with(['4', '5']) && !rest.contains(r#", "")"#))
        };
        let made = line.contains("Answer::") || line.contains("into_answer");
        let status = line.split("StatusCode::").skip(1).any(|name| {
            let name: String = name.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            !["OK", "NO_CONTENT", "SEE_OTHER"].contains(&name.as_str()) && name.len() > 1
        });
        has("Answer::text(") || has("Answer::json(") || made && status
    }
    assert!(refuses(r#"Err(Answer::text(500, "internal error"))"#));
    assert!(refuses("Answer::new(StatusCode::FORBIDDEN)"));
    assert!(refuses("StatusCode::FORBIDDEN.into_answer()"));
    let mut found = Vec::new();
    for folder in ["endpoint", "compute"] {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder);
        visit(&source, &mut found);
    }
    found.retain(|line| !line.contains("/tests.rs") && !line.contains("/tests/"));
    assert!(found.is_empty(), "use `Answer::refused`: {found:#?}");
}

#[test]
fn who_made_an_answer_cannot_be_seen() {
    let ours = Rejection::new(Reason::NotFound, "no such room").into_answer();
    let own = Answer::text(404, "no such room\n");
    assert_eq!(ours, own);
    assert_eq!(format!("{ours:?}"), format!("{own:?}"));
}

#[test]
fn a_panic_is_known_as_one_of_the_function() {
    let seen: Refuse = |rejection| match running::replace(Running::Answered) {
        Running::Refusing(Some(route)) => Answer::text(418, route.path()),
        Running::Refusing(None) => Answer::text(418, rejection.endpoint().unwrap_or("none")),
        _ => Answer::text(500, "not known"),
    };
    let answer = answer(Some(seen), NEWS, Method::PUT, "/news/a", None);
    assert_eq!((answer.status().as_u16(), answer.body()), (418, &b"/news/{topic}"[..]));
    assert!(matches!(running::replace(Running::Elsewhere), Running::Endpoint(_)));
    let answer = reworded(Some(seen), Answer::refused(Reason::NotFound, "no"), None, None);
    assert_eq!((answer.status().as_u16(), answer.body()), (418, &b"none"[..]));
    assert!(matches!(running::replace(Running::Elsewhere), Running::Elsewhere));
}
