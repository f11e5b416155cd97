use std::any::Any;
use std::net::IpAddr;

use super::Geo;

/// The parts of a request that only its host has: on Compute the client request, in a test what the test says.
pub(crate) trait Host {
    /// Takes the body, and reads at most one byte more than `limit`.
    ///
    /// # Errors
    ///
    /// If there are more bytes, the client breaks off, or the body was taken before.
    fn take_body(&self, limit: usize) -> Result<Vec<u8>, NoBody>;

    /// The address of the client that sent a client request, if the host knows it.
    fn client_addr(&self) -> Option<IpAddr> {
        None
    }

    /// The location of that address, if the host knows it without a lookup.
    fn client_geo(&self) -> Option<Geo> {
        None
    }

    /// The host as its own type.
    fn as_any(&self) -> &dyn Any;
}

/// The reason why there is no body to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoBody {
    /// It has more bytes than the limit.
    TooLong,
    /// It ends before its end, or cannot be read. The text is the host's.
    BrokenOff(String),
    /// Another argument has taken it.
    Taken,
}
