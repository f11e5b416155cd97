use std::io::Read as _;

use fastly::http::request::SendErrorCause;
use fastly::{Body, Request};

use crate::endpoint::serve::{self, Step};
use crate::endpoint::{RequestHead, Run};
use crate::grip::websocket;
use crate::{Answer, Route};

use super::downstream::{self, ClientHeaders, End};

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
    serve(request, routes, End::Request)
}

/// Serves a request where a route matches it.
pub(super) fn serve(mut request: Request, routes: &[Route], end: End) -> Outcome {
    let path = request.get_path();
    let Some(route) = routes.iter().find(|route| route.matches(path)) else {
        return Outcome::Unmatched(request);
    };

    // Only the handle: the body is read when it is certain that Fanout sent it.
    let mut body = request.try_take_body();
    let headers = ClientHeaders::new(&request);
    let head = RequestHead::new(request.get_method(), request.get_path(), request.get_query_str(), &headers);
    let answer = match serve::step(route, &head) {
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
