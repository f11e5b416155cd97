//! The option `refuse` outside of endpoints: for `main`, the fallback and panics.

use std::cell::Cell;

use fastly::Request;

use super::downstream;
use crate::Answer;
use crate::endpoint::response::{Refuse, reworded};

thread_local! {
    /// The function of the option `refuse`. It is not there while it runs outside of an endpoint, so that it cannot call itself.
    static REFUSE: Cell<Option<Refuse>> = const { Cell::new(None) };
}

/// Records the function for this request.
pub(super) fn install(refuse: Option<Refuse>) {
    REFUSE.set(refuse);
}

/// Takes the function for one answer.
pub(super) fn with<T>(with: impl FnOnce(Option<Refuse>) -> T) -> T {
    let refuse = REFUSE.take();
    let result = with(refuse);
    REFUSE.set(refuse);
    result
}

/// Returns an answer to a request that matches no endpoint as the app words it.
pub(super) fn reword(answer: Answer, request: &Request) -> Answer {
    with(|refuse| downstream::with_head(request, |head| reworded(refuse, answer, Some(head), None)))
}

/// As [`reword`], where the request is gone or cannot be read.
pub(super) fn reword_without_request(answer: Answer) -> Answer {
    with(|refuse| reworded(refuse, answer, None, None))
}
