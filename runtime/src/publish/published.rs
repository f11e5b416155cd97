//! The arguments of `publish`, as traits whose messages are about publishing.

use super::Message;
use crate::grip::Channel;

/// A channel to publish to: a [`Channel`], or a `&Channel`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a channel",
    label = "not a `Channel`",
    note = "publish to the channel of an endpoint, by its name: `news::channel()`, with the path parameters of its template as arguments",
    note = "make a channel from a text with `Channel::new(text)?`, which checks the name, or from a constant with `Channel::from_static(\"…\")`",
    note = "publish to each channel of a list by itself: `let [a, b] = news::channels();`"
)]
pub trait IntoChannel {
    /// The channel.
    fn into_channel(self) -> Channel;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Channel>> IntoChannel for T {
    fn into_channel(self) -> Channel {
        self.into()
    }
}

/// A message to publish: a [`Message`], text, bytes, or an [`Event`](crate::Event).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be published",
    label = "not a message",
    note = "publish text, bytes, an `Event` or a `fanout::publish::Message`",
    note = "make a message from a value that serde can serialize with `Message::json(&value)?`"
)]
pub trait IntoMessage {
    /// The message.
    fn into_message(self) -> Message;
}

#[diagnostic::do_not_recommend]
impl<T: Into<Message>> IntoMessage for T {
    fn into_message(self) -> Message {
        self.into()
    }
}
