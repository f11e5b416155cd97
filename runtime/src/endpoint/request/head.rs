use std::cell::RefCell;
use std::cmp::Ordering;

use http::{HeaderName, HeaderValue, Method};

#[cfg(feature = "sig")]
use super::link_query::digest;
use super::link_query::{GUARD_HEADER, LinkValues};
use super::{Headers, Host};
#[cfg(feature = "sig")]
use crate::endpoint::routing::Kind;
use crate::endpoint::routing::{Parameters, Settings};
#[cfg(feature = "sig")]
use crate::grip::channel::RECOVERY;

/// The head of a request: everything but the body.
///
/// It borrows, so on Compute a header is fetched from the host only when it is read. In a test it is made of plain
/// values:
///
/// ```
/// use fanout::RequestHead;
/// use fanout::http::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("last-event-id", "42".parse()?);
/// let head = RequestHead::new(&Method::GET, "/news", Some("topic=a"), &headers);
/// assert_eq!(head.header("last-event-id").unwrap(), "42");
/// # Ok::<(), fanout::http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestHead<'r> {
    method: &'r dyn MethodSource,
    path: &'r str,
    query: Option<&'r str>,
    headers: &'r dyn Headers,
    parameters: Parameters<'r>,
    sender: Sender,
    host: Option<&'r dyn Host>,
    settings: Option<&'r Settings>,
    link: LinkValues<'r>,
    rerun: Option<&'r Rerun>,
}

/// The guard value of a guard that has run again on the Fanout request, for the recovery link. `Err` for one that cannot be sent.
pub(crate) type Rerun = RefCell<Option<Result<String, ()>>>;

/// The method of a request, which costs a hostcall on Compute.
pub(crate) trait MethodSource {
    fn method(&self) -> &Method;
}

impl MethodSource for Method {
    fn method(&self) -> &Method {
        self
    }
}

/// The sender of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// A client: the app hands the request off.
    Client,
    /// Fanout: the app answers the request with a hold. The client request came first.
    Fanout,
    /// A local Pushpin, which stands for Fanout. Every program on the machine can reach it.
    Local,
    /// A self-run proxy in the policy. Clients may reach it without a client request.
    SelfRun,
}

impl<'r> RequestHead<'r> {
    /// The head of a request. `path` is percent-encoded as it was sent, and `query` has no `?`.
    pub fn new(method: &'r Method, path: &'r str, query: Option<&'r str>, headers: &'r dyn Headers) -> Self {
        Self::received(method, path, query, headers)
    }

    /// As [`new`](Self::new), with a method that is read when it is needed.
    pub(crate) fn received(
        method: &'r dyn MethodSource,
        path: &'r str,
        query: Option<&'r str>,
        headers: &'r dyn Headers,
    ) -> Self {
        let (parameters, sender) = (Parameters::NONE, Sender::Client);
        let link = LinkValues::default();
        Self {
            method,
            path,
            query,
            headers,
            parameters,
            sender,
            host: None,
            settings: None,
            link,
            rerun: None,
        }
    }

    pub(crate) fn with_parameters(self, parameters: Parameters<'r>) -> Self {
        Self { parameters, ..self }
    }

    pub(crate) fn sent_by(self, sender: Sender) -> Self {
        Self { sender, ..self }
    }

    pub(crate) fn for_endpoint(self, settings: &'r Settings) -> Self {
        Self { settings: Some(settings), ..self }
    }

    /// Adds the values that were taken out of the query.
    pub(crate) fn with_link(self, link: LinkValues<'r>) -> Self {
        Self { link, ..self }
    }

    /// Adds the place for the value of a guard that runs again.
    #[cfg(feature = "sig")]
    pub(crate) fn with_rerun(self, rerun: &'r Rerun) -> Self {
        Self { rerun: Some(rerun), ..self }
    }

