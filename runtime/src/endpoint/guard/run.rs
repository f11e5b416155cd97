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
    /// The guard value of a client request, if the guard admits the client.
    ///
    /// Generated code calls methods of traits without another bound, because the compiler explains each bound in a message.
    ///
    /// # Errors
    ///
    /// The answer of the guard, and as [`GuardValue::new`].
    fn send(admitted: Result<Self, Answer>) -> Result<GuardValue, Answer>;

    /// The guard value on the Fanout request, alone in a tuple. The guard runs again if there is none.
    ///
    /// Without the tuple, a type that the compiler cannot infer would be `()` behind `?` in editions before 2024, with a second
    /// error about that.
    ///
    /// # Errors
    ///
    /// The answer of the guard, if it refuses.
    fn receive(
        head: &RequestHead<'_>,
        guard: impl FnOnce() -> Result<Self, Answer>,
    ) -> Result<(Self,), Answer>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> GuardData for T {
    fn send(admitted: Result<Self, Answer>) -> Result<GuardValue, Answer> {
        GuardValue::new(&admitted?)
    }

    fn receive(
        head: &RequestHead<'_>,
        guard: impl FnOnce() -> Result<Self, Answer>,
    ) -> Result<(Self,), Answer> {
        guard_value(head, |_| {
            let value = guard()?;
            #[cfg(feature = "sig")]
            keep_for_link(head, &value);
            Ok::<_, Answer>(value)
        })
        .map(|value| (value,))
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
