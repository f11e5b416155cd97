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
mod tests;
