use std::convert::Infallible;

use http::Method;

use super::RequestHead;
use crate::endpoint::response::IntoAnswer;

/// An extractor: an argument that is made from the request by its type.
///
/// | | |
/// |---|---|
/// | [`Query<T>`](crate::Query) | the query, read by serde |
/// | [`TypedHeader<T>`](crate::TypedHeader) | a header, read by its type |
/// | [`Cookies`](crate::Cookies) | the cookies, by their names |
/// | [`LastEventId`](crate::LastEventId) | the id of the last event that an `EventSource` has received |
/// | [`LastIds`](crate::LastIds) | the ids that a recovery request sends |
/// | [`&RequestHead`](RequestHead) | the request without its body |
/// | [`Method`] | the method |
/// | `Option<T>` | one of these, or `None` if the request does not have it, see [`OptionalFromRequest`] |
/// | `Result<T, T::Rejection>` | one of these, or the reason why it cannot be made |
///
/// The [body](crate::post#the-body) has argument types of its own, which do not implement this trait.
///
/// ```
/// use fanout::prelude::*;
///
/// /// The language that a client prefers.
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
///
/// [`Method`]: https://docs.rs/http/1/http/method/struct.Method.html
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a request",
    label = "not an extractor",
    note = "take an extractor such as `Query<T>`, `TypedHeader<T>`, `Cookies`, `LastEventId` or `&RequestHead`, or implement `fanout::FromRequest` for `{Self}`"
)]
pub trait FromRequest<'r>: Sized {
    /// The answer if the value cannot be made.
    type Rejection: IntoAnswer;

    /// Makes the value from the request.
    ///
    /// # Errors
    ///
    /// If the request does not have the value. The rejection is the answer, and the handler does not run.
    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection>;
}

#[diagnostic::do_not_recommend]
impl<'r> FromRequest<'r> for &'r RequestHead<'r> {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(head)
    }
}

#[diagnostic::do_not_recommend]
impl<'r> FromRequest<'r> for Method {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(head.method().clone())
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: OptionalFromRequest<'r>> FromRequest<'r> for Option<T> {
    type Rejection = T::Rejection;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        T::from_request_if_there(head)
    }
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromRequest<'r>> FromRequest<'r> for Result<T, T::Rejection> {
    type Rejection = Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(T::from_request(head))
    }
}

/// An extractor that can be an `Option<T>` argument.
///
/// `None` means that the request does not have the value. An invalid value is still rejected, unless the argument is a
/// `Result<T, T::Rejection>`.
#[diagnostic::on_unimplemented(
    message = "an `Option` of `{Self}` cannot be made from a request",
    label = "not an extractor that can be optional",
    note = "take an `Option` of `Query<T>`, `TypedHeader<T>` or `LastEventId`, or implement `fanout::endpoint::OptionalFromRequest` for `{Self}`"
)]
pub trait OptionalFromRequest<'r>: Sized {
    /// The answer if the value is invalid.
    type Rejection: IntoAnswer;

    /// Makes the value from the request, if the request has it.
    ///
    /// # Errors
    ///
    /// If the request has the value and it is invalid.
    fn from_request_if_there(head: &'r RequestHead<'r>) -> Result<Option<Self>, Self::Rejection>;
}
