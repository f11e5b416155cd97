use super::{Methods, Route};
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;

/// What takes the place of a route that could not be made, beside the error that says why.
pub const STAND_IN: Route = stand_in(|_| Answer::text(500, ""));

/// The same with a function of its own. It answers no method, so that it is in no other's way.
pub const fn stand_in(answer: fn(&RequestHead<'_>) -> Answer) -> Route {
    Route::sse("/", answer).methods(Methods::NONE)
}
