use std::fmt;

use http::StatusCode;

use super::answer::by_question_mark;
use super::{Answer, IntoAnswer, Reason};
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

by_question_mark!(Rejection<'_>);
