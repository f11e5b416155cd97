use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;
use crate::grip::websocket::Events;

/// The answer or the guard of an endpoint, which does not tell the lifetime of the head from that of what it borrows. If a handler or a function that an
/// option names borrows the request for too long, the compiler reports an error for each lifetime.
pub const fn one_lifetime<T>(answer: for<'r> fn(&'r RequestHead<'r>) -> T) -> fn(&RequestHead<'_>) -> T {
    answer
}

/// [`one_lifetime`] for a WebSocket.
pub const fn one_lifetime_of_events(
    answer: for<'r> fn(&'r RequestHead<'r>, Events<'_>) -> Answer,
) -> fn(&RequestHead<'_>, Events<'_>) -> Answer {
    answer
}
