//! Guards: what lets a client in at the edge, and how what it found out gets to the second invocation.
//!
//! It travels in a header of the request that is handed off. The edge sets it over whatever the client sent; the proxy
//! repeats it on every request of a connection. It is believed only where no client can have skipped the edge.

use base64ct::{Base64UrlUnpadded, Encoding};
use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Answer, IntoResponse, RequestHead};

/// Not `grip-…`: the proxy lets no client's header of that name through, nor ours.
pub(crate) const CARRIED: &str = "fanout-guard";

/// How long the header may be, in bytes. It stands on every request of a connection, and a proxy's buffer (8,192 bytes
/// where nobody changed it) has to take it together with the client's own headers.
const MAX_LEN: usize = 2048;

/// What a guard found out, on its way from the first invocation to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried(Option<HeaderValue>);

impl Carried {
    /// Nothing: the second invocation asks anew, if it asks at all.
    pub const NOTHING: Self = Self(None);

    /// A value. It travels as JSON, in a header of at most 2,048 bytes, which is some 1,500 of JSON.
    ///
    /// # Errors
    ///
    /// A 500, and a line in the log, if the value is longer or cannot be JSON.
    pub fn new(value: &impl Serialize) -> Result<Self, Answer> {
        let broken = |why: String| {
            eprintln!("fanout: what the guard returned cannot go on: {why}");
            Answer::text(500, "internal error\n")
        };
        let json = serde_json::to_vec(value).map_err(|error| broken(error.to_string()))?;
        let encoded = Base64UrlUnpadded::encode_string(&json);
        if encoded.len() > MAX_LEN {
            return Err(broken(format!(
                "it makes a header of {} bytes, and {MAX_LEN} is the most",
                encoded.len()
            )));
        }
        Ok(Self(Some(HeaderValue::try_from(encoded).expect("base64 fits a header"))))
    }

    pub(crate) fn into_header(self) -> Option<HeaderValue> {
        self.0
    }
}

/// On the second invocation, what the guard returned on the first: from the header that carries it where that can be
/// believed, and otherwise from `guard` itself.
///
/// # Errors
///
/// What `guard` refuses with.
pub fn guarded<T: DeserializeOwned, E: IntoResponse>(
    head: &RequestHead<'_>,
    guard: impl FnOnce(&RequestHead<'_>) -> Result<T, E>,
) -> Result<T, Answer> {
    match carried(head) {
        Some(value) => Ok(value),
        None => guard(head).map_err(IntoResponse::into_response),
    }
}

fn carried<T: DeserializeOwned>(head: &RequestHead<'_>) -> Option<T> {
    if !head.came_by_the_edge() {
        return None;
    }
    let [header] = head.headers(CARRIED)[..] else { return None };
    let json = Base64UrlUnpadded::decode_vec(header.to_str().ok()?).ok()?;
    serde_json::from_slice(&json).ok()
}
