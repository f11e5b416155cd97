//! The arguments and return values of the methods of a connection type.

use crate::grip::websocket::{Close, InvalidClose, Reply};

use super::into_messages::begin;
use super::{CloseWith, Incoming, IntoClose, Messages, Stale, WrongKind};
use crate::endpoint::response::forms::{Unimplemented, Unused, Wrapped};
use crate::endpoint::{Answer, IntoAnswer};

/// The return value of `open`: the connection state, or a pair of it and the first messages, or a `Result` of one of
/// these. An `Err` refuses the connection, and is the answer to the client.
#[diagnostic::on_unimplemented(
    message = "`open` cannot return `{Self}`",
    label = "not the connection state",
    note = "return `Self`, a pair of `Self` and the first messages, or a `Result` of one of these whose error implements `fanout::IntoAnswer`"
)]
pub trait IntoOpen<S, Form = ()> {
    /// The state. The messages go to `reply`.
    ///
    /// # Errors
    ///
    /// The early answer.
    fn into_open(self, reply: &mut Reply) -> Result<S, Answer>;
}

#[diagnostic::do_not_recommend]
impl<S> IntoOpen<S> for S {
    fn into_open(self, _: &mut Reply) -> Result<S, Answer> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<S, M: Messages<Form>, Form> IntoOpen<S, Wrapped<Form>> for (S, M) {
    fn into_open(self, reply: &mut Reply) -> Result<S, Answer> {
        let (state, messages) = self;
        begin(messages, reply);
        Ok(state)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: IntoOpen<S, Form>, Form, E: IntoAnswer> IntoOpen<S, Wrapped<Form>> for Result<T, E> {
    fn into_open(self, reply: &mut Reply) -> Result<S, Answer> {
        self.map_err(IntoAnswer::into_answer)?.into_open(reply)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Unimplemented> IntoOpen<S, Unused> for T {
    fn into_open(self, _: &mut Reply) -> Result<S, Answer> {
        unreachable!("no type implements it")
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Unimplemented> IntoOpen<S, Unused<1>> for T {
    fn into_open(self, _: &mut Reply) -> Result<S, Answer> {
        unreachable!("no type implements it")
    }
}

/// The return value of `renew`: the new connection state, or a `Result` of it. An `Err` closes the connection, as
/// [`IntoClose`] says.
#[diagnostic::on_unimplemented(
    message = "`renew` cannot return `{Self}`",
    label = "not the connection state",
    note = "return `Self`, or a `Result` of it"
)]
pub trait IntoState<S, Form = ()> {
    /// The state.
    ///
    /// # Errors
    ///
    /// The close.
    fn into_state(self) -> Result<S, CloseWith>;
}

#[diagnostic::do_not_recommend]
impl<S> IntoState<S> for S {
    fn into_state(self) -> Result<S, CloseWith> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<S, E: IntoClose> IntoState<S, Wrapped<()>> for Result<S, E> {
    fn into_state(self) -> Result<S, CloseWith> {
        self.map_err(IntoClose::into_close)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Unimplemented> IntoState<S, Unused> for T {
    fn into_state(self) -> Result<S, CloseWith> {
        unreachable!("no type implements it")
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: Unimplemented> IntoState<S, Unused<1>> for T {
    fn into_state(self) -> Result<S, CloseWith> {
        unreachable!("no type implements it")
    }
}

/// The return value of `disconnect`: `()`, or a `Result` of it. The client is gone, so nothing can be sent, and an
/// error goes to the log.
#[diagnostic::on_unimplemented(
    message = "`disconnect` cannot return `{Self}`",
    label = "the client is gone, and nothing can be sent",
    note = "return nothing, or a `Result<(), E>` whose error goes to the log"
)]
pub trait IntoEnd {
    /// The result, for the log.
    ///
    /// # Errors
    ///
    /// The error, for the log.
    fn into_end(self) -> Result<(), CloseWith>;
}

#[diagnostic::do_not_recommend]
impl IntoEnd for () {
    fn into_end(self) -> Result<(), CloseWith> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: IntoClose> IntoEnd for Result<(), E> {
    fn into_end(self) -> Result<(), CloseWith> {
        self.map_err(IntoClose::into_close)
    }
}

/// The first argument of `close`: the code and the reason of the client, or one of these.
///
/// | type | | a close without a code | one that cannot be read |
/// |---|---|---|---|
/// | `Option<Close>` | code and reason | `None` | `None` |
/// | `Option<u16>` | the code | `None` | the code, if there is one |
/// | `&str` | the reason | empty | empty |
/// | `Result<Option<Close>, InvalidClose>` | both | `Ok(None)` | the reason why |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a close",
    label = "not a close",
    note = "take `Option<Close>`, `Option<u16>` for the code or `&str` for the reason",
    note = "in an `impl`, the close is the first parameter that is not a path parameter: put extractors of your own after it"
)]
pub trait FromClose<'m>: Sized {
    /// Makes the argument from a close.
    fn from_close(close: Closed<'m>) -> Self;

    /// The argument of a handler. It never fails.
    ///
    /// # Errors
    ///
    /// Never.
    #[doc(hidden)]
    fn argument(close: Closed<'m>) -> Result<Self, CloseWith> {
        Ok(Self::from_close(close))
    }
}

#[diagnostic::do_not_recommend]
impl<'m> FromClose<'m> for Result<Option<Close<'m>>, InvalidClose> {
    fn from_close(close: Self) -> Self {
        close
    }
}

#[diagnostic::do_not_recommend]
impl<'m> FromClose<'m> for Option<Close<'m>> {
    fn from_close(close: Result<Self, InvalidClose>) -> Self {
        close.unwrap_or_default()
    }
}

#[diagnostic::do_not_recommend]
impl<'m> FromClose<'m> for Option<u16> {
    fn from_close(close: Closed<'m>) -> Self {
        match close {
            Ok(close) => close.map(|close| close.code),
            Err(InvalidClose::ReasonNotUtf8 { code }) => Some(code),
            Err(InvalidClose::HalfACode) => None,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'m> FromClose<'m> for &'m str {
    fn from_close(close: Closed<'m>) -> Self {
        close.ok().flatten().map_or("", |close| close.reason)
    }
}

/// A close of a client. `Ok(None)` is a close without a code.
pub type Closed<'m> = Result<Option<Close<'m>>, InvalidClose>;

/// Closes the connection if an argument cannot be made for an event.
pub fn for_event<T>(made: Result<T, Answer>) -> Result<T, CloseWith> {
    made.map_err(CloseWith::from)
}

/// The argument of `renew`. It never fails.
pub fn stale(stale: Stale) -> Result<Stale, CloseWith> {
    Ok(stale)
}

/// Refuses a message of a kind without a handler.
pub fn refuse(message: Incoming<'_>) -> Result<(), CloseWith> {
    Err(match message {
        Incoming::Text(_) => WrongKind::NotBinary.into_close(),
        Incoming::Binary(_) => WrongKind::NotText.into_close(),
    })
}
