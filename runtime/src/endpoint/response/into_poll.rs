use std::borrow::Cow;

use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::forms::{Nothing, body, reply};
use super::{Opening, WithHold};
use crate::endpoint::{Answer, IntoAnswer, Json};

/// The return value of a `long_poll` handler: the body at the timeout, or at once.
///
/// | | |
/// |---|---|
/// | `()` | an empty body |
/// | text, bytes | this body |
/// | [`Json<T>`](Json) | this value, as `application/json` |
/// | [`StatusCode`], `(StatusCode, T)` | an empty body, or one of these, with this status |
/// | [`Poll<N, W>`](Poll) | one of these at once, or another at the timeout |
/// | [`WithHold<T>`](WithHold) | one of these, in a hold that is changed |
/// | `Option<T>` | one of these, or an empty body |
/// | `Result<T, E>` | one of these, or an early answer, which is anything that is [`IntoAnswer`] |
///
/// A published item has a body and a status of its own. The headers, with the content type, are the same for both.
///
/// ```
/// use fanout::http::StatusCode;
///
/// #[fanout::long_poll(channel = "score", timeout = 30)]
/// fn score() -> StatusCode {
///     StatusCode::NO_CONTENT
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `long_poll` endpoint cannot return `{Self}`",
    label = "not a body",
    note = "return `()`, text, bytes, `Json` of a value that serde can serialize, a status with one of these, a `Poll`, or an `Option` or `Result` of one of these",
    note = "the error of a `Result` is the answer to the client: an `Answer`, a status, a status and a text, or a type that implements `fanout::IntoAnswer`"
)]
pub trait IntoPoll {
    /// The answer at the timeout, or an early answer.
    ///
    /// # Errors
    ///
    /// The early answer.
    fn into_poll(self) -> Result<Opening, Answer>;
}

/// The answer to a poll: at once, or at the timeout.
///
/// ```
/// use fanout::{Json, LastEventId, Poll};
///
/// /// Answers with the news since the last poll, or waits for news.
/// #[fanout::long_poll(channel = "news", timeout = 30)]
/// fn news(seen: LastEventId) -> Poll<Json<Vec<String>>, Json<[String; 0]>> {
///     match since(seen.get()) {
///         news if news.is_empty() => Poll::Wait(Json([])),
///         news => Poll::Now(Json(news)),
///     }
/// }
/// # fn since(_: Option<&str>) -> Vec<String> { Vec::new() }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Poll<N, W = N> {
    /// Answers at once, without a hold. Of the hold that a [`WithHold`] changes, the status and the headers apply.
    Now(N),
    /// Holds. The client gets the next published item, or this at the timeout.
    Wait(W),
}

reply!(IntoPoll, into_poll);
body!(IntoPoll, into_poll: &str, String, &[u8], Vec<u8>);

#[diagnostic::do_not_recommend]
impl IntoPoll for Cow<'_, str> {
    fn into_poll(self) -> Result<Opening, Answer> {
        Ok(Opening::new(self.into_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> IntoPoll for &[u8; N] {
    fn into_poll(self) -> Result<Opening, Answer> {
        Ok(Opening::new(self.as_slice()))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoPoll for Json<T> {
    fn into_poll(self) -> Result<Opening, Answer> {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        Ok(Opening::new(self.into_text()?).hold(|hold| hold.content_type(JSON)))
    }
}

#[diagnostic::do_not_recommend]
impl IntoPoll for StatusCode {
    fn into_poll(self) -> Result<Opening, Answer> {
        (self, ()).into_poll()
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoPoll> IntoPoll for (StatusCode, T) {
    fn into_poll(self) -> Result<Opening, Answer> {
        let (status, body) = self;
        Ok(body.into_poll()?.hold(move |hold| hold.status(status)))
    }
}

#[diagnostic::do_not_recommend]
impl<N: IntoPoll, W: IntoPoll> IntoPoll for Poll<N, W> {
    fn into_poll(self) -> Result<Opening, Answer> {
        match self {
            Self::Now(body) => Ok(body.into_poll()?.now()),
            Self::Wait(body) => body.into_poll(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grip::{Channel, Hold};

    fn answer(returned: impl IntoPoll) -> Answer {
        let answer = returned.into_poll().unwrap().answer(Hold::long_poll(Channel::from_static("a")));
        answer.written("/").unwrap()
    }

    #[test]
    fn each_kind_of_return_value_is_a_body() {
        assert_eq!(answer(()).body(), b"");
        assert_eq!(answer("a").body(), b"a");
        assert_eq!(answer(b"\xff").body(), b"\xff");
        assert_eq!(answer(Some(String::from("a"))).body(), b"a");
        assert_eq!(answer(Ok::<_, Answer>(vec![1_u8])).body(), [1]);
        let json = answer(Json([1, 2]));
        assert_eq!(json.header("content-type").unwrap(), "application/json");
        assert_eq!(
            (json.body(), json.header("grip-hold").unwrap().as_bytes()),
            (&b"[1,2]"[..], &b"response"[..])
        );
    }

    #[test]
    fn a_status_is_the_clients() {
        let answer = answer((StatusCode::ACCEPTED, Json(1)));
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.header("grip-status").unwrap(), "202");
    }

    #[test]
    fn now_is_at_once() {
        let now = answer(Poll::<_, ()>::Now((StatusCode::ACCEPTED, Json(1))));
        assert_eq!((now.status().as_u16(), now.body()), (202, &b"1"[..]));
        assert_eq!(now.header("content-type").unwrap(), "application/json");
        assert_eq!(now.header("cache-control").unwrap(), "no-store");
        assert!(now.headers().all(|(name, _)| !name.as_str().starts_with("grip-")));
        let wait = answer(Poll::<(), _>::Wait("later"));
        assert_eq!(
            (wait.header("grip-hold").unwrap().as_bytes(), wait.body()),
            (&b"response"[..], &b"later"[..])
        );
    }
}
