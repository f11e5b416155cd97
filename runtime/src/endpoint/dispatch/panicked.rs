//! The answer to a panic, and the code that panicked, for the log.

use crate::endpoint::response::{Reason, Refuse, cors, reworded};
use crate::endpoint::{Answer, RequestHead, Route};

pub(crate) const INTERNAL_ERROR: &str = "internal error";

/// The endpoint and the request to it, for the log.
pub(crate) fn endpoint(route: &Route, head: Option<&RequestHead<'_>>) -> String {
    match head {
        Some(head) => {
            let (method, path) = (head.method(), head.path());
            format!("the endpoint `{}`, asked for {method} {path},", route.path())
        }
        None => format!("the endpoint `{}`", route.path()),
    }
}

/// The answer of an endpoint that panicked before its connection was open.
pub(crate) fn internal_error(
    route: &Route,
    head: Option<&RequestHead<'_>>,
    refuse: Option<Refuse>,
) -> Answer {
    let answer = Answer::refused(Reason::Internal, INTERNAL_ERROR);
    let answer = match head {
        Some(head) => cors::allow(route, std::iter::once(route), head, answer),
        None => answer,
    };
    reworded(refuse, answer, head, Some(route))
}
