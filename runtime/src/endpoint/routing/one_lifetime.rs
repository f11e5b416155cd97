use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;
use crate::grip::websocket::Events;

/// An answer that does not tell the lifetime of the head from that of what it borrows. If a handler borrows the request for
/// too long, the compiler reports an error for each lifetime.
pub const fn one_lifetime(
    answer: for<'r> fn(&'r RequestHead<'r>) -> Answer,
) -> fn(&RequestHead<'_>) -> Answer {
    answer
}

/// [`one_lifetime`] for a WebSocket.
pub const fn one_lifetime_of_events(
    answer: for<'r> fn(&'r RequestHead<'r>, Events<'_>) -> Answer,
) -> fn(&RequestHead<'_>, Events<'_>) -> Answer {
    answer
}
