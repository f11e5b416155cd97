use std::fmt;

/// An event of a connection, borrowed from the body of the request.
///
/// The proxy does not check that a client's text is UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The connection opens. The answer must begin with an `OPEN`.
    Open,
    /// A text message.
    Text(&'a [u8]),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping. The app answers with a pong of the same content.
    Ping(&'a [u8]),
    /// A pong.
    Pong(&'a [u8]),
    /// The client closes the connection. The content is empty, or a big-endian code and a reason, which
    /// [`Close::parse`](super::Close::parse) reads. The app answers with the same.
    Close(&'a [u8]),
    /// The client is gone.
    Disconnect,
    /// An event of a type that this library does not know. Skip it.
    Unknown(Unknown<'a>),
}

impl<'a> Event<'a> {
    /// Makes an event from its type and content. `OPEN` and `DISCONNECT` ignore content.
    pub(super) fn new(kind: &'a str, content: &'a [u8]) -> Self {
        match kind {
            "OPEN" => Self::Open,
            "TEXT" => Self::Text(content),
            "BINARY" => Self::Binary(content),
            "PING" => Self::Ping(content),
            "PONG" => Self::Pong(content),
            "CLOSE" => Self::Close(content),
            "DISCONNECT" => Self::Disconnect,
            kind => Self::Unknown(Unknown { kind, content }),
        }
    }
}

/// An event of a type that this library does not know, with its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unknown<'a> {
    kind: &'a str,
    content: &'a [u8],
}

impl<'a> Unknown<'a> {
    /// Makes an event of this type.
    ///
    /// # Errors
    ///
    /// If the type is not one or more printable ASCII characters without a space, or if [`Event`] has a variant for it.
    pub fn new(kind: &'a str, content: &'a [u8]) -> Result<Self, InvalidKind> {
        let valid = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_graphic());
        match Event::new(kind, content) {
            Event::Unknown(unknown) if valid => Ok(unknown),
            Event::Unknown(_) => {
                Err(InvalidKind("an event's type is printable ASCII characters and no space"))
            }
            _ => Err(InvalidKind("an event of this type has a variant of its own")),
        }
    }

    /// Returns the type, as it was sent.
    pub fn kind(&self) -> &'a str {
        self.kind
    }

    /// Returns the content, which may be empty.
    pub fn content(&self) -> &'a [u8] {
        self.content
    }
}

/// The reason why a text is not the type of an [`Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKind(&'static str);

impl fmt::Display for InvalidKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidKind {}
