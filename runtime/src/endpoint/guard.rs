//! Guards: what lets a client in at the edge, and how what it found out gets to the second invocation.
//!
//! It travels in a header of the request that is handed off. The edge sets it over whatever the client sent; the proxy
//! repeats it on every request of a connection. It is believed only where no client can have skipped the edge, and only
//! at the endpoint, and for the parameters, that the guard ran for: on its way through the proxy a path can become
//! another one (`/%61dmin` comes out as `/admin`).
//!
//! When the proxy asks for what was missed it repeats no header. There the value comes by the link, which is ours.

use base64ct::{Base64UrlUnpadded, Encoding};
use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Answer, IntoResponse, RequestHead};
use crate::grip::Link;

/// Not `grip-…`: the proxy lets no client's header of that name through, nor ours.
pub(crate) const CARRIED: &str = "fanout-guard";

/// How long the value may be as base64, in bytes. It stands on every request of a connection, and a proxy's buffer (8,192 bytes
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

    /// The header, for this request and no other.
    pub(crate) fn into_header(self, head: &RequestHead<'_>) -> Option<HeaderValue> {
        let written = [seal(head).as_bytes(), b".", self.0?.as_bytes()].concat();
        Some(HeaderValue::from_bytes(&written).expect("base64 fits a header"))
    }
}

/// What the guard ran for: the endpoint, and the parameters of its path. They cannot contain a zero.
fn seal(head: &RequestHead<'_>) -> String {
    let mut digest = Sha256::new_with_prefix(head.parameters().pattern());
    for (_, value) in head.parameters().iter() {
        digest.update([0]);
        digest.update(value);
    }
    Base64UrlUnpadded::encode_string(&digest.finalize()[..16])
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
    let (seal, value) = written(head)?.split_once('.')?;
    if seal != self::seal(head) {
        return None;
    }
    let json = Base64UrlUnpadded::decode_vec(value).ok()?;
    serde_json::from_slice(&json).ok()
}

/// What came from the edge, as it was written there.
fn written<'r>(head: &RequestHead<'r>) -> Option<&'r str> {
    if !head.came_by_the_edge() {
        return None;
    }
    match head.carried()[..] {
        [header] => header.to_str().ok(),
        // No client can send this header, so the query is our link's.
        [] if head.header("grip-last").is_some() => head.query()?.split('&').find_map(|pair| {
            let value = pair.strip_prefix(CARRIED)?;
            value.strip_prefix('=')
        }),
        _ => None,
    }
}

/// A link, if it leads to this service, with what the guard returned.
fn with_carried(head: &RequestHead<'_>, url: &str) -> Option<Link> {
    let written = written(head)?;
    let separator = if url.contains('?') { '&' } else { '?' };
    // It does not fit where it is too long, and the guard runs again.
    let link = url.starts_with('/').then(|| Link::new(format!("{url}{separator}{CARRIED}={written}")));
    link?.ok()
}

/// An answer of a guarded endpoint, whose link, where the proxy asks for what was missed, carries what the guard returned.
pub(crate) fn carry_on(head: &RequestHead<'_>, answer: Answer) -> Answer {
    answer.with_next(|url| with_carried(head, url))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::super::head::Sender;
    use super::super::{Parameters, path};
    use super::*;

    /// Runs `test` with the head of a request for an endpoint, as it comes inside.
    fn inside<T>(
        pattern: &'static str,
        values: Vec<&str>,
        query: Option<&str>,
        headers: &[(&'static str, &HeaderValue)],
        test: impl FnOnce(&RequestHead<'_>) -> T,
    ) -> T {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), (*value).clone())).collect();
        let values = path::decode(values).unwrap();
        let head = RequestHead::new(&Method::GET, "/", query, &headers);
        test(&head.with_parameters(Parameters::new(pattern, &values)).sent_by(Sender::Fanout))
    }

    fn sealed(pattern: &'static str, values: Vec<&str>) -> HeaderValue {
        inside(pattern, values, None, &[], |head| Carried::new(&7).unwrap().into_header(head).unwrap())
    }

    #[test]
    fn it_is_believed_where_the_guard_ran_and_nowhere_else() {
        let header = sealed("/{room}/{id}", vec!["a%2F", "b"]);
        let at = |pattern, values| inside(pattern, values, None, &[(CARRIED, &header)], carried::<u8>);
        assert_eq!(at("/{room}/{id}", vec!["a%2f", "%62"]), Some(7));
        assert_eq!(at("/{room}/{id}", vec!["a", "/b"]), None);
        assert_eq!(at("/{room}/{id}", vec!["a/", "c"]), None);
        assert_eq!(at("/{room}/{name}", vec!["a/", "b"]), None);
        assert_eq!(at("/admin", vec![]), None);
    }

    #[test]
    fn two_are_none() {
        let header = sealed("/", vec![]);
        assert_eq!(inside("/", vec![], None, &[(CARRIED, &header), (CARRIED, &header)], carried::<u8>), None);
    }

    #[test]
    fn it_goes_on_with_the_link_and_is_believed_from_the_proxy() {
        let header = sealed("/a", vec![]);
        let on = |link: &str| {
            inside("/a", vec![], None, &[(CARRIED, &header)], |head| {
                with_carried(head, link).map(|link| link.as_str().to_owned())
            })
        };
        let query = format!("missed&{CARRIED}={}", header.to_str().unwrap());
        assert_eq!(on("/a?missed").unwrap(), format!("/a?{query}"));
        assert_eq!(on("https://example.com/a"), None);
        assert_eq!(on(&format!("/{}", "a".repeat(2040))), None);
        let last = HeaderValue::from_static("a; last-id=1");
        assert_eq!(inside("/a", vec![], Some(&query), &[("grip-last", &last)], carried::<u8>), Some(7));
        assert_eq!(inside("/b", vec![], Some(&query), &[("grip-last", &last)], carried::<u8>), None);
        assert_eq!(inside("/a", vec![], Some(&query), &[], carried::<u8>), None);
        let again = inside("/a", vec![], Some(&query), &[("grip-last", &last)], |head| {
            with_carried(head, "/a?missed").map(|link| link.as_str().to_owned())
        });
        assert_eq!(again.unwrap(), format!("/a?{query}"));
    }
}
