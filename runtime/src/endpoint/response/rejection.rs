use std::fmt;

use http::StatusCode;

use super::{Answer, IntoAnswer};
use crate::endpoint::request::RequestHead;

/// A refusal that this crate makes itself, for the function of the option `refuse`.
///
/// `#[fanout::main(…, refuse = function)]` gives each one to that function, which returns the answer. Without the option the
/// client gets a line of plain text, and [`Display`](fmt::Display) is that line. The function is an ordinary one, so that a
/// test calls it with [`Rejection::new`].
///
/// This one answers with problem details, [RFC 9457]:
///
/// ```
/// use fanout::http::{HeaderValue, header};
/// use fanout::prelude::*;
/// use serde_json::json;
///
/// fn problem(rejection: Rejection) -> impl IntoAnswer {
///     let status = rejection.status();
///     let problem = json!({
///         "title": status.canonical_reason(),
///         "status": status.as_u16(),
///         "detail": rejection.to_string(),
///     });
///     (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], Json(problem))
/// }
///
/// // In `main.rs`: `#[fanout::main(news, refuse = problem)]`.
///
/// // In a test:
/// use fanout::Reason;
/// let answer = problem(Rejection::new(Reason::MethodNotAllowed, "this endpoint answers GET")).into_answer();
/// assert_eq!(answer.header("content-type").unwrap(), "application/problem+json");
/// assert_eq!(
///     answer.body(),
///     br#"{"detail":"this endpoint answers GET","status":405,"title":"Method Not Allowed"}"#
/// );
/// ```
///
/// - The app's own answers never become a rejection: the `Err` of a guard or a handler, the response of `main`.
/// - The errors of this crate do, also where a handler returns one with `?`: an invalid channel name, a failed publish. Their
///   status and their text are this crate's, and the app has written neither.
/// - The app can return a rejection itself, as the `Err` of a guard, a handler or `main`: `refuse` then writes the answer.
///
/// The [guide](crate::guide::refusals) says what the function may return, and which headers stay.
///
/// [RFC 9457]: https://www.rfc-editor.org/rfc/rfc9457
#[derive(Clone)]
#[must_use = "a rejection does nothing until it is returned"]
pub struct Rejection<'r> {
    reason: Reason,
    answer: Answer,
    head: Option<&'r RequestHead<'r>>,
    endpoint: Option<&'static str>,
}

impl<'r> Rejection<'r> {
    /// A rejection with a text, which has no line break at its end. The status follows from the reason.
    pub fn new(reason: Reason, text: impl fmt::Display) -> Self {
        Self { reason, answer: Answer::refused(reason, text), head: None, endpoint: None }
    }

    /// A rejection with its default answer, which has the headers that stay.
    pub(crate) fn of(
        reason: Reason,
        answer: Answer,
        head: Option<&'r RequestHead<'r>>,
        endpoint: Option<&'static str>,
    ) -> Self {
        Self { reason, answer, head, endpoint }
    }

    /// The reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The status of the default answer.
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// The path template of the endpoint, such as `/rooms/{room}`, if one matched the path.
    pub fn endpoint(&self) -> Option<&'static str> {
        self.endpoint
    }

    /// The method, the path, the query and the headers of the request. On Compute, each header that is read costs a hostcall.
    ///
    /// `None` where the request is no longer there, or cannot be read: for a rejection that `main` returns, for a panic in the
    /// body of `main`, and for [`Reason::InvalidUrl`]. The [path parameters](RequestHead::parameters) are empty.
    ///
    /// A client chooses all of it, and no guard may have run.
    pub fn head(&self) -> Option<&'r RequestHead<'r>> {
        self.head
    }
}

/// The text that the client would get, without its line break.
impl fmt::Display for Rejection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(String::from_utf8_lossy(self.answer.body()).trim_end())
    }
}

impl fmt::Debug for Rejection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, answer: _, head, endpoint } = self;
        let text = self.to_string();
        let mut rejection = f.debug_struct("Rejection");
        rejection.field("reason", reason).field("text", &text).field("endpoint", endpoint);
        rejection.field("head", head).finish()
    }
}

