use std::net::IpAddr;

use super::{Argument, InGuard, InPlain, RequestHead};
use crate::endpoint::response::{Answer, Reason};

/// The address of the client, as an argument of a guard or of a [plain endpoint](crate::guide::plain_endpoints).
///
/// Only the client request comes from the client; the Fanout request comes from the proxy. So the handler of any other
/// endpoint cannot take it, but the guard can return it.
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
/// If the guard or the plain endpoint runs on a Fanout request, because a self-run proxy skipped the client request, the
/// answer is a 403, since the address is unknown. Take an `Option` of it to decide yourself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddr(pub IpAddr);

impl ClientAddr {
    pub(crate) fn of(head: &RequestHead<'_>) -> Option<Self> {
        head.is_clients_own().then(|| head.host())??.client_addr().map(Self)
    }
}

/// The answer to a client whose guard takes what is not known here.
pub(crate) fn unknown_client() -> Answer {
    Answer::refused(Reason::UnknownAddress, "the address of the client is not known here")
}

macro_rules! client_addr {
    ($([$($guard:ident)?] $place:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'r $(, $guard)?> Argument<'r, $place> for ClientAddr {
            fn argument(_: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Self::of(head).ok_or_else(unknown_client)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'r $(, $guard)?> Argument<'r, $place> for Option<ClientAddr> {
            fn argument(_: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(ClientAddr::of(head))
            }
        }
    )*};
}

client_addr!([] InGuard; [G] InPlain<'r, G>;);