    pub(crate) fn rerun(&self) -> Option<&'r Rerun> {
        self.rerun
    }

    /// Returns true if the query had one of these parameters.
    #[cfg(feature = "compute")]
    pub(crate) fn has_link_values(&self) -> bool {
        self.link.is_there
    }

    /// The values of a recovery link that this crate has written. The proxy writes `Grip-Last` from the subscriptions of a hold, and
    /// lets no client send it, so the header proves the link: the hold that subscribes to the reserved channel has this link.
    ///
    /// The proxy writes one header for each channel, and quotes neither channels nor ids. So the proof is a header of its own: in
    /// a list of several, an id could pretend to be one.
    #[cfg(feature = "sig")]
    pub(crate) fn proven_link(&self) -> Option<LinkValues<'r>> {
        if self.is_clients_own() || !self.link.is_there {
            return None;
        }
        // A long poll has no link: the proxy repeats the client's request.
        if self.settings.is_some_and(|settings| settings.kind == Kind::LongPoll) {
            return None;
        }
        let proof = format!("{RECOVERY}; last-id={}", digest(self.link.query));
        self.headers("grip-last").into_iter().any(|value| value == &*proof).then_some(self.link)
    }

    /// The settings of the endpoint that the request is for.
    pub(crate) fn settings(&self) -> Option<&'r Settings> {
        self.settings
    }

    /// Adds the host of the request.
    pub(crate) fn on_host(self, host: &'r dyn Host) -> Self {
        Self { host: Some(host), ..self }
    }

    /// The method.
    pub fn method(&self) -> &'r Method {
        self.method.method()
    }

    /// The path as it was sent: percent-encoded, with its leading `/`.
    pub fn path(&self) -> &'r str {
        self.path
    }

    /// The query as it was sent, without its `?`.
    pub fn query(&self) -> Option<&'r str> {
        self.query
    }

    /// The path parameters, percent-decoded.
    pub fn parameters(&self) -> Parameters<'r> {
        self.parameters
    }

    /// Returns true if the app has seen the client request of this connection, so that no client can have set the
    /// guard value.
    pub(crate) fn had_client_request(&self) -> bool {
        matches!(self.sender, Sender::Fanout | Sender::Local)
    }

    /// Returns true if a local Pushpin sent the request.
    pub(crate) fn came_by_local_proxy(&self) -> bool {
        self.sender == Sender::Local
    }

    /// Returns true for a client request.
    pub(crate) fn is_clients_own(&self) -> bool {
        self.sender == Sender::Client
    }

    /// The host of the request. A head that a test makes with [`new`](Self::new) has none.
    pub(crate) fn host(&self) -> Option<&'r dyn Host> {
        self.host
    }

    /// The host of the request, if it is of this type.
    pub(crate) fn host_as<T: 'static>(&self) -> Option<&'r T> {
        self.host?.as_any().downcast_ref()
    }

    /// The elements of a list header, over all of its values.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &'r [u8]> + use<'r> {
        let values = self.headers(name).into_iter();
        values.flat_map(|value| value.as_bytes().split(|&byte| byte == b',')).map(<[u8]>::trim_ascii)
    }

    /// The first value of a header. Names are case-insensitive. A name that is not a valid header name has no value.
    pub fn header(&self, name: &str) -> Option<&'r HeaderValue> {
        self.headers(name).into_iter().next()
    }

    /// All values of a header, in order, as [`header`](Self::header) finds them.
    ///
    /// `fanout-guard` is never there, because this crate alone reads and writes it.
    pub fn headers(&self, name: &str) -> Vec<&'r HeaderValue> {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) if name != GUARD_HEADER => self.headers.values(&name),
            _ => Vec::new(),
        }
    }

    /// Compares the places of two headers in the request, if they are known.
    pub(crate) fn order(&self, one: &HeaderName, other: &HeaderName) -> Option<Ordering> {
        self.headers.order(one, other)
    }

    /// The values of the guard header, even if a client sent them.
    pub(crate) fn guard_headers(&self) -> Vec<&'r HeaderValue> {
        self.headers.values(&HeaderName::from_static(GUARD_HEADER))
    }
}

impl std::fmt::Debug for RequestHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, path, query) = (self.method(), &self.path, &self.query);
        write!(f, "RequestHead({method} {path}{}{})", query.map_or("", |_| "?"), query.unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[test]
    fn a_name_counts_without_regard_to_case() {
        let mut map = HeaderMap::new();
        map.append("x-user", HeaderValue::from_static("ann"));
        map.append("x-user", HeaderValue::from_static("bob"));
        map.append(GUARD_HEADER, HeaderValue::from_static("secret"));
        let head = RequestHead::new(&Method::GET, "/", None, &map);
        for name in ["x-user", "X-User"] {
            assert_eq!(head.header(name).unwrap(), "ann");
            assert_eq!(head.headers(name), ["ann", "bob"]);
        }
        for name in [GUARD_HEADER, "Fanout-Guard", "", "x user", "x-us\u{e9}r", "x-user\r\n"] {
            assert!(head.headers(name).is_empty(), "{name:?}");
        }
        assert_eq!(head.guard_headers(), ["secret"]);
    }
}