/// The default answer: the status, the text, and the headers that the status needs.
#[diagnostic::do_not_recommend]
impl IntoAnswer for Rejection<'_> {
    fn into_answer(self) -> Answer {
        self.answer
    }
}

/// The reason of a [`Rejection`]. Each has one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// 400: a path parameter is not UTF-8 or has a control character, or does not parse at a `strict` endpoint.
    InvalidPath,
    /// 400: the query is not what the [`Query`](crate::Query) of the endpoint says.
    InvalidQuery,
    /// 400: a header that the endpoint reads is missing or invalid, or the `Content-Length` is.
    InvalidHeader,
    /// 400: a channel name that is made from the request is invalid.
    InvalidChannel,
    /// 400: another text that is made from the request is invalid: a link, the id of an event, meta, a field of the guard
    /// value in a template.
    InvalidValue,
    /// 400: the body breaks off, is not UTF-8, or does not deserialize.
    InvalidBody,
    /// 400: the host or the target of the request is not a URL.
    InvalidUrl,
    /// 400: the request opens a WebSocket, and the endpoint is of another kind.
    NotWebSocket,
    /// 400: the client offers none of the subprotocols of the WebSocket.
    UnsupportedSubprotocol,
    /// 400: the proxy sent a body that is not WebSocket events.
    InvalidEvents,
    /// 403: the request claims to come from Fanout, and its token does not prove that.
    InvalidToken,
    /// 403: a page of this origin may not open the WebSocket.
    ForbiddenOrigin,
    /// 403: the guard needs the address of the client, and this request does not come from the client itself.
    UnknownAddress,
    /// 404: no endpoint matches the path, in an app whose `main` has no parameter; a path parameter does not parse; or
    /// the handler of a plain endpoint returns `None`.
    NotFound,
    /// 405: the endpoint does not answer this method. The answer has an `Allow` header.
    MethodNotAllowed,
    /// 413: the body is longer than the limit.
    BodyTooLarge,
    /// 415: the endpoint does not take a body of this type.
    UnsupportedMediaType,
    /// 426: the endpoint is a WebSocket, and the request does not open one. The answer has an `Upgrade` header.
    UpgradeRequired,
    /// 500: a fault of the app, such as a panic. The log says more.
    Internal,
    /// 502: an item could not be published. The log says more.
    NotPublished,
    /// 503: the request could not be handed off. The log says more.
    NotHandedOff,
    /// 508: the request came back from the backend of the option `fallback`.
    Loop,
}

impl Reason {
    fn status(self) -> StatusCode {
        match self {
            Self::InvalidPath
            | Self::InvalidQuery
            | Self::InvalidHeader
            | Self::InvalidChannel
            | Self::InvalidValue
            | Self::InvalidBody
            | Self::InvalidUrl
            | Self::NotWebSocket
            | Self::UnsupportedSubprotocol
            | Self::InvalidEvents => StatusCode::BAD_REQUEST,
            Self::InvalidToken | Self::ForbiddenOrigin | Self::UnknownAddress => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotPublished => StatusCode::BAD_GATEWAY,
            Self::NotHandedOff => StatusCode::SERVICE_UNAVAILABLE,
            Self::Loop => StatusCode::LOOP_DETECTED,
        }
    }
}

/// The mark of an answer that this crate has made. Two answers are equal whoever made them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mark(Option<Reason>);

impl Mark {
    pub(super) fn reason(self) -> Option<Reason> {
        self.0
    }
}

impl PartialEq for Mark {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Mark {}

impl Answer {
    /// Returns true if this crate has made the answer.
    pub(crate) fn is_refusal(&self) -> bool {
        self.mark.reason().is_some()
    }

    /// The default answer of a refusal. `text` has no line break at its end.
    pub(crate) fn refused(reason: Reason, text: impl fmt::Display) -> Self {
        let answer = Self::text(reason.status(), format!("{text}\n"));
        Self { mark: Mark(Some(reason)), ..answer }
    }
}
