use std::io::Read as _;

use fastly::http::request::SendErrorCause;
use fastly::{Body, Request};

use crate::endpoint::gate::Trust;
use crate::endpoint::serve::{self, Step};
use crate::endpoint::{RequestHead, Run};
use crate::grip::sig::Policy;
use crate::grip::websocket;
use crate::{Answer, Route};

use super::downstream::{self, ClientHeaders, End};
use super::environment::{self, policy};

/// What became of a request.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is matched on and gone at once")]
#[must_use = "a request that matched no route has not been answered"]
pub enum Outcome {
    /// It was handed off to Fanout, which will ask the app again. There is nothing more to send.
    HandedOff,
    /// It was answered. There is nothing more to send.
    Answered,
    /// It is for none of the routes, and yours.
    Unmatched(Request),
}

/// Serves the client's request where one of `routes` matches it, and gives it back otherwise.
///
/// ```no_run
/// # use fanout::grip::{Channel, Hold};
/// # use fanout::{Outcome, Route};
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
    serve(request, routes, policy, End::Request)
}

/// As [`handle`], but it believes who is in the policy that `trusted` returns, which is called when there is a
/// `Grip-Sig` to verify.
///
/// Start from [`policy`] to believe somebody beside Fanout. Outside of local development the key that Viceroy gives
/// to every local Pushpin is left out, whatever the policy says.
///
/// ```no_run
/// use fanout::grip::sig::{Key, Policy};
/// # use fanout::Route;
/// # const ROUTES: &[Route] = &[];
///
/// /// Fanout, and beside it a Pushpin of our own.
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
    serve(request, routes, trusted, End::Request)
}

/// Serves a request where a route matches it.
pub(super) fn serve(
    mut request: Request,
    routes: &[Route],
    trusted: impl Fn() -> Policy,
    end: End,
) -> Outcome {
    let path = request.get_path();
    let Some(route) = routes.iter().find(|route| route.matches(path)) else {
        return Outcome::Unmatched(request);
    };

    // Only the handle: the body is read when it is certain that Fanout sent it.
    let mut body = request.try_take_body();
    let headers = ClientHeaders::new(&request);
    let head = RequestHead::new(request.get_method(), request.get_path(), request.get_query_str(), &headers);
    let trust = Trust { policy: &|| environment::as_it_counts(trusted()), now: &environment::now };
    let answer = match serve::step(route, &head, &trust) {
        Step::Refuse(refused) => {
            eprintln!("fanout: refused {} {}: {refused}; {}", head.method(), head.path(), refused.help());
            Answer::text(403, format!("{refused}\n"))
        }
        Step::HandOff(backend) => {
            let result = downstream::hand_off(request, backend, end);
            end.close(body);
            return match result {
                Ok(()) => Outcome::HandedOff,
                Err(cause) => {
                    downstream::send(&not_handed_off(backend, &cause));
                    Outcome::Answered
                }
            };
        }
        Step::Answer(answer) => answer,
        Step::Run => run(route, &head, body.as_mut()),
    };
    downstream::send(&answer);
    end.close((request, body));
    Outcome::Answered
}

fn run(route: &Route, head: &RequestHead<'_>, body: Option<&mut Body>) -> Answer {
    match route.run {
        Run::Hold(answer) => answer(head),
        Run::WebSocket(answer) => {
            let mut events = Vec::new();
            match body.map(|body| body.read_to_end(&mut events)).transpose() {
                Ok(_) => answer(head, websocket::decode(&events)),
                Err(error) => Answer::text(400, format!("the events could not be read: {error}\n")),
            }
        }
    }
}

fn not_handed_off(backend: &str, cause: &SendErrorCause) -> Answer {
    let help = match cause {
        SendErrorCause::FanoutNotEnabled => "enable it with `fastly products --enable=fanout`".to_owned(),
        _ => format!("the service needs a backend `{backend}` that leads to the service itself"),
    };
    eprintln!("fanout: the request could not be handed off: {cause}; {help}");
    Answer::text(503, "real-time connections are not available\n")
}
