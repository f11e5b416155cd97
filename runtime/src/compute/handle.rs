use std::rc::Rc;

use fastly::Request;
use fastly::http::request::SendErrorCause;

use crate::endpoint::dispatch::decide;
use crate::endpoint::dispatch::environment::{self, policy};
use crate::endpoint::dispatch::gate::Trust;
use crate::endpoint::dispatch::respond::{Done, Received, respond};
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::response::Reason;
use crate::endpoint::routing::{self, Routes};
use crate::grip::sig::Policy;
use crate::{Answer, Route, log};

use super::downstream::{self, ClientHeaders, Downstream, End};
use super::handoff;
use super::{panics, refuse};

/// The outcome of a request.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is matched on and gone at once")]
#[must_use = "a request that matched no route has not been answered"]
pub enum Outcome {
    /// The request was handed off to Fanout. There is nothing more to send.
    HandedOff,
    /// The request was answered. There is nothing more to send.
    Answered,
    /// No route matches, so the request is returned.
    Unmatched(Request),
}

/// Serves a request if one of `routes` matches it, and returns it otherwise. It needs the feature `compute`.
///
/// The first call sets a panic hook, which answers the client if a guard or a handler panics. A hook that was set
/// before runs first.
///
/// ```no_run
/// # use fanout::grip::Hold;
/// # use fanout::{Channel, Outcome, Route};
/// # use fastly::{Request, Response};
/// const NEWS: Route = Route::sse("/news", |_| Hold::sse(Channel::from_static("news")).into());
///
/// fn main() {
///     if let Outcome::Unmatched(request) = fanout::handle(Request::from_client(), &[NEWS]) {
///         Response::from_status(404).with_body(request.get_path()).send_to_client();
///     }
/// }
/// ```
pub fn handle(request: Request, routes: &[Route]) -> Outcome {
    serve(request, Routes::unsorted(routes), policy, End::Request)
}

/// As [`handle`], with a policy of your own. It needs the feature `compute`. `trusted` is called if there is a `Grip-Sig` to verify.
///
/// Start from [`policy`] to trust another proxy beside Fanout. Outside of local development, the public key of local
/// Pushpins is left out of every policy.
///
/// ```no_run
/// use fanout::grip::sig::{Key, Policy};
/// # use fanout::Route;
/// # const ROUTES: &[Route] = &[];
///
/// /// Fanout and a Pushpin of our own.
/// fn trusted() -> Policy {
///     let secrets = fastly::SecretStore::open("pushpin").expect("the service has a secret store `pushpin`");
///     let secret = secrets.get("sig_key").expect("it has a secret `sig_key`").plaintext().to_vec();
///     let key = Key::hs256(secret).expect("it has 32 bytes or more");
///     fanout::policy().trust(key, "pushpin.example.com")
/// }
///
/// # fn main() {
/// let outcome = fanout::handle_with(fastly::Request::from_client(), ROUTES, trusted);
/// # }
/// ```
pub fn handle_with(request: Request, routes: &[Route], trusted: impl Fn() -> Policy) -> Outcome {
    serve(request, Routes::unsorted(routes), trusted, End::Request)
}

/// Serves a request where a route matches it.
pub(super) fn serve(request: Request, routes: Routes<'_>, trusted: impl Fn() -> Policy, end: End) -> Outcome {
    panics::install(end);
    refuse::install(routes.refuse);
    let before = running::replace(Running::Url);
    let outcome = serve_hooked(request, routes, trusted, end);
    running::set(match (&outcome, end, before) {
        (Outcome::Unmatched(_), End::Program | End::Next, _) => Running::Main,
        (Outcome::Unmatched(_), End::Request, _) | (_, _, Running::Elsewhere) => before,
        _ => Running::Answered,
    });
    outcome
}

fn serve_hooked(request: Request, routes: Routes<'_>, trusted: impl Fn() -> Policy, end: End) -> Outcome {
    // The body stays unread until it is certain that Fanout sent it.
    let downstream = Rc::new(Downstream::new(request));
    panics::serve(&downstream);
    let done = decide(&downstream, routes, trusted, end);
    let downstream = panics::served(downstream);
    match done {
        None => {
            let Downstream { mut request, body, .. } = downstream;
            if let Some(body) = body.into_inner() {
                request.set_body(body);
            }
            return Outcome::Unmatched(request);
        }
        Some(Done::HandOff(backend, guard_header)) => {
            let Downstream { request, body, .. } = downstream;
            let result = handoff::hand_off(request, backend, guard_header.as_ref(), end);
            end.close(body);
            match result {
                Ok(()) => return Outcome::HandedOff,
                Err(failed) => {
                    let (cause, request) = *failed;
                    let answer = not_handed_off(backend, &cause);
                    downstream::send(&as_every_other(&request, routes, answer));
                    end.close(request);
                }
            }
        }
        Some(Done::Answer(answer)) => {
            downstream::send(&answer);
            end.close(downstream);
        }
    }
    Outcome::Answered
}

fn decide(
    downstream: &Downstream,
    routes: Routes<'_>,
    trusted: impl Fn() -> Policy,
    end: End,
) -> Option<Done> {
    let request = &downstream.request;
    let path = routing::normal(request.get_path());
    let found = decide::find(routes, &path)?;
    let received = Received {
        method: downstream,
        path: request.get_path(),
        query: request.get_query_str(),
        headers: &ClientHeaders::new(request, end),
        host: downstream,
    };
    let trust = Trust { policy: &|| environment::as_it_counts(trusted()), now: &environment::now };
    Some(respond(&found, &received, &trust))
}

/// Hands a request that matches no endpoint off to a backend that speaks GRIP itself.
pub fn fall_back(request: Request, backend: &str) {
    // Both proxies set this header, and let no client set it.
    if request.contains_header("grip-feature") {
        log::line(format_args!(
            "`{backend}`, the fallback, leads to this app again: it must be a backend of its own"
        ));
        return downstream::send(&refuse::reword(
            Answer::refused(Reason::Loop, "the request came back"),
            &request,
        ));
    }
    if let Err(failed) = handoff::hand_off(request, backend, None, End::of_main()) {
        let (cause, request) = *failed;
        log::line(format_args!(
            "the request could not be handed off to `{backend}`: {cause}; \
             the service needs that backend, and Fanout enabled with `fastly products --enable=fanout`"
        ));
        downstream::send(&refuse::reword(Answer::refused(Reason::NotHandedOff, "not available"), &request));
    }
}

/// Adds the headers that every answer of the endpoint has.
fn as_every_other(request: &Request, routes: Routes<'_>, answer: Answer) -> Answer {
    let path = routing::normal(request.get_path());
    match decide::find(routes, &path) {
        Some(found) => downstream::with_head(request, |head| found.finish(head, answer)),
        None => answer,
    }
}

fn not_handed_off(backend: &str, cause: &SendErrorCause) -> Answer {
    let help = match cause {
        SendErrorCause::FanoutNotEnabled => "enable it with `fastly products --enable=fanout`".to_owned(),
        _ => format!("the service needs a backend `{backend}` that leads to the service itself"),
    };
    log::line(format_args!("the request could not be handed off: {cause}; {help}"));
    Answer::refused(Reason::NotHandedOff, "real-time connections are not available")
}
