//! From a request to what is done with it, without doing it.

use http::{HeaderValue, Method, StatusCode, header};

use crate::grip::websocket;

use super::gate::{self, Caller};
use super::{Answer, Kind, RequestHead, Route};

/// What is done with a request to an endpoint.
#[derive(Debug)]
pub(crate) enum Step {
    /// It is answered, and nothing is held.
    Answer(Answer),
    /// It is handed off to Fanout, which will ask this backend.
    HandOff(&'static str),
    /// It comes from Fanout: the route's function answers it.
    Run,
}

/// Decides what is done with a request to `route`.
pub(crate) fn step(route: &Route, head: &RequestHead<'_>) -> Step {
    match gate::caller(head) {
        Caller::Client => match refusal(route, head) {
            Some(answer) => Step::Answer(answer),
            None => Step::HandOff(route.backend_name()),
        },
        Caller::Fanout if route.kind() == Kind::WebSocket => {
            if carries_events(head) {
                Step::Run
            } else {
                // A client asked the proxy for something that is no WebSocket.
                Step::Answer(refusal(route, head).unwrap_or_else(upgrade_required))
            }
        }
        Caller::Fanout => refusal(route, head).map_or(Step::Run, Step::Answer),
    }
}

/// Whether the body is the proxy's events. Every condition counts: what a client posts itself is passed through
/// signed, and its `Meta-*` headers with it, as long as its content type differs from the proxy's in one byte.
fn carries_events(head: &RequestHead<'_>) -> bool {
    head.method() == Method::POST
        && matches!(head.headers("content-type")[..], [only] if only == websocket::CONTENT_TYPE)
}

/// What HTTP has to say about a request before anybody holds it.
fn refusal(route: &Route, head: &RequestHead<'_>) -> Option<Answer> {
    let web_socket = route.kind() == Kind::WebSocket;
    match *head.method() {
        Method::OPTIONS => Some(allow(Answer::new(StatusCode::NO_CONTENT))),
        Method::GET if !web_socket || asks_for_web_socket(head) => None,
        Method::HEAD if !web_socket => Some(Answer::new(StatusCode::OK)),
        Method::GET | Method::HEAD => Some(upgrade_required()),
        _ => Some(allow(Answer::text(405, "this endpoint answers GET\n"))),
    }
}

fn allow(answer: Answer) -> Answer {
    answer.with_header(header::ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"))
}

fn upgrade_required() -> Answer {
    Answer::text(426, "this endpoint is a WebSocket\n")
        .with_header(header::UPGRADE, HeaderValue::from_static("websocket"))
        .with_header(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
}

fn asks_for_web_socket(head: &RequestHead<'_>) -> bool {
    let values = head.headers("upgrade");
    let mut protocols = values.iter().flat_map(|value| value.as_bytes().split(|&byte| byte == b','));
    protocols.any(|protocol| protocol.trim_ascii().eq_ignore_ascii_case(b"websocket"))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    const SSE: Route = Route::sse("/sse", |_| Answer::new(StatusCode::OK));
    const WS: Route = Route::ws("/ws", |_, _| Answer::new(StatusCode::OK)).backend("me");

    fn ask(route: &Route, method: Method, headers: &[(&'static str, &str)]) -> Step {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        step(route, &RequestHead::new(&method, route.path(), None, &map))
    }

    fn status(step: Step) -> u16 {
        let Step::Answer(answer) = step else { panic!("not answered: {step:?}") };
        answer.status().as_u16()
    }

    #[test]
    fn a_client_is_handed_off_to_the_backend_of_the_route() {
        assert!(matches!(ask(&SSE, Method::GET, &[]), Step::HandOff("self")));
        assert!(matches!(ask(&WS, Method::GET, &[("upgrade", "h2c, WebSocket")]), Step::HandOff("me")));
    }

    #[test]
    fn a_client_that_asks_the_wrong_way_is_told() {
        assert_eq!(status(ask(&SSE, Method::POST, &[])), 405);
        assert_eq!(status(ask(&SSE, Method::HEAD, &[])), 200);
        assert_eq!(status(ask(&SSE, Method::OPTIONS, &[])), 204);
        assert_eq!(status(ask(&WS, Method::GET, &[])), 426);
        assert_eq!(status(ask(&WS, Method::GET, &[("upgrade", "websockets")])), 426);
        assert_eq!(status(ask(&WS, Method::POST, &[("content-type", websocket::CONTENT_TYPE)])), 405);
    }

    #[test]
    fn fanout_gets_instructions() {
        let signed = ("grip-sig", "token");
        assert!(matches!(ask(&SSE, Method::GET, &[signed]), Step::Run));
        assert!(matches!(
            ask(&WS, Method::POST, &[signed, ("content-type", websocket::CONTENT_TYPE)]),
            Step::Run
        ));
    }

    #[test]
    fn only_the_proxys_own_bytes_are_events() {
        let signed = ("grip-sig", "token");
        for written in [
            "Application/WebSocket-Events",
            "application/websocket-events;",
            "application/websocket-events ;",
            "application/websocket-events,",
            "application/websocket-events; charset=utf-8",
            "text/plain",
        ] {
            assert_eq!(
                status(ask(&WS, Method::POST, &[signed, ("content-type", written)])),
                405,
                "{written}"
            );
        }
        let events = ("content-type", websocket::CONTENT_TYPE);
        assert_eq!(status(ask(&WS, Method::POST, &[signed, events, events])), 405);
        assert_eq!(status(ask(&WS, Method::POST, &[signed])), 405);
        assert_eq!(status(ask(&WS, Method::GET, &[signed, events])), 426);
        assert_eq!(status(ask(&WS, Method::GET, &[signed, events, ("upgrade", "websocket")])), 426);
    }
}
