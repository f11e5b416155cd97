//! What generated code calls. Not part of the API: it changes without notice.

use http::{HeaderMap, Method};

use crate::Answer;
use crate::endpoint::websocket::{Callbacks, IntoReply as _};
use crate::grip::websocket::{Events, Reply};

pub use crate::compute::{MainReturn, main, policy};
pub use crate::endpoint::{
    Endpoint, FromRequest, IntoEvents, IntoMessages, IntoPoll, IntoResponse, IntoStream,
};
pub use crate::endpoint::{RequestHead, Route};
pub use crate::grip::sig::Policy;
pub use crate::grip::{Channel, Hold};
pub use core::result::Result;

/// Holds a response that begins with what the function returned, or answers what it refused with.
pub fn hold(hold: Hold, run: impl FnOnce() -> Result<Vec<u8>, Answer>) -> Answer {
    match run() {
        Ok(body) => hold.body(body).into(),
        Err(answer) => answer,
    }
}

/// Answers one batch of a WebSocket's events: subscribes and runs the function when it opens, and sends messages
/// back where `echo` says so.
pub fn web_socket(
    events: Events<'_>,
    echo: bool,
    channels: &[Channel],
    open: impl Fn() -> Result<Reply, Answer>,
) -> Answer {
    // There is no state, so nothing is read from the head.
    let (method, headers) = (Method::POST, HeaderMap::new());
    let head = RequestHead::new(&method, "/", None, &headers);
    Callbacks::new(&|reply| {
        channels.iter().for_each(|channel| reply.subscribe(channel));
        reply.append(open()?);
        Ok(())
    })
    .message(&|(), message, reply| echo.then_some(message).into_reply(reply))
    .answer(&head, events)
}

/// The parameter that was made from the request, or the answer where it could not be.
pub fn argument<T, E: IntoResponse>(made: Result<T, E>) -> Result<T, Answer> {
    made.map_err(IntoResponse::into_response)
}

/// What takes the place of a route that could not be made, beside the error that says why.
pub const STAND_IN: Route = Route::sse("/", |_| Answer::text(500, ""));

/// What a `main` without a parameter answers to what is for no endpoint.
pub fn not_found() -> fastly::Response {
    fastly::Response::from_status(404).with_body_text_plain("not found\n")
}
