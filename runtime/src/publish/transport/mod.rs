//! The HTTP clients of publishers: all the I/O of publishing. The one on Compute is in `compute`.

#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
mod http_client;
#[cfg(feature = "testing")]
pub(crate) mod stand_in;

use http::{Request, Response};

use super::TransportError;

#[cfg(all(feature = "publish-http", not(target_family = "wasm")))]
pub use http_client::HttpClient;

/// The limit, in bytes, of the body of a response that a transport of this library reads. It leaves the rest unread, since
/// an error repeats only the first bytes.
#[cfg(any(feature = "compute", feature = "publish-http"))]
pub(crate) const MAX_RESPONSE: u64 = 16_384;

/// The HTTP client of a [`Publisher`](super::Publisher).
pub trait Transport {
    /// Sends a request and returns the response, whatever its status is. The start of the response's body is enough.
    ///
    /// # Errors
    ///
    /// If there is no response.
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError>;
}
