//! The answer to a panic, and the code that panicked, for the log.

use super::running::Running;
use crate::endpoint::response::cors;
use crate::endpoint::{Answer, RequestHead, Route, websocket};

pub(crate) const INTERNAL_ERROR: &str = "internal error\n";

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

/// The answer of an endpoint that panicked: a close if its connection is open, and a 500 otherwise.
pub(crate) fn answer(running: Running, route: &Route, head: Option<&RequestHead<'_>>) -> Answer {
    if let Running::Connection(_) = running {
        return websocket::broken();
    }
    let answer = Answer::text(500, INTERNAL_ERROR);
    match head {
        Some(head) => cors::allow(route, head, answer),
        None => answer,
    }
}
