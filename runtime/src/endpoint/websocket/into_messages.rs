use std::borrow::Cow;

use crate::grip::websocket::Reply;

use super::{CloseWith, Incoming, IntoClose, Message};
use crate::endpoint::response::forms::{Iterated, Unimplemented, Unused, Wrapped};
use crate::endpoint::{Answer, IntoAnswer};

/// Messages to a client: text, bytes, a [`Message`], a [`Json`](crate::Json), a [`Reply`], nothing, or a `Vec`, an
/// array or an iterator of these.
///
/// The parameter `Form` is inferred, so you do not name it:
///
/// ```
/// use fanout::websocket::{CloseWith, Messages};
/// use fanout::websocket::Reply;
///
/// struct Score(u32, u32);
///
/// impl Messages for Score {
///     fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
///         reply.text(format!("{}:{}", self.0, self.1));
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a `ws` endpoint cannot return `{Self}`",
    label = "not a message",
    note = "return `()`, text, bytes, `fanout::websocket::Message`, `Json<T>`, `Reply`, a `Vec`, array or iterator of these, or an `Option` or `Result` of one of these"
)]
pub trait Messages<Form = ()> {
    /// Adds the messages to a reply.
    ///
    /// # Errors
    ///
    /// The close, if the messages cannot be written.
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith>;
}

#[diagnostic::do_not_recommend]
impl Messages for () {
    fn send(self, _: &mut Reply) -> Result<(), CloseWith> {
        Ok(())
    }
}

/// The implementation for one message.
macro_rules! message {
    ($($type:ty => $method:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Messages for $type {
            fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
                reply.$method(self);
                Ok(())
            }
        }
    )*};
}

message!(&str => text, String => text, Cow<'_, str> => text, &[u8] => binary, Vec<u8> => binary);

#[diagnostic::do_not_recommend]
impl<const N: usize> Messages for [u8; N] {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        reply.binary(self);
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Messages for &[u8; N] {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        reply.binary(self);
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl Messages for Message {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        match self {
            Self::Text(text) => reply.text(text),
            Self::Binary(bytes) => reply.binary(bytes),
        }
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl Messages for Incoming<'_> {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        match self {
            Self::Text(text) => reply.text(text),
            Self::Binary(bytes) => reply.binary(bytes),
        }
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl Messages for Reply {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        reply.append(self);
        Ok(())
    }
}

/// Closes the connection after the messages before.
#[diagnostic::do_not_recommend]
impl Messages for CloseWith {
    fn send(self, _: &mut Reply) -> Result<(), CloseWith> {
        Err(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Messages<Form>, Form> Messages<Wrapped<Form>> for Vec<T> {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        self.into_iter().try_for_each(|message| message.send(reply))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Messages<Form>, Form, const N: usize> Messages<Wrapped<Form>> for [T; N] {
    fn send(self, reply: &mut Reply) -> Result<(), CloseWith> {
        self.into_iter().try_for_each(|message| message.send(reply))
    }
}

#[diagnostic::do_not_recommend]
impl<I: Iterator<Item: Messages<Form>>, Form> Messages<Iterated<Form>> for I {
    fn send(mut self, reply: &mut Reply) -> Result<(), CloseWith> {
        self.try_for_each(|message| message.send(reply))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Unimplemented> Messages<Unused> for T {
    fn send(self, _: &mut Reply) -> Result<(), CloseWith> {
        Ok(())
    }
}

/// Sends the first messages. If they end the connection, it opens and closes at once, so that the client gets the
/// code.
pub(super) fn begin<Form>(messages: impl Messages<Form>, reply: &mut Reply) {
    if let Err(close) = messages.send(reply) {
        close.close(reply);
        close.log().into_iter().for_each(crate::log::line);
    }
}

/// The return value of a `ws` handler that runs when the connection opens: [`Messages`], or an `Option` or `Result` of
/// some. An `Err` refuses the connection, and is the answer to the client.
#[diagnostic::on_unimplemented(
    message = "a `ws` endpoint cannot return `{Self}`",
    label = "not a message",
    note = "return `()`, text, bytes, `fanout::websocket::Message`, `Json<T>`, `Reply`, a `Vec`, array or iterator of these, or an `Option` or `Result` of one of these whose error implements `fanout::IntoAnswer`"
)]
pub trait IntoMessages<Form = ()> {
    /// The reply, or an early answer.
    ///
    /// # Errors
    ///
    /// The early answer.
    fn into_messages(self) -> Result<Reply, Answer>;
}

#[diagnostic::do_not_recommend]
impl<T: Messages<Form>, Form> IntoMessages<Form> for T {
    fn into_messages(self) -> Result<Reply, Answer> {
        let mut reply = Reply::new();
        begin(self, &mut reply);
        Ok(reply)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoMessages<Form>, Form> IntoMessages<Wrapped<Form>> for Option<T> {
    fn into_messages(self) -> Result<Reply, Answer> {
        self.map_or_else(|| Ok(Reply::new()), IntoMessages::into_messages)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoMessages<Form>, Form, E: IntoAnswer> IntoMessages<Wrapped<Form>> for Result<T, E> {
    fn into_messages(self) -> Result<Reply, Answer> {
        self.map_err(IntoAnswer::into_answer)?.into_messages()
    }
}

/// The return value of a `ws` handler for messages: [`Messages`], or an `Option` or `Result` of some. An `Err` closes
/// the connection, as [`IntoClose`] says.
#[diagnostic::on_unimplemented(
    message = "a `ws` endpoint cannot return `{Self}`",
    label = "not a message",
    note = "return `()`, text, bytes, `fanout::websocket::Message`, `Json<T>`, `Reply`, a `Vec`, array or iterator of these, or an `Option` or `Result` of one of these whose error is `CloseWith` or implements `IntoClose`"
)]
pub trait IntoReply<Form = ()> {
    /// Adds the messages to `reply`.
    ///
    /// # Errors
    ///
    /// The close. The messages in `reply` are still sent before it.
    fn into_reply(self, reply: &mut Reply) -> Result<(), CloseWith>;
}

#[diagnostic::do_not_recommend]
impl<T: Messages<Form>, Form> IntoReply<Form> for T {
    fn into_reply(self, reply: &mut Reply) -> Result<(), CloseWith> {
        self.send(reply)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoReply<Form>, Form> IntoReply<Wrapped<Form>> for Option<T> {
    fn into_reply(self, reply: &mut Reply) -> Result<(), CloseWith> {
        self.map_or(Ok(()), |messages| messages.into_reply(reply))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoReply<Form>, Form, E: IntoClose> IntoReply<Wrapped<Form>> for Result<T, E> {
    fn into_reply(self, reply: &mut Reply) -> Result<(), CloseWith> {
        self.map_err(IntoClose::into_close)?.into_reply(reply)
    }
}
