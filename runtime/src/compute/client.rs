//! The location of the client and the client request, as a guard sees them, and the request of the `fastly` crate.

use std::ops::Deref;

use fastly::Request;
use fastly::geo::geo_lookup;
use serde::Serialize;
use serde_json::Value;

use crate::Answer;
use crate::endpoint::request::{
    Argument, ClientAddr, GUARD_HEADER, Geo, IS_ELSEWHERE, InGuard, InHandler, InPlain, RequestHead,
    on_compute_only, unknown_client,
};
use crate::endpoint::response::Reason;

use super::downstream::Downstream;

/// The location of the client's address, as an argument of a guard or of a [plain endpoint](crate::guide::plain_endpoints).
/// [`ClientAddr`] says when there is none. It needs the feature `compute`.
///
/// In a unit test, make it of a [`Geo`]. A local Viceroy places every address in San Francisco, unless `fastly.toml` has another
/// location under
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
#[derive(Clone, Debug, PartialEq)]
pub struct ClientGeo(pub Geo);

/// The client request, as an argument of a guard or of a [plain endpoint](crate::guide::plain_endpoints). [`ClientAddr`] says when
/// there is none. It needs the feature `compute`.
///
/// It has everything that the `fastly` crate knows of the client, such as its TLS connection, for a hostcall each. It
/// has no body, which only the handler can take, by another argument.
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

/// The location of an address.
fn look_up(ClientAddr(addr): ClientAddr) -> Option<Geo> {
    // Constant, so that no hostcall is linked into a test.
    if IS_ELSEWHERE {
        return None;
    }
    let found = geo_lookup(addr)?;
    let mut geo = Geo::new(found.country_code())
        .with_as_name(found.as_name())
        .with_as_number(found.as_number())
        .with_area_code(found.area_code())
        .with_city(found.city())
        .with_conn_speed(name(&found.conn_speed()))
        .with_conn_type(name(&found.conn_type()))
        .with_continent(name(&found.continent()))
        .with_country_code3(found.country_code3())
        .with_country_name(found.country_name())
        .with_latitude(found.latitude())
        .with_longitude(found.longitude())
        .with_metro_code(found.metro_code())
        .with_postal_code(found.postal_code())
        .with_proxy_description(name(&found.proxy_description()))
        .with_proxy_type(name(&found.proxy_type()));
    if let Some(region) = found.region() {
        geo = geo.with_region(region);
    }
    if let Some(offset) = found.utc_offset() {
        geo = geo.with_utc_offset(i32::from(offset.whole_minutes()));
    }
    Some(geo)
}

/// The name of a variant, as Fastly's database writes it.
fn name(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(Value::String(name)) => name,
        // A name that the SDK does not know is inside of its variant.
        Ok(Value::Object(other)) => other.values().find_map(Value::as_str).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

impl ClientGeo {
    fn of(head: &RequestHead<'_>) -> Option<Self> {
        let addr = ClientAddr::of(head)?;
        head.host()?.client_geo().or_else(|| look_up(addr)).map(Self)
    }
}

impl<'r> ClientRequest<'r> {
    fn of(head: &RequestHead<'r>) -> Option<Self> {
        if IS_ELSEWHERE {
            on_compute_only();
        }
        head.is_clients_own()
            .then(|| head.host_as::<Downstream>())?
            .map(|downstream| Self(&downstream.request))
    }
}

macro_rules! of_client {
    ($($type:ty, $compute_only:expr;)*) => {$(
        of_client!(in [] InGuard: $type, $compute_only);
        of_client!(in [G] InPlain<'r, G>: $type, $compute_only);
    )*};
    (in [$($guard:ident)?] $place:ty: $type:ty, $compute_only:expr) => {
        #[diagnostic::do_not_recommend]
        impl<'r $(, $guard)?> Argument<'r, $place> for $type {
            const COMPUTE_ONLY: bool = $compute_only;

            fn argument(_: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                <$type>::of(head).ok_or_else(unknown_client)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'r $(, $guard)?> Argument<'r, $place> for Option<$type> {
            const COMPUTE_ONLY: bool = $compute_only;

            fn argument(_: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(<$type>::of(head))
            }
        }
    };
}

of_client!(ClientGeo, false; ClientRequest<'r>, true;);

/// The request with its body, as an argument of a handler: the Fanout request, and at a plain endpoint the client request.
/// It is a copy, which costs a few hostcalls and one for each header. `&RequestHead` costs none.
#[diagnostic::do_not_recommend]
impl<'r, G> Argument<'r, InHandler<'r, G>> for Request {
    const TAKES_BODY: bool = true;
    const COMPUTE_ONLY: bool = true;

    fn argument(_: InHandler<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        copied(head)
    }
}

#[diagnostic::do_not_recommend]
impl<'r, G> Argument<'r, InPlain<'r, G>> for Request {
    const TAKES_BODY: bool = true;
    const COMPUTE_ONLY: bool = true;

    fn argument(_: InPlain<'r, G>, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        copied(head)
    }
}

fn copied(head: &RequestHead<'_>) -> Result<Request, Answer> {
    if IS_ELSEWHERE {
        on_compute_only();
    }
    let Some(downstream) = head.host_as::<Downstream>() else {
        return Err(Answer::refused(Reason::Internal, "there is a request on Compute only"));
    };
    let mut request = downstream.request.clone_without_body();
    if !head.guard_headers().is_empty() {
        request.remove_header(GUARD_HEADER);
    }
    if head.has_link_values() {
        request.set_query_str(head.query().unwrap_or_default());
    }
    if let Some(body) = downstream.take() {
        request.set_body(body);
    }
    Ok(request)
}
