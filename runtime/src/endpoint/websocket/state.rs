use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{Formatter, Serializer};

use crate::grip::websocket::{Reply, STATE};

use super::{CloseWith, JsonError};
use crate::endpoint::{RequestHead, read_back};

/// The most bytes of a connection's state, as JSON in ASCII: what the header that carries it may have. See
/// [`Reply::MAX_META`], of which this leaves nearly nothing.
///
/// State is JSON because it outlives a deployment: fields go by their names, so that old state reads as what it was or
/// not at all, and `#[serde(default)]` on a new field keeps it. A packed form would be a third as long (22 bytes in
/// base64 for a room, a nickname, a time and a flag, which are 62 as JSON), and where two fields have changed places it
/// would read the one as the other. Against the bytes that every request carries anyway, the difference is small.
/// Characters beyond ASCII take 6 or 12 bytes each.
pub const MAX_STATE: usize = 4_000;

/// What the state of a connection can be: a type that serde can write and read. Each value is read back when it is stored,
/// and one that does not come back as it was closes the connection with code 1011: see [`ws`](crate::ws#state).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the state of a connection",
    label = "not a type that can be stored at the proxy",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it"
)]
pub trait State: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<S: Serialize + DeserializeOwned> State for S {}

const HEADER: &str = "meta-fanout-state";

/// What state without content is, and what is therefore not stored.
const NOTHING: &str = "null";

/// Why a connection's state does not come back: the app has changed since it was stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stale {
    /// There is none.
    Missing,
    /// It is not what the type says now.
    Invalid(JsonError),
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the connection has no state"),
            Self::Invalid(error) => {
                write!(f, "the connection's state is not what it has to be by now: {error}")
            }
        }
    }
}

impl Error for Stale {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Missing => None,
            Self::Invalid(error) => Some(error),
        }
    }
}

/// The state that came with a request.
pub(super) fn load<S: DeserializeOwned>(head: &RequestHead<'_>) -> Result<S, Stale> {
    let nothing = || serde_json::from_str(NOTHING).map_err(|_| Stale::Missing);
    let Some(stored) = head.header(HEADER) else { return nothing() };
    let loaded =
        serde_json::from_slice(stored.as_bytes()).map_err(|error| Stale::Invalid(JsonError::new(error)));
    // Where there is nothing to know by now, as for a function, what an app before this one knew does not matter.
    if size_of::<S>() == 0 { nothing().or(loaded) } else { loaded }
}

/// Stores state, where it is not what came with the request.
///
/// It is read back even where its JSON is what is stored: the state can be another one, as where `None` has become
/// `Some(NaN)`.
pub(super) fn save<S: State>(state: &S, head: &RequestHead<'_>, reply: &mut Reply) -> Result<(), CloseWith> {
    let mut json = Vec::new();
    state.serialize(&mut Serializer::with_formatter(&mut json, Ascii)).map_err(CloseWith::internal_error)?;
    let stored = head.header(HEADER).map(|value| value.as_bytes());
    let is_stored = json == stored.unwrap_or(NOTHING.as_bytes());
    if !is_stored && json.len() > MAX_STATE {
        return Err(CloseWith::internal_error(format_args!(
            "the state of a connection has {} bytes as JSON, and at most {MAX_STATE}: keep what is long elsewhere, and its key in the state",
            json.len()
        )));
    }
    read_back::check(state, &json).map_err(|error| {
        CloseWith::internal_error(format_args!("the state of a connection cannot be stored: {error}"))
    })?;
    if is_stored {
        return Ok(());
    }
    let json = str::from_utf8(&json).expect("JSON is UTF-8");
    let stored = if json == NOTHING { reply.forget(STATE) } else { reply.store(STATE, json) };
    stored.map_err(CloseWith::internal_error)
}

/// JSON that fits a header: what is no printable ASCII is escaped.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|char: char| !matches!(char, ' '..='~')) {
            let (plain, special) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut chars = special.chars();
            let char = chars.next().expect("it was found");
            for unit in char.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}
