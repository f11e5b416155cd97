use super::{Methods, Route};
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;

/// The route of an invalid attribute, beside its error.
pub const STAND_IN: Route = stand_in(|_| Answer::text(500, ""));

/// A stand-in with a handler of its own. It accepts no method, so it conflicts with no route.
pub const fn stand_in(answer: fn(&RequestHead<'_>) -> Answer) -> Route {
    Route::sse("/", answer).methods(Methods::NONE)
}
