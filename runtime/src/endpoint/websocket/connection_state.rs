use super::{Callbacks, State};
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
