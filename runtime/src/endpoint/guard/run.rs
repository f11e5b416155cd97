use serde::Serialize;
use serde::de::DeserializeOwned;

use super::value_in_header::{GuardValue, guard_value};
use crate::endpoint::dispatch::Function;
use crate::endpoint::request::InGuard;
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::{Answer, IntoAnswer};

/// A type that can be a guard value: one that serde can write and read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a guard value",
    label = "it cannot be sent to the handler",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it, or return `()`"
)]
pub trait GuardData: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> GuardData for T {}

/// The return value of a guard.
#[diagnostic::on_unimplemented(
    message = "a guard cannot return `{Self}`",
    label = "not a `Result`",
    note = "return a `Result<T, E>`: the handler gets the guard value `T`, a refused client gets the answer `E`, which implements `fanout::IntoAnswer`"
)]
pub trait GuardResult<T> {
    /// The guard value, or the answer.
    ///
    /// # Errors
    ///
    /// The answer, if the guard refuses.
    fn guard_result(self) -> Result<T, Answer>;
}

impl<T, E: IntoAnswer> GuardResult<T> for Result<T, E> {
    fn guard_result(self) -> Result<T, Answer> {
        self.map_err(IntoAnswer::into_answer)
    }
}

/// Runs a guard on the client request.
pub fn run_guard<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<GuardValue, Answer>
where
    F: Function<'r, InGuard, Given, Types, Output = R>,
    R: GuardResult<T>,
    T: GuardData,
{
    GuardValue::new(&guard.call(InGuard, given, head)?.guard_result()?)
}

/// Runs the guard of a plain endpoint. Its value goes straight to the handler, so it can be of any type.
pub fn value_of_guard<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<T, Answer>
where
    F: Function<'r, InGuard, Given, Types, Output = R>,
    R: GuardResult<T>,
{
    guard.call(InGuard, given, head)?.guard_result()
}

/// The guard value on the Fanout request. The guard runs again if there is none.
pub fn guard_value_or_run<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<T, Answer>
where
    F: Function<'r, InGuard, Given, Types, Output = R>,
    R: GuardResult<T>,
    T: GuardData,
{
    guard_value(head, |_| guard.call(InGuard, given, head)?.guard_result())
}
