//! The decision on a request, without its effects.

use std::borrow::Cow;
use std::cmp::Ordering;

use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use crate::grip::websocket::{self, Event, Events};
use crate::log;

use super::body_length;
use super::gate::{self, Refused, Trust};
use super::running::{self, Running};
use crate::endpoint::request::Sender;
use crate::endpoint::response::{Reason, Refuse, cors, reworded};
use crate::endpoint::routing::{self, InvalidParameter, Parameters, Routes, Same};
use crate::endpoint::websocket::handshake;
use crate::endpoint::{Answer, Kind, Methods, RequestHead, Route};

/// The endpoints of a path: one, or several that differ in their methods.
pub(crate) struct Found<'t, 'p> {
    routes: Same<'t>,
    parameters: Result<Vec<Cow<'p, str>>, InvalidParameter>,
    /// The app's own answers to refusals.
    refuse: Option<Refuse>,
}

/// Finds the endpoints of a path.
pub(crate) fn find<'t, 'p>(routes: Routes<'t>, path: &'p str) -> Option<Found<'t, 'p>> {
    let refuse = routes.refuse;
    let (routes, values) = routes.find(path)?;
    Some(Found { routes, parameters: routing::decode(values), refuse })
}

/// The decision on a request to an endpoint.
#[derive(Debug)]
pub(crate) enum Step<'r> {
    /// Answers without a hold.
    Answer(Answer),
    /// Refuses with a 403: the request claims to come from Fanout and does not prove it. The log says why.
    Refuse(Refused),
    /// Hands off to Fanout, with this guard header. Fanout then sends the request to the backend of the route.
    HandOff(&'r Route, Option<HeaderValue>),
    /// Runs the handler: the request comes from Fanout, or the endpoint is plain.
    Run(&'r Route, RequestHead<'r>),
}

/// Decides on a request.
pub(crate) fn step<'r>(found: &'r Found<'_, '_>, head: &RequestHead<'r>, trust: &Trust<'_>) -> Step<'r> {
    // The policy may be code of the app.
    running::set(Running::Endpoint(*found.routes.first));
    let sender = match gate::sender(head, trust) {
        Ok(sender) => sender,
        Err(refused) => return Step::Refuse(refused),
    };
    let from_proxy = sender != Sender::Client;
    let checked = found.checked_before(sender);
    let events = checked.is_none() && from_proxy && {
        match carries_events(found, head, sender) {
            Ok(events) => events,
            Err(refused) => return Step::Refuse(refused),
        }
    };
    let route = checked.unwrap_or_else(|| found.route(head, events));
    running::set(Running::Endpoint(*route));
    let parameters = match &found.parameters {
        Ok(values) => Parameters::new(route.path(), values),
        Err(error) => {
            return Step::Answer(Answer::refused(Reason::InvalidPath, error.in_pattern(route.path())));
        }
    };
    let head = head.with_parameters(parameters).sent_by(sender).for_endpoint(&route.settings);
    if checked.is_some() {
        return Step::Run(route, head);
    }
    // The proxy sends the events of a WebSocket as `POST` requests, which is not the method of the client.
    let opens = || if from_proxy { events } else { asks_for_web_socket(&head) };
    let opens_elsewhere = route.kind() != Kind::WebSocket && opens();
    let no_web_socket =
        || Step::Answer(Answer::refused(Reason::NotWebSocket, "this endpoint is no WebSocket"));
    // A client opens a WebSocket with a `GET`. Another method may be none of the path.
    if opens_elsewhere && (from_proxy || head.method() == Method::GET) {
        return no_web_socket();
    }
    if from_proxy && route.kind() == Kind::WebSocket {
        return if events {
            Step::Run(route, head)
        } else {
            // The client did not ask for a WebSocket.
            Step::Answer(found.refusal(route, &head).unwrap_or_else(upgrade_required))
        };
    }
    let is_plain = route.kind() == Kind::Plain;
    match found.refusal(route, &head) {
        Some(answer) => Step::Answer(answer),
        None if opens_elsewhere => no_web_socket(),
        None if from_proxy && !is_plain && is_head(&head) => Step::Answer(Answer::new(StatusCode::OK)),
        None if from_proxy && !is_plain => Step::Run(route, head),
        None if claims_events(&head) => {
            let text = "a WebSocket's events are for the proxy to send";
            Step::Answer(Answer::refused(Reason::UnsupportedMediaType, text))
        }
        None => match body_length::accepted(route, &head).and_then(|()| guard_header(route, &head)) {
            // The host sends no body to a `HEAD`, and the length of the one that it does not send.
            Ok(_) if is_plain => Step::Run(route, head),
            Ok(_) if is_head(&head) => Step::Answer(Answer::new(StatusCode::OK)),
            Ok(header) => Step::HandOff(route, header),
            Err(answer) => Step::Answer(without_hold(&head, answer, "a guard")),
        },
    }
}

/// Runs the handler of a plain endpoint.
pub(crate) fn answer_at_once(head: &RequestHead<'_>, answer: fn(&RequestHead<'_>) -> Answer) -> Answer {
    without_hold(head, answer(head), "a plain endpoint")
}

