use std::any::type_name;
#[cfg(feature = "sig")]
use std::borrow::Cow;

use base64ct::{Base64UrlUnpadded, Encoding};
use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(feature = "sig")]
use sha2::{Digest as _, Sha256};

use crate::endpoint::read_back;
use crate::endpoint::request::RequestHead;
use crate::endpoint::response::{Answer, IntoAnswer, Reason};

/// The limit of the header, in bytes: the binding, a dot, and the value in base64. Every request of a connection carries it,
/// and it shares the 8,192 bytes of the proxy's default buffer with the headers of the client.
const MAX_LEN: usize = 2048;

/// The length of a binding and its dot.
const BINDING_LEN: usize = 23;

/// A guard value, on its way from the client request to the Fanout request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardValue(Option<HeaderValue>);

impl GuardValue {
    /// No value: the guard runs again if the handler reads it.
    pub const NONE: Self = Self(None);

    /// A value. It travels as JSON in a header of at most 2,048 bytes, which is about 1,500 bytes of JSON.
    /// [`guard_value`] reads it as the same type.
    ///
    /// # Errors
    ///
    /// A 500, if the value is longer, has no JSON, or does not read back as it was: a skipped field without
    /// `#[serde(default)]`, a NaN. The log says why. Such a value is not sent, because the guard would run again on
    /// each request.
    pub fn new<T: Serialize + DeserializeOwned>(value: &T) -> Result<Self, Answer> {
        let broken = |why: String| {
            crate::log::line(format_args!("the guard value cannot be sent: {why}"));
            Answer::refused(Reason::Internal, "internal error")
        };
        let json = serde_json::to_vec(value).map_err(|error| broken(error.to_string()))?;
        let encoded = Base64UrlUnpadded::encode_string(&json);
        let len = BINDING_LEN + encoded.len();
        if len > MAX_LEN {
            return Err(broken(format!("its header has {len} bytes, and the limit is {MAX_LEN}")));
        }
        read_back::check(value, &json).map_err(|error| broken(error.to_string()))?;
        Ok(Self(Some(HeaderValue::try_from(encoded).expect("base64 fits a header"))))
    }

    /// The header, bound to this endpoint and its path parameters.
    #[cfg(feature = "sig")]
    pub(crate) fn into_header(self, head: &RequestHead<'_>) -> Option<HeaderValue> {
        let written = [binding(head).as_bytes(), b".", self.0?.as_bytes()].concat();
        Some(HeaderValue::from_bytes(&written).expect("base64 fits a header"))
    }
}

/// The binding of a guard value: the path template, the kind and the methods of the endpoint, and the path parameters,
/// which cannot contain a zero byte.
#[cfg(feature = "sig")]
pub(crate) fn binding(head: &RequestHead<'_>) -> String {
    let mut digest = Sha256::new_with_prefix(head.parameters().pattern());
    if let Some(settings) = head.settings() {
        digest.update(format!("\0{:?} {}", settings.kind, settings.methods));
    }
    for (_, value) in head.parameters().iter() {
        digest.update([0]);
        digest.update(value);
    }
    Base64UrlUnpadded::encode_string(&digest.finalize()[..16])
}

/// The guard value in a handler: from the header if it can be trusted, and otherwise from `guard` itself.
///
/// ```
/// use fanout::endpoint::{GuardValue, guard_value};
/// use fanout::grip::Hold;
/// use fanout::{Answer, Channel, Event, RequestHead, Route};
///
/// fn signed_in(head: &RequestHead<'_>) -> Result<String, Answer> {
///     let name = head.header("x-user").and_then(|name| name.to_str().ok());
///     name.map(str::to_owned).ok_or_else(|| Answer::text(401, "sign in first\n"))
/// }
///
/// const NEWS: Route = Route::sse("/news", |head| match guard_value(head, signed_in) {
///     Ok(name) => Hold::sse(Channel::from_static("news")).body(Event::data(format!("welcome, {name}"))).into(),
///     Err(answer) => answer,
/// })
/// .guard(|head| GuardValue::new(&signed_in(head)?));
/// ```
///
/// # Errors
///
/// The answer of `guard`, if it refuses.
pub fn guard_value<T: DeserializeOwned, E: IntoAnswer>(
    head: &RequestHead<'_>,
    guard: impl FnOnce(&RequestHead<'_>) -> Result<T, E>,
) -> Result<T, Answer> {
    match read(head) {
        Some(value) => Ok(value),
        None => guard(head).map_err(IntoAnswer::into_answer),
    }
}

#[cfg(feature = "sig")]
pub(super) fn read<T: DeserializeOwned>(head: &RequestHead<'_>) -> Option<T> {
    let (binding, value) = raw_value(head)?.split_once('.')?;
    if binding != self::binding(head) {
        return None;
    }
    let json = Base64UrlUnpadded::decode_vec(value).ok()?;
    let read = serde_json::from_slice(&json);
    if let Err(error) = &read {
        crate::log::line(format_args!(
            "{}: the guard value does not read as `{}`, and the guard runs again: {error}",
            head.path(),
            type_name::<T>(),
        ));
    }
    read.ok()
}

/// Without signatures, no request is verified, and a guard value in it would be the client's.
#[cfg(not(feature = "sig"))]
fn read<T>(_head: &RequestHead<'_>) -> Option<T> {
    None
}

/// The guard value as this crate wrote it: into the header, or into the recovery link.
#[cfg(feature = "sig")]
fn raw_value<'r>(head: &RequestHead<'r>) -> Option<&'r str> {
    let trusted = if head.had_client_request() { head.guard_headers() } else { Vec::new() };
    match trusted[..] {
        [header] => header.to_str().ok(),
        [] => head.proven_link()?.guard,
        _ => None,
    }
}

/// The guard value for the recovery link, as this crate writes it.
///
/// # Errors
///
/// If the guard has run again, and its value cannot be sent. The log says why.
#[cfg(feature = "sig")]
pub(crate) fn value_for_link<'r>(head: &RequestHead<'r>) -> Result<Option<Cow<'r, str>>, ()> {
    match head.rerun().and_then(|rerun| rerun.borrow().clone()) {
        Some(again) => again.map(|value| Some(value.into())),
        None => Ok(raw_value(head).map(Cow::from)),
    }
}

/// Keeps the value of a guard that has run again, for the recovery link.
#[cfg(feature = "sig")]
pub(super) fn keep_for_link<T: Serialize + DeserializeOwned>(head: &RequestHead<'_>, value: &T) {
    let Some(rerun) = head.rerun() else { return };
    let written = GuardValue::new(value).map_err(drop).map(|value| value.into_header(head));
    let written = written.map(|header| header.and_then(|header| Some(header.to_str().ok()?.to_owned())));
    rerun.replace(written.transpose());
}
