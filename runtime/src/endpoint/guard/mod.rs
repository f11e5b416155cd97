//! Guards: what lets a client in at the edge, and how what it found out gets to the second invocation.
//!
//! It travels in a header of the request that is handed off. The edge sets it over whatever the client sent; the proxy
//! repeats it on every request of a connection. It is believed only where no client can have skipped the edge, and only
//! at the endpoint, and for the parameters, that the guard ran for: on its way through the proxy a path can become
//! another one (`/%61dmin` comes out as `/admin`).
//!
//! When the proxy asks for what was missed it repeats no header. There the value comes by the link, which is ours.

use std::any::type_name;
use std::borrow::Cow;

use base64ct::{Base64UrlUnpadded, Encoding};
use http::HeaderValue;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{Answer, IntoAnswer, RequestHead, read_back};
use crate::grip::Link;

/// Not `grip-…`: the proxy lets no client's header of that name through, nor ours.
pub(crate) const GUARD_HEADER: &str = "fanout-guard";

/// How long the value may be as base64, in bytes. It stands on every request of a connection, and a proxy's buffer (8,192 bytes
/// where nobody changed it) has to take it together with the client's own headers.
const MAX_LEN: usize = 2048;

/// What can go on from a guard to its endpoint: a type that serde can write and read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot go on from a guard to its endpoint",
    label = "its value cannot be carried",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it, or return `()`"
)]
pub trait GuardData: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> GuardData for T {}

/// What a guard found out, on its way from the first invocation to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardValue(Option<HeaderValue>);

impl GuardValue {
    /// Nothing: the second invocation asks anew, if it asks at all.
    pub const NONE: Self = Self(None);

    /// A value. It travels as JSON, in a header of at most 2,048 bytes, which is some 1,500 of JSON. Its type is the one that
    /// [`guard_value`] asks for.
    ///
    /// # Errors
    ///
    /// A 500, and a line in the log, if the value is longer, cannot be JSON, or does not read back as it is: a field that is
    /// skipped without `#[serde(default)]`, a NaN. It is not sent on then, since the guard would run again on each request.
    pub fn new<T: GuardData>(value: &T) -> Result<Self, Answer> {
        let broken = |why: String| {
            crate::log::line(format_args!("what the guard returned cannot go on: {why}"));
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
        read_back::check(value, &json).map_err(|error| broken(error.to_string()))?;
        Ok(Self(Some(HeaderValue::try_from(encoded).expect("base64 fits a header"))))
    }

    /// The header, for this request and no other.
    pub(crate) fn into_header(self, head: &RequestHead<'_>) -> Option<HeaderValue> {
        let written = [binding(head).as_bytes(), b".", self.0?.as_bytes()].concat();
        Some(HeaderValue::from_bytes(&written).expect("base64 fits a header"))
    }
}

/// What the guard ran for: the endpoint, which its path and its methods tell from others, and the parameters of the path.
/// They cannot contain a zero.
fn binding(head: &RequestHead<'_>) -> String {
    let mut digest = Sha256::new_with_prefix(head.parameters().pattern());
    if let Some(route) = head.route() {
        digest.update(format!("\0{:?} {}", route.kind(), route.allowed_methods()));
    }
    for (_, value) in head.parameters().iter() {
        digest.update([0]);
        digest.update(value);
    }
    Base64UrlUnpadded::encode_string(&digest.finalize()[..16])
}

/// On the second invocation, what the guard returned on the first: from the header that carries it where that can be
/// believed, and otherwise from `guard` itself.
///
/// ```
/// use fanout::endpoint::{GuardValue, guard_value};
/// use fanout::grip::{Channel, Event, Hold};
/// use fanout::{Answer, RequestHead, Route};
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
/// What `guard` refuses with.
pub fn guard_value<T: DeserializeOwned, E: IntoAnswer>(
    head: &RequestHead<'_>,
    guard: impl FnOnce(&RequestHead<'_>) -> Result<T, E>,
) -> Result<T, Answer> {
    match read(head) {
        Some(value) => Ok(value),
        None => guard(head).map_err(IntoAnswer::into_answer),
    }
}

fn read<T: DeserializeOwned>(head: &RequestHead<'_>) -> Option<T> {
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

/// What came from the edge, as it was written there.
fn raw_value<'r>(head: &RequestHead<'r>) -> Option<&'r str> {
    if !head.had_client_request() {
        return None;
    }
    match head.guard_headers()[..] {
        [header] => header.to_str().ok(),
        // No client can send this header, so the query is our link's.
        [] if head.header("grip-last").is_some() => head.guard_value_of_link(),
        _ => None,
    }
}

/// A query without what carries a guard's value, and that value: nothing of it is the client's, or an endpoint's.
pub(crate) fn split_query(query: &str) -> (Cow<'_, str>, Option<&str>) {
    let is_ours = |pair: &&str| {
        let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
        percent_decode_str(name).eq(GUARD_HEADER.bytes())
    };
    match query.split('&').rfind(is_ours) {
        None => (query.into(), None),
        Some(pair) => {
            let others: Vec<_> = query.split('&').filter(|pair| !is_ours(pair)).collect();
            (others.join("&").into(), pair.split_once('=').map(|(_, value)| value))
        }
    }
}

/// A link without what anybody but us has written there, and with what the guard returned, if there is a guard and the
/// link leads to this service.
fn link_with_guard_value(head: &RequestHead<'_>, url: &str, is_guarded: bool) -> Option<Link> {
    // The proxy sends no fragment, nor what would stand behind it.
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let query = query.map_or(Cow::Borrowed(""), |query| split_query(query).0);
    let separator = if query.is_empty() { "" } else { "&" };
    let is_here = path.starts_with('/') && is_guarded;
    let with_value = is_here.then(|| raw_value(head)).flatten();
    // It does not fit where it is too long, and the guard runs again.
    let with_value = with_value
        .and_then(|written| Link::new(format!("{path}?{query}{separator}{GUARD_HEADER}={written}")).ok());
    let cleaned = || {
        let mark = if query.is_empty() { "" } else { "?" };
        let changed = matches!(query, Cow::Owned(_)).then(|| Link::new(format!("{path}{mark}{query}")));
        changed?.ok()
    };
    with_value.or_else(cleaned)
}

/// An answer, whose link, where the proxy asks for what was missed, carries what the guard returned, and nothing that
/// claims to be that.
pub(crate) fn add_guard_value_to_link(head: &RequestHead<'_>, answer: Answer, is_guarded: bool) -> Answer {
    answer.with_next(|url| link_with_guard_value(head, url, is_guarded))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};
    use proptest::prelude::*;

