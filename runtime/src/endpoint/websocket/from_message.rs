use std::convert::Infallible;
use std::fmt;

use crate::grip::websocket::CloseCode;

use super::close_with::by_question_mark;
use super::{CloseWith, IntoClose};

/// A message of a WebSocket, text or binary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

impl Message {
    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) => None,
        }
    }

    /// The content, of either kind.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes)
    }
}

impl From<&[u8]> for Message {
    fn from(bytes: &[u8]) -> Self {
        Self::Binary(bytes.to_vec())
    }
}

/// A message of a client, for every client of a channel: `fanout::publish(room, message)`.
impl From<Message> for crate::publish::Message {
    fn from(message: Message) -> Self {
        match message {
            Message::Text(text) => Self::text(text),
            Message::Binary(bytes) => Self::bytes(bytes),
        }
    }
}

impl From<Incoming<'_>> for Message {
    fn from(message: Incoming<'_>) -> Self {
        match message {
            Incoming::Text(text) => text.into(),
            Incoming::Binary(bytes) => bytes.into(),
        }
    }
}

/// A message from a client, borrowed from the request. Text that is not UTF-8 has been refused with code 1007.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Incoming<'m> {
    /// Text.
    Text(&'m str),
    /// Bytes.
    Binary(&'m [u8]),
}

/// The message argument of a `ws` handler. Its type decides which kind of message the endpoint takes. The other kind
/// closes the connection with code 1003.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a message",
    label = "not a message",
    note = "take `&str` or `String` for text, `&[u8]` or `Vec<u8>` for bytes, `fanout::websocket::Message` for both, or `Json<T>`",
    note = "for `Json<T>`, derive `serde::Deserialize` for `T`",
    note = "in an `impl`, the message is the first parameter that is not a path parameter: put extractors of your own after it"
)]
pub trait FromMessage<'m>: Sized {
    /// The close for other messages. `Result<Self, Self::Rejection>` is a message argument too, for a handler that
    /// decides itself.
    type Rejection: IntoClose;

    /// Makes the value from a message.
    ///
    /// # Errors
    ///
    /// If the message does not fit. The rejection closes the connection, and the handler does not run.
    fn from_message(message: Incoming<'m>) -> Result<Self, Self::Rejection>;

    /// The argument of a handler. A method of the trait, because the compiler explains the bound of a function.
    ///
    /// # Errors
    ///
    /// The close.
    #[doc(hidden)]
    fn argument(message: Incoming<'m>) -> Result<Self, CloseWith> {
        Self::from_message(message).map_err(IntoClose::into_close)
    }
}

/// The error for a message of the other kind. It closes the connection with code 1003.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WrongKind {
    /// The endpoint takes text.
    NotText,
    /// The endpoint takes bytes.
    NotBinary,
}

impl fmt::Display for WrongKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotText => "text messages only",
            Self::NotBinary => "binary messages only",
        })
    }
}

impl std::error::Error for WrongKind {}

#[diagnostic::do_not_recommend]
impl IntoClose for WrongKind {
    fn into_close(self) -> CloseWith {
        CloseWith::new(CloseCode::UNSUPPORTED, self.to_string())
    }
}

by_question_mark!(WrongKind);

#[diagnostic::do_not_recommend]
impl<'m> FromMessage<'m> for &'m str {
    type Rejection = WrongKind;

    fn from_message(message: Incoming<'m>) -> Result<Self, WrongKind> {
        match message {
            Incoming::Text(text) => Ok(text),
            Incoming::Binary(_) => Err(WrongKind::NotText),
        }
    }
}

#[diagnostic::do_not_recommend]
impl FromMessage<'_> for String {
    type Rejection = WrongKind;

    fn from_message(message: Incoming<'_>) -> Result<Self, WrongKind> {
        <&str>::from_message(message).map(str::to_owned)
    }
}

#[diagnostic::do_not_recommend]
impl<'m> FromMessage<'m> for &'m [u8] {
    type Rejection = WrongKind;

    fn from_message(message: Incoming<'m>) -> Result<Self, WrongKind> {
        match message {
            Incoming::Binary(bytes) => Ok(bytes),
            Incoming::Text(_) => Err(WrongKind::NotBinary),
        }
    }
}

#[diagnostic::do_not_recommend]
impl FromMessage<'_> for Vec<u8> {
    type Rejection = WrongKind;

    fn from_message(message: Incoming<'_>) -> Result<Self, WrongKind> {
        <&[u8]>::from_message(message).map(<[u8]>::to_vec)
    }
}

#[diagnostic::do_not_recommend]
impl<'m> FromMessage<'m> for Incoming<'m> {
    type Rejection = Infallible;

    fn from_message(message: Self) -> Result<Self, Infallible> {
        Ok(message)
    }
}

#[diagnostic::do_not_recommend]
impl FromMessage<'_> for Message {
    type Rejection = Infallible;

    fn from_message(message: Incoming<'_>) -> Result<Self, Infallible> {
        Ok(message.into())
    }
}

#[diagnostic::do_not_recommend]
impl<'m, T: FromMessage<'m>> FromMessage<'m> for Result<T, T::Rejection> {
    type Rejection = Infallible;

    fn from_message(message: Incoming<'m>) -> Result<Self, Infallible> {
        Ok(T::from_message(message))
    }
}
