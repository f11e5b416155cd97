use std::fmt;

use headers::{Header, HeaderName};

use super::{FromRequest, OptionalFromRequest, RequestHead};
use crate::endpoint::response::{Answer, IntoAnswer, Reason};
use crate::endpoint::websocket::{CloseWith, IntoClose};

/// A typed header of the request: a type of the [`headers`] crate, or your own [`Header`]. It needs the feature
/// `typed-header`.
///
/// The client gets a 400 with the reason if the header is missing or invalid. An `Option<TypedHeader<T>>` is `None` if
/// it is missing. For cookies take [`Cookies`](super::Cookies), which skips those that cannot be read.
///
/// ```
/// use fanout::headers::Authorization;
/// use fanout::headers::authorization::Bearer;
/// use fanout::prelude::*;
///
/// #[fanout::sse(channel = "news")]
/// fn news(TypedHeader(token): TypedHeader<Authorization<Bearer>>) -> Result<(), Answer> {
///     if token.token() == "secret" { Ok(()) } else { Err(Answer::text(403, "not with this token\n")) }
/// }
/// ```
///
/// [`headers`]: https://docs.rs/headers/0.4/headers/
/// [`Header`]: https://docs.rs/headers/0.4/headers/trait.Header.html
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedHeader<T>(pub T);

#[diagnostic::do_not_recommend]
impl<'r, T: Header> FromRequest<'r> for TypedHeader<T> {
    type Rejection = InvalidHeader;

    fn from_request(head: &'r RequestHead<'r>) -> Result<Self, InvalidHeader> {
        let header = Self::from_request_if_there(head)?;
        header.ok_or(InvalidHeader { name: T::name(), missing: true })
    }
}

/// `None` if the request does not have the header.
#[diagnostic::do_not_recommend]
impl<'r, T: Header> OptionalFromRequest<'r> for TypedHeader<T> {
    type Rejection = InvalidHeader;

    fn from_request_if_there(head: &'r RequestHead<'r>) -> Result<Option<Self>, InvalidHeader> {
        let values = head.headers(T::name().as_str());
        if values.is_empty() {
            return Ok(None);
        }
        let header = T::decode(&mut values.into_iter());
        header.map(|header| Some(Self(header))).map_err(|_| InvalidHeader { name: T::name(), missing: false })
    }
}

/// The error for a header that is missing or invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidHeader {
    name: &'static HeaderName,
    missing: bool,
}

impl InvalidHeader {
    /// The name of the header.
    pub fn name(&self) -> &'static HeaderName {
        self.name
    }

    /// Returns true if the request does not have the header.
    pub fn is_missing(&self) -> bool {
        self.missing
    }
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = if self.missing { "is missing" } else { "is invalid" };
        write!(f, "the header `{}` {problem}", self.name)
    }
}

impl std::error::Error for InvalidHeader {}

/// A 400 with the reason.
#[diagnostic::do_not_recommend]
impl IntoAnswer for InvalidHeader {
    fn into_answer(self) -> Answer {
        Answer::refused(Reason::InvalidHeader, self)
    }
}

/// For `?`.
impl From<InvalidHeader> for Answer {
    fn from(error: InvalidHeader) -> Self {
        error.into_answer()
    }
}

/// Code 1008 with the reason.
#[diagnostic::do_not_recommend]
impl IntoClose for InvalidHeader {
    fn into_close(self) -> CloseWith {
        CloseWith::from(self.into_answer())
    }
}

/// For `?`.
impl From<InvalidHeader> for CloseWith {
    fn from(error: InvalidHeader) -> Self {
        error.into_close()
    }
}
