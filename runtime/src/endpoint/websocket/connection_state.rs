use super::{Callbacks, State};
use crate::endpoint::response::forms::{Unimplemented, Unused};
use crate::endpoint::{Answer, RequestHead};
use crate::grip::websocket::Events;

/// [`State`] as generated code calls it: a trait without another bound, because the compiler explains each bound in a
/// message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be connection state",
    label = "the proxy cannot store this type",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it"
)]
pub trait ConnectionState: Sized {
    /// [`Callbacks::answer`].
    fn answer(callbacks: &Callbacks<'_, Self>, head: &RequestHead<'_>, events: Events<'_>) -> Answer;
}

#[diagnostic::do_not_recommend]
impl<S: State> ConnectionState for S {
    fn answer(callbacks: &Callbacks<'_, Self>, head: &RequestHead<'_>, events: Events<'_>) -> Answer {
        callbacks.answer(head, events)
    }
}

/// [`ConnectionState`] of a connection type without `open`, whose state begins as the default.
///
/// `S` is the type itself if it can be stored, and unknown if not. Then the compiler does not report a missing default too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be connection state",
    label = "the proxy cannot store this type",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it",
    note = "without a method `open`, it needs a default too: `#[derive(Default, serde::Serialize, serde::Deserialize)]`"
)]
pub trait ConnectionByDefault<S>: Sized {
    /// The connection state as it begins.
    fn begins(default: fn() -> S) -> Self;

    /// [`Callbacks::answer`].
    fn answer(callbacks: &Callbacks<'_, Self>, head: &RequestHead<'_>, events: Events<'_>) -> Answer;
}

#[diagnostic::do_not_recommend]
impl<S: State> ConnectionByDefault<S> for S {
    fn begins(default: fn() -> S) -> Self {
        default()
    }

    fn answer(callbacks: &Callbacks<'_, Self>, head: &RequestHead<'_>, events: Events<'_>) -> Answer {
        callbacks.answer(head, events)
    }
}

/// Nothing: see [`Unimplemented`].
#[diagnostic::do_not_recommend]
impl<T: Unimplemented> ConnectionByDefault<Unused> for T {
    fn begins(_: fn() -> Unused) -> Self {
        unreachable!("no type implements it")
    }

    fn answer(_: &Callbacks<'_, Self>, _: &RequestHead<'_>, _: Events<'_>) -> Answer {
        unreachable!("no type implements it")
    }
}
