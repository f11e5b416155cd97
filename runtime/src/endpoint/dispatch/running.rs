//! The code that runs, which decides the answer to a panic.

use std::cell::Cell;

use crate::endpoint::Route;

/// The code that runs, by the answer that a panic in it gets.
#[derive(Clone, Copy)]
pub(crate) enum Running {
    /// Code that this crate has not called.
    Elsewhere,
    /// The `fastly` crate reads or writes the URL of the request, and panics if it is invalid.
    Url,
    /// A guard, a handler or what they call. The client can still get any answer.
    Endpoint(Route),
    /// A handler of a WebSocket, on a connection that is open.
    Connection(Route),
    /// The function of the option `refuse`, which has to answer for this endpoint, or for none.
    Refusing(Option<Route>),
    /// The body of `main`, which may have sent its answer itself.
    Main,
    /// Code that runs after the answer.
    Answered,
}

thread_local! {
    static RUNNING: Cell<Running> = const { Cell::new(Running::Elsewhere) };
}

/// Records the code that runs from now on, and returns the previous one.
pub(crate) fn replace(running: Running) -> Running {
    RUNNING.replace(running)
}

/// Records the code that runs from now on.
pub(crate) fn set(running: Running) {
    RUNNING.set(running);
}
