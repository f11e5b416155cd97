use std::convert::Infallible;

use http::Method;

use super::RequestHead;
use crate::endpoint::response::IntoAnswer;

/// What a parameter of an endpoint's function can be: a type that is made from the request.
///
/// | | |
/// |---|---|
/// | [`Query<T>`](Query) | the query, read by serde |
/// | [`TypedHeader<T>`](TypedHeader) | a header, read by its type |
/// | [`Cookies`] | the cookies that can be read, by their names |
/// | [`LastEventId`] | what an `EventSource` has seen last |
/// | [`LastIds`] | what the proxy asks for when it saw that something was missed |
/// | [`&RequestHead`](RequestHead) | all of it |
/// | [`Method`] | the method |
/// | `Option<T>` | one of these if the request has it, see [`OptionalFromRequest`] |
/// | `Result<T, T::Rejection>` | one of these, or why it could not be made |
///
/// ```
/// use fanout::prelude::*;
///
/// /// The language a client prefers, as it says so.
/// struct Language(String);
///
/// impl<'r> FromRequest<'r> for Language {
///     type Rejection = Answer;
///
///     fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Answer> {
///         let header = head.header("accept-language").and_then(|value| value.to_str().ok());
///         header.map(|language| Self(language.to_owned())).ok_or_else(|| Answer::text(400, "say your language\n"))
///     }
/// }
///
/// #[fanout::sse(channel = "news")]
/// fn news(language: Language) -> Event {
///     Event::comment(format!("in {}", language.0))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a request",
    label = "not a parameter that an endpoint can have",
    note = "take a `Query<T>`, a `TypedHeader<T>`, `Cookies`, `LastEventId`, or `&RequestHead` and read what you need; or implement `fanout::FromRequest` for it"
)]
pub trait FromRequest<'r>: Sized {
    /// What the client gets where the request does not have it.
    type Rejection: IntoAnswer;

    /// Makes the value from the request.
    ///
    /// # Errors
    ///
    /// If the request does not have it: the rejection is the answer, and the function does not run.
    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection>;
}

impl<'r> FromRequest<'r> for &'r RequestHead<'r> {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(head)
    }
}

impl<'r> FromRequest<'r> for Method {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(head.method().clone())
    }
}

impl<'r, T: OptionalFromRequest<'r>> FromRequest<'r> for Option<T> {
    type Rejection = T::Rejection;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        T::from_request_if_there(head)
    }
}

impl<'r, T: FromRequest<'r>> FromRequest<'r> for Result<T, T::Rejection> {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(T::from_request(head))
    }
}

/// What can be an `Option<T>` parameter of an endpoint's function.
///
/// `None` is what a request does not have. What it has wrong is still rejected: to take that too, take a
/// `Result<T, T::Rejection>`.
#[diagnostic::on_unimplemented(
    message = "an `Option` of `{Self}` cannot be made from a request",
    label = "not a parameter that can be missing",
    note = "what can be missing is a `Query<T>`, a `TypedHeader<T>` or the `LastEventId`; for a type of your own implement `fanout::endpoint::OptionalFromRequest`"
)]
pub trait OptionalFromRequest<'r>: Sized {
    /// What the client gets where the request has it wrong.
    type Rejection: IntoAnswer;

    /// Makes the value from the request, if it is there.
    ///
    /// # Errors
    ///
    /// If it is there and is wrong.
    fn from_request_if_there(head: &'r RequestHead<'r>) -> Result<Option<Self>, Self::Rejection>;
}
