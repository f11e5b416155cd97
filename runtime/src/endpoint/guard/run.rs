use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(feature = "sig")]
use super::value_in_header::keep_for_link;
use super::value_in_header::{GuardValue, guard_value};
use crate::endpoint::dispatch::{Async, Returned};
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::Answer;
use crate::endpoint::response::forms::{Unimplemented, Unused};

/// A type that can be a guard value: one that serde can write and read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a guard value",
    label = "it cannot be sent to the handler",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it, or return `()`"
)]
pub trait GuardData: Sized {
    /// The guard value of a client request. Generated code calls methods of traits without another bound, because the
    /// compiler explains each bound in a message.
    ///
    /// # Errors
    ///
    /// As [`GuardValue::new`].
    fn send(value: Self) -> Result<GuardValue, Answer>;

    /// The guard value on the Fanout request. The guard runs again if there is none.
    ///
    /// # Errors
    ///
    /// The answer of the guard, if it refuses.
    fn receive(head: &RequestHead<'_>, guard: impl FnOnce() -> Result<Self, Answer>) -> Result<Self, Answer>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> GuardData for T {
    fn send(value: Self) -> Result<GuardValue, Answer> {
        GuardValue::new(&value)
    }

    fn receive(head: &RequestHead<'_>, guard: impl FnOnce() -> Result<Self, Answer>) -> Result<Self, Answer> {
        guard_value(head, |_| {
            let value = guard()?;
            #[cfg(feature = "sig")]
            keep_for_link(head, &value);
            Ok::<_, Answer>(value)
        })
    }
}

/// The return value of a guard: a `Result`, or a future, which [`NotAsync`](crate::endpoint::NotAsync) refuses.
#[diagnostic::on_unimplemented(
    message = "a guard cannot return `{Self}`",
    label = "not a `Result`",
    note = "return a `Result<T, E>`: the handler gets the guard value `T`, a refused client gets the answer `E`, which implements `fanout::IntoAnswer`"
)]
pub trait GuardResult<Form> {
    /// The checked value.
    type Returned;

    /// Returns it.
    fn returned(self) -> Self::Returned;
}

#[diagnostic::do_not_recommend]
impl<T, E> GuardResult<()> for Result<T, E> {
    type Returned = Returned<Self>;

    fn returned(self) -> Returned<Self> {
        Returned(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Future> GuardResult<Async> for T {
    type Returned = T;

    fn returned(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: Unimplemented> GuardResult<Unused> for T {
    type Returned = T;

    fn returned(self) -> T {
        self
    }
}
