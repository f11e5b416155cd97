use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::answer::with_headers;
use super::{Answer, IntoAnswer, IntoStatus};

/// A value as JSON: the data of an event, the body of a poll, an answer; and as an argument [the body](crate::post#the-body) of the
/// request.
///
/// ```
/// use fanout::Json;
///
/// #[derive(serde::Serialize)]
/// struct Score {
///     home: u32,
///     away: u32,
/// }
///
/// #[fanout::sse(channel = "score")]
/// fn score() -> Json<Score> {
///     Json(Score { home: 2, away: 1 })
/// }
/// # assert_eq!(score().0.home + score().0.away, 3);
/// ```
///
/// A value that JSON cannot represent, such as a map whose keys are lists, becomes a 500. The log says why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Json<T>(pub T);

impl<T: Serialize> Json<T> {
    /// The text, or the answer if there is none.
    pub(crate) fn into_text(self) -> Result<String, Answer> {
        serde_json::to_string(&self.0).map_err(IntoAnswer::into_answer)
    }
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoAnswer for Json<T> {
    fn into_answer(self) -> Answer {
        (StatusCode::OK, self).into_answer()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoAnswer for (StatusCode, Json<T>) {
    fn into_answer(self) -> Answer {
        let (status, json) = self;
        (status, [], json).into_answer()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize, const N: usize> IntoAnswer for (StatusCode, [(HeaderName, HeaderValue); N], Json<T>) {
    fn into_answer(self) -> Answer {
        let (status, headers, json) = self;
        match json.into_text() {
            Ok(text) => with_headers((status, [(header::CONTENT_TYPE, JSON)], text).into_answer(), headers),
            Err(answer) => answer,
        }
    }
}

impl Answer {
    /// A value as JSON. The status is a [`StatusCode`] or a number, as in [`text`](Self::text).
    ///
    /// A value that JSON cannot represent, such as a map whose keys are lists, becomes a 500. The log says why.
    ///
    /// ```
    /// use fanout::Answer;
    ///
    /// let answer = Answer::json(201, [1, 2]);
    /// assert_eq!(answer.header("content-type").unwrap(), "application/json");
    /// assert_eq!(answer.body(), b"[1,2]");
    /// ```
    pub fn json(status: impl IntoStatus, value: impl Serialize) -> Self {
        match status.try_into() {
            Ok(status) => (status, Json(value)).into_answer(),
            Err(error) => Self::mistake(format_args!("an answer has no status: {error}")),
        }
    }
}
