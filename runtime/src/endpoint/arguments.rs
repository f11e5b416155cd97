use super::{IntoResponse, RequestHead};

/// What a parameter of an endpoint's function can be: a type that is made from the request.
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
    note = "implement `fanout::FromRequest` for it, or take `&RequestHead` and read what you need"
)]
pub trait FromRequest<'r>: Sized {
    /// What the client gets where the request does not have it.
    type Rejection: IntoResponse;

    /// Makes the value from the request.
    ///
    /// # Errors
    ///
    /// If the request does not have it: the rejection is the answer, and the function does not run.
    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection>;
}

impl<'r> FromRequest<'r> for &'r RequestHead<'r> {
    type Rejection = std::convert::Infallible;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, Self::Rejection> {
        Ok(head)
    }
}
