use fastly::http::request::SendErrorCause;
use fastly::{Body, Request};

use crate::endpoint::serve::{self, Step};
use crate::endpoint::{RequestHead, Run};
use crate::grip::websocket;
use crate::{Answer, Route};

use super::downstream::{self, ClientHeaders};

/// What became of a request.
#[derive(Debug)]
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
pub fn handle(mut request: Request, routes: &[Route]) -> Outcome {
    let path = request.get_path();
    let Some(route) = routes.iter().find(|route| route.matches(path)) else {
        return Outcome::Unmatched(request);
    };

    // Only the handle: the body is read when it is certain that Fanout sent it.
    let body = request.try_take_body();
    let headers = ClientHeaders::new(&request);
    let head = RequestHead::new(request.get_method(), request.get_path(), request.get_query_str(), &headers);
    let answer = match serve::step(route, &head) {
        Step::HandOff(backend) => match downstream::hand_off(request, backend) {
            Ok(()) => return Outcome::HandedOff,
            Err(cause) => not_handed_off(backend, &cause),
        },
        Step::Answer(answer) => answer,
        Step::Run => run(route, &head, body),
    };
    downstream::send(&answer);
    Outcome::Answered
}

fn run(route: &Route, head: &RequestHead<'_>, body: Option<Body>) -> Answer {
    match route.run {
        Run::Hold(answer) => answer(head),
        Run::WebSocket(answer) => {
            let body = body.map(Body::into_bytes).unwrap_or_default();
            answer(head, websocket::decode(&body))
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
