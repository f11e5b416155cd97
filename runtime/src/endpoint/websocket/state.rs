use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{Formatter, Serializer};

use crate::grip::websocket::{CloseCode, Reply, STATE};

use super::{CloseWith, JsonReadError};
use crate::endpoint::{RequestHead, read_back};

/// The limit of connection state, in bytes of ASCII JSON. The state travels in a header, and [`Reply::MAX_META`]
/// leaves room for little more.
///
/// State is JSON because it outlives a deployment: fields have names, so old state reads as it was or not at all, and
/// `#[serde(default)]` on a new field keeps it. A packed form would be a third as long (22 bytes in base64 for a room,
/// a nickname, a time and a flag, which are 62 as JSON), but would mix up two fields that have changed places. Every
/// request carries more than that anyway. A character beyond ASCII takes 6 or 12 bytes.
pub const MAX_STATE: usize = 4_000;

/// A type that can be connection state: one that serde can write and read. A value that does not read back as it was
/// is not stored, and closes the connection with code 1011: see the
/// [guide](crate::guide::websockets#connection-state).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be connection state",
    label = "the proxy cannot store this type",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it"
)]
pub trait State: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<S: Serialize + DeserializeOwned> State for S {}

const HEADER: &str = "meta-fanout-state";

/// The JSON of empty state, which is not stored.
const NOTHING: &str = "null";

/// The reason why stored state does not fit the type: the app has changed since.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stale {
    /// The connection has no state.
    Missing,
    /// The state does not deserialize.
    Invalid(JsonReadError),
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the connection has no state"),
            Self::Invalid(error) => {
                write!(f, "the connection state does not deserialize: {error}")
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

/// The functions that load and store the state of a connection.
pub(super) struct Storage<S> {
    pub(super) load: Load<S>,
    pub(super) save: Save<S>,
}

type Load<S> = fn(
    &RequestHead<'_>,
    renew: &dyn Fn(Stale) -> Result<S, CloseWith>,
    log: &dyn Fn(&str),
) -> Result<S, CloseWith>;

type Save<S> = fn(&S, stored: Option<&[u8]>, &mut Reply) -> Result<(), CloseWith>;

impl<S: State> Storage<S> {
    /// The proxy keeps the state, in a header.
    pub(super) const PROXY: Self = Self { load: load_or_renew, save };
}

impl Storage<()> {
    /// There is no state. The stored state of an earlier app is forgotten.
    pub(super) const NONE: Self = Self {
        load: |_, _, _| Ok(()),
        save: |(), stored, reply| match stored {
            Some(_) => reply.forget(STATE).map_err(CloseWith::internal_error),
            None => Ok(()),
        },
    };
}

/// Loads the state of a request. If it does not fit, logs the reason, and `renew` makes the state.
fn load_or_renew<S: DeserializeOwned>(
    head: &RequestHead<'_>,
    renew: &dyn Fn(Stale) -> Result<S, CloseWith>,
    log: &dyn Fn(&str),
) -> Result<S, CloseWith> {
    load(head).or_else(|stale| {
        log(&stale.to_string());
        renew(stale)
    })
}

/// The close of a connection without `renew` whose state does not fit.
pub(super) fn restart() -> CloseWith {
    CloseWith::new(CloseCode::RESTART, "connect again")
}

/// The state of a request.
pub(super) fn load<S: DeserializeOwned>(head: &RequestHead<'_>) -> Result<S, Stale> {
    let nothing = || serde_json::from_slice(NOTHING.as_bytes()).map_err(|_| Stale::Missing);
    // A type without content ignores the state of an earlier app.
    if size_of::<S>() == 0
        && let Ok(state) = nothing()
    {
        return Ok(state);
    }
    match stored(head) {
        Some(stored) => {
            serde_json::from_slice(stored).map_err(|error| Stale::Invalid(JsonReadError::new(error)))
        }
        None => nothing(),
    }
}

/// The stored state of a request.
pub(super) fn stored<'r>(head: &RequestHead<'r>) -> Option<&'r [u8]> {
    head.header(HEADER).map(HeaderValue::as_bytes)
}

/// Stores state that differs from the stored one.
///
/// It is read back even if the JSON is unchanged, because equal JSON can be another state: `None` may have become
/// `Some(NaN)`.
pub(super) fn save<S: State>(state: &S, stored: Option<&[u8]>, reply: &mut Reply) -> Result<(), CloseWith> {
    let mut json = Vec::new();
    state.serialize(&mut Serializer::with_formatter(&mut json, Ascii)).map_err(CloseWith::internal_error)?;
    let is_stored = json == stored.unwrap_or(NOTHING.as_bytes());
    if !is_stored && json.len() > MAX_STATE {
        return Err(CloseWith::internal_error(format_args!(
            "the connection state has {} bytes as JSON, and the limit is {MAX_STATE}: keep long values elsewhere, and their key in the state",
            json.len()
        )));
    }
    read_back::check(state, &json).map_err(|error| {
        CloseWith::internal_error(format_args!("the connection state cannot be stored: {error}"))
    })?;
    if is_stored {
        return Ok(());
    }
    let json = str::from_utf8(&json).expect("JSON is UTF-8");
    let stored = if json == NOTHING { reply.forget(STATE) } else { reply.store(STATE, json) };
    stored.map_err(CloseWith::internal_error)
}

/// JSON for a header: all but printable ASCII is escaped.
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
