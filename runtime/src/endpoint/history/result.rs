use crate::endpoint::dispatch::{Async, Returned};
use crate::endpoint::response::forms::Wrapped;
use crate::endpoint::{Answer, IntoAnswer};
use crate::history::History;

/// The return value of a function that `history` names: a history, a `Result` of one, or a future, which
/// [`NotAsync`](crate::endpoint::NotAsync) refuses.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a history",
    label = "not a history",
    note = "return a type that implements `fanout::history::History`, such as `&'static MemoryHistory` or `KvHistory`, or a `Result` of one",
    note = "the error of a `Result` is the answer to the client: an `Answer`, a status, a status and a text, or a type that implements `fanout::IntoAnswer`"
)]
pub trait HistoryResult<Form> {
    /// The checked value.
    type Returned;

    /// Returns it.
    fn returned(self) -> Self::Returned;
}

#[diagnostic::do_not_recommend]
impl<T: History> HistoryResult<()> for T {
    type Returned = Returned<Result<T, Answer>>;

    fn returned(self) -> Self::Returned {
        Returned(Ok(self))
    }
}

#[diagnostic::do_not_recommend]
impl<T: History, E: IntoAnswer> HistoryResult<Wrapped<()>> for Result<T, E> {
    type Returned = Returned<Result<T, Answer>>;

    fn returned(self) -> Self::Returned {
        Returned(self.map_err(IntoAnswer::into_answer))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Future> HistoryResult<Async> for T {
    type Returned = T;

    fn returned(self) -> T {
        self
    }
}

/// A history that outlives the request. A [`MemoryHistory`](crate::history::MemoryHistory) by value, also in a type of the app, is
/// a new and empty one in each request.
///
/// `Unpin` tells them apart: a `MemoryHistory` is not `Unpin`, and pointers to one are, as are other histories.
#[diagnostic::on_unimplemented(
    message = "this history would be new and empty in each request",
    label = "returns a `MemoryHistory` by value",
    note = "keep it in a `static`, as in `static NEWS: MemoryHistory = MemoryHistory::new(100);`, and return `&'static MemoryHistory`",
    note = "if its entries are elsewhere, return it as `Box<dyn History>`"
)]
pub trait LastingHistory {
    /// Returns it.
    fn lasting(self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Unpin> LastingHistory for Result<T, Answer> {
    fn lasting(self) -> Self {
        self
    }
}
