//! The log lines of recovery requests that end their streams, and of other requests of the proxy itself that are refused.

use http::{Method, StatusCode};

use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;
use crate::log;

/// Logs a refused `POST` that came through the proxy: perhaps its own at a `gone` link, when a client has left. A request with a
/// token is verified.
pub(crate) fn log_unanswered_gone(head: &RequestHead<'_>, answer: &Answer) {
    let is_refused = answer.status() == StatusCode::METHOD_NOT_ALLOWED && head.method() == Method::POST;
    if is_refused && head.header("grip-sig").is_some() {
        log::line(format_args!(
            "{}: a `POST` through the proxy was answered 405; if a `gone` link leads here, let it lead to an endpoint that answers \
             `POST`: the proxy sends one when a client has left",
            head.path()
        ));
    }
}

/// Logs a recovery request that is answered with an error: the proxy repeats it, and then ends the stream without a word to the
/// client. The request is verified, and for a stream.
pub(crate) fn log_refused(head: &RequestHead<'_>, answer: &Answer) {
    let status = answer.status();
    if status.is_success() || head.header("grip-last").is_none() {
        return;
    }
    let help = match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            "a recovery request is a `GET`: let `next` lead to an endpoint that answers it"
        }
        _ => {
            "a recovery request has no cookies and no other header of the client: let `next` lead to the path of the stream \
             itself, whose link carries the query, the guard value and the channels of a channel function, and let the guard \
             value have everything else that the handler needs"
        }
    };
    log::line(format_args!(
        "{}: a recovery request was answered {}, so the proxy repeats it for about half a minute and then ends the stream; {help}",
        head.path(),
        status.as_u16(),
    ));
}
