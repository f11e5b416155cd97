use std::fmt;

/// The code of a close: 1000 to 1003, 1007 to 1014, or 3000 to 4999.
///
/// Libraries register codes from 3000 to 3999, and an app may use any from 4000 to 4999. 1004, 1005, 1006 and 1015 never
/// travel in a close. The other codes below 3000 are not defined, and clients treat them as a protocol error.
///
/// ```
/// use fanout::websocket::CloseCode;
///
/// const KICKED: CloseCode = CloseCode::from_static(4000);
/// assert!(CloseCode::new(1005).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self(1000);
    /// 1001: the server goes down, or the client leaves the page.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the other side broke the protocol.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003: the message is of a kind that the endpoint does not accept.
    pub const UNSUPPORTED: Self = Self(1003);
    /// 1007: the content of the message does not match its kind.
    pub const INVALID_DATA: Self = Self(1007);
    /// 1008: the message violates a rule of the app.
    pub const POLICY: Self = Self(1008);
    /// 1009: the message is too large.
    pub const TOO_LARGE: Self = Self(1009);
    /// 1011: the server has an internal error.
    pub const INTERNAL_ERROR: Self = Self(1011);
    /// 1012: the server restarts, and the client should reconnect.
    pub const RESTART: Self = Self(1012);
    /// 1013: the server is overloaded, and the client should reconnect later.
    pub const TRY_AGAIN: Self = Self(1013);

    /// Makes a code from a constant. In a `const`, an invalid code is a compile error. In a function, use
    /// [`close_code!`](crate::close_code).
    ///
    /// # Panics
    ///
    /// If a close may not have this code.
    #[track_caller]
    pub const fn from_static(code: u16) -> Self {
        assert!(Self::is_valid(code), "a close's code is 1000 to 1003, 1007 to 1014, or 3000 to 4999");
        Self(code)
    }

    /// Makes a code from a number that is known at run time.
    ///
    /// # Errors
    ///
    /// If a close may not have this code.
    pub const fn new(code: u16) -> Result<Self, InvalidCloseCode> {
        if Self::is_valid(code) { Ok(Self(code)) } else { Err(InvalidCloseCode(code)) }
    }

    /// Returns the number.
    pub const fn get(self) -> u16 {
        self.0
    }

    const fn is_valid(code: u16) -> bool {
        matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }
}

/// Makes a [`CloseCode`](crate::websocket::CloseCode) from a constant. An invalid code is a compile error.
///
/// `const { CloseCode::from_static(…) }` in a function makes the same error, but only in a full build. `cargo check` and
/// editors do not see it.
///
/// ```
/// use fanout::websocket::CloseWith;
///
/// #[fanout::ws]
/// fn say(message: &str) -> Result<String, CloseWith> {
///     if message.contains("spam") {
///         return Err(CloseWith::new(fanout::close_code!(4000), "no spam here"));
///     }
///     Ok(message.to_owned())
/// }
/// # assert_eq!(say("spam").unwrap_err().code().get(), 4000);
/// ```
#[macro_export]
macro_rules! close_code {
    ($code:expr) => {{
        // `cargo check` evaluates a constant item, even an unused one, but no `const { … }` in a function.
        const CODE_OF_THIS_CLOSE: $crate::websocket::CloseCode =
            $crate::websocket::CloseCode::from_static($code);
        CODE_OF_THIS_CLOSE
    }};
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The reason why a number is not a [`CloseCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCloseCode(u16);

impl fmt::Display for InvalidCloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} may not stand in a close: take 1000 to 1003, 1007 to 1014, a library's registered one from 3000 to 3999, or an app's own from 4000 to 4999",
            self.0
        )
    }
}

impl std::error::Error for InvalidCloseCode {}

/// The code and the reason of a client's close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Close<'a> {
    /// The code, as the client sent it. It may be any number.
    pub code: u16,
    /// The reason, which may be empty.
    pub reason: &'a str,
}

impl<'a> Close<'a> {
    /// Reads the content of a close. Returns `None` if it is empty: the client sent no code.
    ///
    /// ```
    /// use fanout::websocket::{Close, InvalidClose};
    ///
    /// let close = Close::parse(b"\x03\xe8done")?;
    /// assert_eq!(close, Some(Close { code: 1000, reason: "done" }));
    /// assert_eq!(Close::parse(b"")?, None);
    /// assert_eq!(Close::parse(b"\x03"), Err(InvalidClose::HalfACode));
    /// # Ok::<(), InvalidClose>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the content is one byte, or the reason is not UTF-8.
    pub fn parse(content: &'a [u8]) -> Result<Option<Self>, InvalidClose> {
        let Some((code, reason)) = content.split_first_chunk() else {
            return if content.is_empty() { Ok(None) } else { Err(InvalidClose::HalfACode) };
        };
        let code = u16::from_be_bytes(*code);
        match str::from_utf8(reason) {
            Ok(reason) => Ok(Some(Self { code, reason })),
            Err(_) => Err(InvalidClose::ReasonNotUtf8 { code }),
        }
    }
}

/// The reason why a content is not that of a [`Close`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidClose {
    /// The content is one byte, but a code has two.
    HalfACode,
    /// The reason after the code is not UTF-8.
    ReasonNotUtf8 {
        /// The code.
        code: u16,
    },
}

impl fmt::Display for InvalidClose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HalfACode => f.write_str("the content of a close is one byte, and a code has two"),
            Self::ReasonNotUtf8 { code } => write!(f, "the reason of a close with code {code} is not UTF-8"),
        }
    }
}

impl std::error::Error for InvalidClose {}