/// Returns an answer to a client request, which cannot hold the connection: the client would get the instruction.
fn without_hold(head: &RequestHead<'_>, answer: Answer, by: &str) -> Answer {
    if answer.instruction.is_none() {
        return answer;
    }
    let path = head.path();
    Answer::mistake(format_args!("{path}: {by} answers at once and cannot return a hold"))
}

/// Runs the handler of a WebSocket on a body of events. When a connection opens, the checks of the client request run
/// again, because a client can reach a self-run proxy without one.
pub(crate) fn hear(
    route: &Route,
    head: &RequestHead<'_>,
    answer: fn(&RequestHead<'_>, Events<'_>) -> Answer,
    body: &[u8],
) -> Answer {
    let events = websocket::decode(body);
    let opens = matches!(events.clone().next(), Some(Ok(Event::Open)));
    if !opens {
        running::set(Running::Connection(*route));
    } else if let Err(refusal) = handshake::check(&route.settings, head) {
        return refusal;
    }
    let answer = answer(head, events);
    if opens {
        log_cut_off(head, &answer);
    }
    answer
}

/// Logs a refusal of a WebSocket that the client does not get to its end.
fn log_cut_off(head: &RequestHead<'_>, answer: &Answer) {
    if answer.cut_off() > 0 {
        log::line(format_args!(
            "the refusal of a WebSocket at {} has {} bytes, and the proxy passes on the first {}: answer with less",
            head.path(),
            answer.body().len(),
            websocket::MAX_REFUSAL,
        ));
    }
}

/// Runs the guard, and returns the guard header, which replaces one that the client has sent.
fn guard_header(route: &Route, head: &RequestHead<'_>) -> Result<Option<HeaderValue>, Answer> {
    let header = match route.guard {
        Some(guard) => guard(head)?.into_header(head),
        None => None,
    };
    let nothing = || (!head.guard_headers().is_empty()).then(|| HeaderValue::from_static("none"));
    Ok(header.or_else(nothing))
}

fn is_head(head: &RequestHead<'_>) -> bool {
    head.method() == Method::HEAD
}

/// Returns true if the body has events of the proxy. Every condition is needed: the proxy signs and passes on a
/// client's own request with its `Meta-*` headers, if its content type differs in one byte.
///
/// Pushpin 1.36 recognises events of a client by the first `Content-Type`, and drops an empty one afterwards. So of two
/// headers of a client, the one that remains is byte for byte that of the proxy. But a proxy writes its own headers after
/// those that it passes on, and the content type of its own events after these.
///
/// The proxy sends events as a `POST`. At a path that is a WebSocket and nothing else, reading the method would be one more
/// hostcall and prove no more: clients reach Fanout only through this app, which refuses [claims](claims_events) to that
/// type, and in requests of other proxies the order of the headers is known. Intermediaries between Fanout and the app
/// may change the order, so it does not count there.
fn carries_events(found: &Found<'_, '_>, head: &RequestHead<'_>, sender: Sender) -> Result<bool, Refused> {
    let is_post = || head.method() == Method::POST;
    let is_web_socket = found.only().is_some_and(|route| route.kind() == Kind::WebSocket);
    if !is_web_socket && !is_post() {
        return Ok(false);
    }
    if !matches!(head.headers("content-type")[..], [only] if only == websocket::CONTENT_TYPE) {
        return Ok(false);
    }
    if sender == Sender::Fanout {
        return Ok(true);
    }
    match head.order(&header::CONTENT_TYPE, &HeaderName::from_static("grip-feature")) {
        Some(Ordering::Less) => Err(Refused::ClientsEvents),
        Some(_) => Ok(true),
        None => Ok(is_post()),
    }
}

/// Returns true if a client calls its body events, in any spelling, because an intermediary could correct the
/// spelling.
fn claims_events(head: &RequestHead<'_>) -> bool {
    let name = b"websocket-events";
    let is_one = |value: &&HeaderValue| {
        value.as_bytes().windows(name.len()).any(|part| part.eq_ignore_ascii_case(name))
    };
    head.headers("content-type").iter().any(is_one)
}

