//! The answers to requests that fail: problem details, [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).

use std::fmt;

use fanout::grip::JsonError;
use fanout::http::{HeaderValue, header};
use fanout::prelude::*;
use fanout::publish::PublishError;
use fanout::websocket::{CloseCode, CloseWith, IntoClose};
use serde_json::json;

/// The error of every handler: of those that answer with HTTP, and of those on an open WebSocket.
#[derive(Debug)]
pub enum Failed {
    /// There is no valid token.
    Token(String),
    /// The member is no editor.
    NotEditor,
    /// The number of spectators is known.
    Finished,
    /// The player has no guess left.
    NoGuessLeft,
    /// Other requests change the same value, or the store is too slow.
    Busy,
    /// A fault of the app or the service. The log says more.
    Internal,
    /// An item was not published.
    Publish(PublishError),
}

impl Failed {
    /// A fault that the client learns nothing about.
    pub(crate) fn internal(error: impl fmt::Display) -> Self {
        eprintln!("scores: {error}");
        Self::Internal
    }

    /// The status and the text for the client.
    fn told(&self) -> (StatusCode, &str) {
        match self {
            Self::Token(reason) => (StatusCode::UNAUTHORIZED, reason),
            Self::NotEditor => (StatusCode::FORBIDDEN, "only editors may do this"),
            Self::Finished => (StatusCode::CONFLICT, "the number of spectators is known"),
            Self::NoGuessLeft => (StatusCode::CONFLICT, "you have no guess left"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "too many requests at once, try again"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal error"),
            Self::Publish(_) => (StatusCode::BAD_GATEWAY, "the item was not published"),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().1)
    }
}

/// For `?`.
impl From<PublishError> for Failed {
    fn from(error: PublishError) -> Self {
        Self::Publish(error)
    }
}

/// For `?`.
impl From<JsonError> for Failed {
    fn from(error: JsonError) -> Self {
        Self::internal(error)
    }
}

impl IntoAnswer for Failed {
    fn into_answer(self) -> Answer {
        let (status, text) = self.told();
        let answer = details(status, text);
        match self {
            Self::Token(_) => {
                answer.with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            Self::Busy => answer.with_header(header::RETRY_AFTER, HeaderValue::from_static("1")),
            // The crate logs its own error, and `problem` words it.
            Self::Publish(error) => error.into_answer(),
            _ => answer,
        }
    }
}

/// A close has a short reason instead of problem details.
impl IntoClose for Failed {
    fn into_close(self) -> CloseWith {
        let (status, text) = self.told();
        match self {
            Self::Publish(error) => error.into_close(),
            _ if status.is_client_error() => CloseWith::new(CloseCode::POLICY, text),
            _ => CloseWith::new(CloseCode::INTERNAL_ERROR, ""),
        }
    }
}

/// Words what the crate `fanout` refuses itself, such as a wrong method or a body that is no JSON.
pub fn problem(rejection: Rejection<'_>) -> Answer {
    details(rejection.status(), &rejection.to_string())
}

fn details(status: StatusCode, detail: &str) -> Answer {
    let problem = json!({ "title": status.canonical_reason(), "status": status.as_u16(), "detail": detail });
    Answer::new(status)
        .with_header(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))
        .with_body(problem.to_string())
}
