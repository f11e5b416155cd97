use std::fmt;
use std::str::FromStr;

use crate::endpoint::request::RequestHead;
use crate::endpoint::response::forms::Unimplemented;
use crate::endpoint::response::{Answer, Reason};

/// The type of a path parameter: `&str`, and every [`FromStr`].
///
/// `Via` distinguishes the two and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a path parameter",
    label = "neither `&str` nor `FromStr`",
    note = "take `&str`, `String`, a number, or another owned type that implements `std::str::FromStr`"
)]
pub trait FromParameter<'r, Via>: Sized {
    /// The reason why the text does not parse.
    type Error;

    /// Parses the decoded text.
    ///
    /// # Errors
    ///
    /// If the text does not parse.
    fn from_parameter(text: &'r str) -> Result<Self, Self::Error>;

    /// The path parameter of a request as an argument. As in other routers, a path does not match if a parameter does not
    /// parse.
    ///
    /// # Errors
    ///
    /// A 404.
    #[doc(hidden)]
    fn parameter(head: &RequestHead<'r>, index: usize) -> Result<Self, Answer> {
        Self::from_parameter(head.parameters().nth(index))
            .map_err(|_| Answer::refused(Reason::NotFound, "not found"))
    }

    /// The maker of the argument.
    #[doc(hidden)]
    fn maker() -> PathMaker<'r, Self> {
        Self::parameter
    }

    /// As [`parameter`](Self::parameter), but the client gets the reason.
    ///
    /// # Errors
    ///
    /// A 400 with the reason.
    #[doc(hidden)]
    fn strict_parameter(head: &RequestHead<'r>, index: usize) -> Result<Self, Answer>
    where
        Self::Error: StrictError,
    {
        let parameters = head.parameters();
        Self::from_parameter(parameters.nth(index)).map_err(|error| {
            let name = parameters.iter().nth(index).map_or("", |(name, _)| name);
            Answer::refused(Reason::InvalidPath, format_args!("`{name}` in the path: {error}"))
        })
    }
}

/// The error of a path parameter with `strict`.
#[diagnostic::on_unimplemented(
    message = "`strict` answers with the reason, and `{Self}` does not say it",
    label = "its `FromStr::Err` is `{Self}`, which does not implement `Display`",
    note = "implement `std::fmt::Display` for the error, or remove `strict`"
)]
pub trait StrictError: fmt::Display {}

#[diagnostic::do_not_recommend]
impl<E: fmt::Display> StrictError for E {}

/// The text itself.
#[derive(Debug)]
pub enum ViaStr {}

/// Parsed text.
#[derive(Debug)]
pub enum ViaFromStr {}

/// Nothing: see [`Unimplemented`].
#[derive(Debug)]
pub enum ViaNothing {}

#[diagnostic::do_not_recommend]
impl<T: Unimplemented> FromParameter<'_, ViaNothing> for T {
    type Error = std::convert::Infallible;

    fn from_parameter(_: &str) -> Result<Self, Self::Error> {
        unreachable!("no type implements it")
    }
}

#[diagnostic::do_not_recommend]
impl<'r> FromParameter<'r, ViaStr> for &'r str {
    type Error = std::convert::Infallible;

    fn from_parameter(text: &'r str) -> Result<Self, Self::Error> {
        Ok(text)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromStr> FromParameter<'_, ViaFromStr> for T {
    type Error = T::Err;

    fn from_parameter(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The maker of an argument that is a path parameter, which has this index.
pub type PathMaker<'r, T> = fn(&RequestHead<'r>, usize) -> Result<T, Answer>;