impl<'t> Found<'t, '_> {
    /// Returns an answer as it is sent: with the headers of CORS, with the instruction of a hold written into it, and as the
    /// app words refusals.
    pub(crate) fn finish(&self, head: &RequestHead<'_>, answer: Answer) -> Answer {
        let route = self.route(head, false);
        let allow = |answer| cors::allow(route, self.routes.iter(), head, answer);
        let answer = allow(answer);
        // On a host, each header is a hostcall.
        let written = match head.host() {
            Some(_) => answer.written_shortly(head.path()),
            None => answer.written(head.path()),
        };
        let answer = written.unwrap_or_else(allow);
        let is_reworded = self.refuse.is_some() && answer.is_refusal();
        let answer = reworded(self.refuse, answer, Some(head), Some(route));
        if is_reworded && carries_events(self, head, Sender::Fanout) == Ok(true) {
            log_cut_off(head, &answer);
        }
        answer
    }

    /// Returns true if an endpoint of the path is a stream, which may have a recovery link.
    pub(crate) fn has_stream(&self) -> bool {
        self.routes.iter().any(|route| matches!(route.kind(), Kind::Sse | Kind::Stream))
    }

    /// Returns true if an endpoint of the path answers `POST`.
    pub(crate) fn answers_post(&self) -> bool {
        self.routes.iter().any(|route| route.allowed_methods().contains("POST"))
    }

    /// The route of the path, if there is one only.
    fn only(&self) -> Option<&'t Route> {
        let mut routes = self.routes.iter();
        routes.next().filter(|_| routes.next().is_none())
    }

    /// The route of a Fanout request that has nothing left to check. A client reaches Fanout only through this app, which
    /// hands off nothing but a `GET` to such a path, and Fanout itself asks for missed items with a `GET`. So its method is
    /// not read, which would be a hostcall. Only a `gone` link of another path could bring a `POST` here.
    fn checked_before(&self, sender: Sender) -> Option<&'t Route> {
        let is_hold = |route: &&Route| !matches!(route.kind(), Kind::WebSocket | Kind::Plain);
        let takes_only_get = |route: &&Route| route.settings.methods == Methods::GET;
        self.only().filter(|_| sender == Sender::Fanout).filter(is_hold).filter(takes_only_get)
    }

    /// The route that accepts the method, or the first one, whose refusal names the methods. Events are for a
    /// WebSocket.
    fn route(&self, head: &RequestHead<'_>, events: bool) -> &'t Route {
        if let Some(route) = self.only() {
            return route;
        }
        // A preflight names the method of the request that follows.
        let asked = match head.method() {
            &Method::OPTIONS => {
                head.header("access-control-request-method").and_then(|method| method.to_str().ok())
            }
            method => Some(method.as_str()),
        };
        let asked = asked.map(as_it_counts);
        let answers = |route: &&Route| match route.kind() {
            kind if events => kind == Kind::WebSocket,
            _ => asked.is_some_and(|asked| route.allowed_methods().contains(asked)),
        };
        self.routes.iter().find(answers).unwrap_or(self.routes.first)
    }

    /// The answers of HTTP that need no hold.
    fn refusal(&self, route: &Route, head: &RequestHead<'_>) -> Option<Answer> {
        let web_socket = route.kind() == Kind::WebSocket;
        let method = head.method();
        let is_answered = route.allowed_methods().contains(as_it_counts(method.as_str()));
        match method {
            &Method::OPTIONS => Some(self.allow(Answer::new(StatusCode::NO_CONTENT))),
            // A WebSocket has no answer to a `GET` whose head it could be.
            method if !is_answered || web_socket && method == Method::HEAD => {
                let methods = self.methods(|_| true);
                let text = format!("this endpoint answers {methods}");
                Some(self.allow(Answer::refused(Reason::MethodNotAllowed, text)))
            }
            _ if web_socket && !asks_for_web_socket(head) => Some(upgrade_required()),
            _ if web_socket => handshake::check(&route.settings, head).err(),
            _ => None,
        }
    }

    /// The methods of some routes of the path.
    fn methods(&self, of: impl Fn(&Route) -> bool) -> Methods {
        let some = self.routes.iter().filter(|route| of(route));
        some.fold(Methods::NONE, |all, route| all.or(route.allowed_methods()))
    }

    /// Adds the methods of the path, with those that are answered without the handler.
    fn allow(&self, answer: Answer) -> Answer {
        let heads = self.methods(|route| route.kind() != Kind::WebSocket);
        let allow = self.methods(|_| true).allow(heads.contains("GET"));
        answer.with_header(header::ALLOW, allow)
    }
}

/// A `HEAD` counts as a `GET`.
fn as_it_counts(method: &str) -> &str {
    if method == "HEAD" { "GET" } else { method }
}

fn upgrade_required() -> Answer {
    Answer::refused(Reason::UpgradeRequired, "this endpoint is a WebSocket")
        .with_header(header::UPGRADE, HeaderValue::from_static("websocket"))
        .with_header(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
}

fn asks_for_web_socket(head: &RequestHead<'_>) -> bool {
    head.list("upgrade").any(|protocol| protocol.eq_ignore_ascii_case(b"websocket"))
}

#[cfg(test)]
mod tests {
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
            for method in
                [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE]
            {
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
                    headers
                        .iter()
                        .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())),
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
                assert!(
                    matches!(ask(&PLAIN, method.clone(), &[headers]), Done::Refuse),
                    "{method} {headers:?}"
                );
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
                for written in
                    [websocket::CONTENT_TYPE, "Application/WebSocket-Events ;", "a, websocket-events"]
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
                    assert!(
                        answer.headers().all(|(name, _)| !name.as_str().starts_with("grip-")),
                        "{answer:?}"
                    );
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
        for (body, is_open) in
            [(&b"OPEN\r\nTEXT 0\r\n\r\n"[..], false), (b"TEXT 0\r\n\r\n", true), (b"", true)]
        {
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