    use super::*;
    use crate::endpoint::request::Sender;
    use crate::endpoint::{Parameters, routing};

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
        let values = routing::decode(values).unwrap();
        let (query, by_link) = query.map(split_query).unwrap_or_default();
        let head = RequestHead::new(&Method::GET, "/", Some(&query), &headers).with_link(by_link);
        test(&head.with_parameters(Parameters::new(pattern, &values)).sent_by(Sender::Fanout))
    }

    fn header_of_7(pattern: &'static str, values: Vec<&str>) -> HeaderValue {
        inside(pattern, values, None, &[], |head| GuardValue::new(&7).unwrap().into_header(head).unwrap())
    }

    #[test]
    fn it_is_believed_where_the_guard_ran_and_nowhere_else() {
        let header = header_of_7("/{room}/{id}", vec!["a%2F", "b"]);
        let at = |pattern, values| inside(pattern, values, None, &[(GUARD_HEADER, &header)], read::<u8>);
        assert_eq!(at("/{room}/{id}", vec!["a%2f", "%62"]), Some(7));
        assert_eq!(at("/{room}/{id}", vec!["a", "/b"]), None);
        assert_eq!(at("/{room}/{id}", vec!["a/", "c"]), None);
        assert_eq!(at("/{room}/{name}", vec!["a/", "b"]), None);
        assert_eq!(at("/admin", vec![]), None);
    }

    proptest::proptest! {
        /// Without serde_json's `float_roundtrip` one of ten is its neighbour.
        #[test]
        fn any_number_goes_on_bit_for_bit(bits in any::<u64>(), single in any::<u32>()) {
            let (number, single) = (f64::from_bits(bits), f32::from_bits(single));
            prop_assume!(number.is_finite() && single.is_finite());
            let carries = |head: &RequestHead<'_>| GuardValue::new(&(number, single)).unwrap().into_header(head);
            let header = inside("/", vec![], None, &[], carries).unwrap();
            let (kept, kept_single): (f64, f32) =
                inside("/", vec![], None, &[(GUARD_HEADER, &header)], read).unwrap();
            prop_assert_eq!((kept.to_bits(), kept_single.to_bits()), (bits, single.to_bits()));
        }
    }

    /// The number that was seen to change.
    #[test]
    fn a_number_goes_on_as_it_is() {
        let carries =
            |head: &RequestHead<'_>| GuardValue::new(&31.245270191439438).unwrap().into_header(head);
        let header = inside("/", vec![], None, &[], carries).unwrap();
        assert_eq!(
            inside("/", vec![], None, &[(GUARD_HEADER, &header)], read::<f64>),
            Some(31.245270191439438)
        );
    }

    /// After a deployment, on a connection that is open: the guard runs again, and the log says why.
    #[test]
    fn a_value_of_another_type_is_none() {
        let header = header_of_7("/", vec![]);
        assert_eq!(inside("/", vec![], None, &[(GUARD_HEADER, &header)], read::<String>), None);
        let ran = inside("/", vec![], None, &[(GUARD_HEADER, &header)], |head| {
            guard_value(head, |_| Ok::<_, Answer>("again".to_owned()))
        });
        assert_eq!(ran, Ok("again".to_owned()));
    }

    #[test]
    fn two_are_none() {
        let header = header_of_7("/", vec![]);
        assert_eq!(
            inside("/", vec![], None, &[(GUARD_HEADER, &header), (GUARD_HEADER, &header)], read::<u8>),
            None
        );
    }

    #[test]
    fn it_goes_on_with_the_link_and_is_believed_from_the_proxy() {
        let header = header_of_7("/a", vec![]);
        let on = |link: &str| {
            inside("/a", vec![], None, &[(GUARD_HEADER, &header)], |head| {
                link_with_guard_value(head, link, true).map(|link| link.as_str().to_owned())
            })
        };
        let query = format!("missed&{GUARD_HEADER}={}", header.to_str().unwrap());
        assert_eq!(on("/a?missed").unwrap(), format!("/a?{query}"));
        assert_eq!(on("/a?missed#here").unwrap(), format!("/a?{query}"));
        assert_eq!(on("https://example.com/a"), None);
        assert_eq!(on(&format!("/{}", "a".repeat(2040))), None);
        let last = HeaderValue::from_static("a; last-id=1");
        assert_eq!(inside("/a", vec![], Some(&query), &[("grip-last", &last)], read::<u8>), Some(7));
        assert_eq!(inside("/b", vec![], Some(&query), &[("grip-last", &last)], read::<u8>), None);
        assert_eq!(inside("/a", vec![], Some(&query), &[], read::<u8>), None);
        let again = inside("/a", vec![], Some(&query), &[("grip-last", &last)], |head| {
            link_with_guard_value(head, "/a?missed", true).map(|link| link.as_str().to_owned())
        });
        assert_eq!(again.unwrap(), format!("/a?{query}"));
    }

    #[test]
    fn what_a_client_writes_into_a_link_goes_no_further() {
        let header = header_of_7("/a", vec![]);
        let on = |link: &str, is_guarded| {
            inside("/a", vec![], None, &[(GUARD_HEADER, &header)], |head| {
                link_with_guard_value(head, link, is_guarded).map(|link| link.as_str().to_owned())
            })
        };
        let ours = format!("{GUARD_HEADER}={}", header.to_str().unwrap());
        for forged in
            ["fanout-guard=x", "%66anout-guard=x", "fanout-guard", "fanout-gu%61rd=x&fanout-guard=y"]
        {
            assert_eq!(on(&format!("/a?{forged}&b=c"), true).unwrap(), format!("/a?b=c&{ours}"));
            assert_eq!(on(&format!("/a?b=c&{forged}"), false).unwrap(), "/a?b=c");
            assert_eq!(on(&format!("https://example.com/?{forged}"), true).unwrap(), "https://example.com/");
            let too_long = format!("/a?{}&{forged}", "b".repeat(1000));
            assert_eq!(on(&too_long, true).unwrap(), format!("/a?{}", "b".repeat(1000)));
        }
        assert_eq!(on("/a?b=c", false), None);
    }

    #[test]
    fn the_endpoint_does_not_see_what_the_link_carries() {
        assert_eq!(split_query("a=b&fanout-guard=x.y"), ("a=b".into(), Some("x.y")));
        assert_eq!(split_query("fanout-guard=x&a"), ("a".into(), Some("x")));
        assert_eq!(split_query("fanout-guards=x&a"), ("fanout-guards=x&a".into(), None));
    }

    #[test]
    fn it_is_for_one_endpoint_of_a_path() {
        let route = |methods| crate::Route::long_poll("/a", |_| Answer::text(200, "")).methods(methods);
        let (get, post) = (route(crate::endpoint::Methods::GET), route(crate::endpoint::Methods::POST));
        let headers = HeaderMap::new();
        let head = RequestHead::new(&Method::GET, "/a", None, &headers);
        assert_ne!(binding(&head.for_route(&get)), binding(&head.for_route(&post)));
    }
}
