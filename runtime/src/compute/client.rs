//! The client as a guard sees it, and the request of the `fastly` crate.

use std::net::IpAddr;
use std::ops::Deref;

use fastly::Request;
use fastly::geo::{self, Geo};

use crate::Answer;
use crate::endpoint::request::{Argument, GUARD_HEADER, InGuard, InHandler, RequestHead};

use super::downstream::Downstream;

/// The address of the client, as an argument of a guard.
///
/// Only the client request comes from the client; the Fanout request comes from the proxy. So a handler cannot take
/// it, but the guard can return it.
///
/// ```
/// use std::net::IpAddr;
///
/// use fanout::ClientAddr;
/// use fanout::prelude::*;
///
/// fn from_the_office(ClientAddr(addr): ClientAddr) -> Result<IpAddr, Answer> {
///     if addr.to_string().starts_with("192.0.2.") { Ok(addr) } else { Err(Answer::text(403, "not from there\n")) }
/// }
///
/// #[fanout::sse(channel = "log", guard = from_the_office)]
/// fn log(Guarded(addr): Guarded<IpAddr>) -> Event {
///     Event::comment(format!("welcome, {addr}"))
/// }
/// ```
///
/// If the guard runs on a Fanout request, because a self-run proxy skipped the client request, the answer is a 403,
/// since the address is unknown. Take an `Option` of it to decide yourself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddr(pub IpAddr);

/// The location of the client's address, as an argument of a guard. [`ClientAddr`] says when there is none.
///
/// A local Viceroy places every address in San Francisco, unless `fastly.toml` has another location under
/// `[local_server.geolocation]`.
///
/// ```
/// use fanout::ClientGeo;
/// use fanout::prelude::*;
///
/// /// The city is the guard value.
/// fn in_japan(ClientGeo(geo): ClientGeo) -> Result<String, Answer> {
///     match geo.country_code() {
///         "JP" => Ok(geo.city().to_owned()),
///         _ => Err(Answer::text(451, "this match is shown in Japan only\n")),
///     }
/// }
///
/// #[fanout::sse(channel = "match", guard = in_japan)]
/// fn goals(Guarded(city): Guarded<&String>) -> Event {
///     Event::comment(format!("good evening, {city}"))
/// }
/// ```
#[derive(Debug)]
pub struct ClientGeo(pub Geo);

/// The client request, as an argument of a guard. [`ClientAddr`] says when there is none.
///
/// It has everything that the `fastly` crate knows of the client, such as its TLS connection, for a hostcall each. It
/// has no body, which only the handler can read.
///
/// ```
/// use fanout::ClientRequest;
/// use fanout::prelude::*;
///
/// fn no_old_tls(client: ClientRequest) -> Result<(), Answer> {
///     match client.get_tls_protocol() {
///         Ok(Some("TLSv1.2" | "TLSv1.3")) => Ok(()),
///         _ => Err(Answer::text(403, "your TLS is too old\n")),
///     }
/// }
///
/// #[fanout::sse(channel = "log", guard = no_old_tls)]
/// fn log() {}
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ClientRequest<'r>(&'r Request);

impl Deref for ClientRequest<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        self.0
    }
}

/// The request, if it is a client request.
fn own<'r>(head: &RequestHead<'r>) -> Option<&'r Request> {
    head.is_clients_own().then(|| head.host::<Downstream>())?.map(|downstream| &downstream.request)
}

fn unknown() -> Answer {
    Answer::text(403, "the address of the client is not known here\n")
}

impl ClientAddr {
    fn of(head: &RequestHead<'_>) -> Option<Self> {
        own(head)?.get_client_ip_addr().map(Self)
    }
}

impl ClientGeo {
    fn of(head: &RequestHead<'_>) -> Option<Self> {
        geo::geo_lookup(ClientAddr::of(head)?.0).map(Self)
    }
}

impl<'r> ClientRequest<'r> {
    fn of(head: &RequestHead<'r>) -> Option<Self> {
        own(head).map(Self)
    }
}

macro_rules! for_guards {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'r> Argument<'r, InGuard> for $type {
            fn argument(_: InGuard, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                <$type>::of(head).ok_or_else(unknown)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'r> Argument<'r, InGuard> for Option<$type> {
            fn argument(_: InGuard, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(<$type>::of(head))
            }
        }
    )*};
}

for_guards!(ClientAddr, ClientGeo, ClientRequest<'r>);

/// The Fanout request with its body, as an argument of a handler. It is a copy, which costs a few hostcalls and one
/// for each header. `&RequestHead` costs none.
#[diagnostic::do_not_recommend]
impl<'r, G> Argument<'r, InHandler<'r, G>> for Request {
    const TAKES_BODY: bool = true;

    fn argument(_: InHandler<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        let Some(downstream) = head.host::<Downstream>() else {
            return Err(Answer::text(500, "there is a request on Compute only\n"));
        };
        let mut request = downstream.request.clone_without_body();
        if !head.guard_headers().is_empty() {
            request.remove_header(GUARD_HEADER);
        }
        if head.guard_value_of_link().is_some() {
            request.set_query_str(head.query().unwrap_or_default());
        }
        if let Some(body) = downstream.body.borrow_mut().take() {
            request.set_body(body);
        }
        Ok(request)
    }
}
