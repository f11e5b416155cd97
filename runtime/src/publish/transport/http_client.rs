use std::env;
use std::fmt::Display;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::time::Duration;

use http::{Request, Response};

use super::{MAX_RESPONSE, Transport};
use crate::publish::{InvalidTarget, PublishError, Publisher, Target, TransportError};

/// The limit for the time of a whole request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An HTTP client for servers and command-line tools, outside of Compute. It needs the feature `publish-http`.
///
/// A request blocks for up to 30 seconds. The client keeps connections for the next request, and its clones share them. It
/// uses the HTTP proxy of the environment (`HTTPS_PROXY` and the like), except for this machine. For TLS, it trusts the
/// authorities that browsers trust, and not those of this machine.
#[derive(Clone, Debug)]
pub struct HttpClient {
    agent: ureq::Agent,
}

impl HttpClient {
    /// Makes a client without connections.
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A redirected `POST` would arrive as a `GET`, or send the token to another host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(concat!("fanout/", env!("CARGO_PKG_VERSION")));
        Self { agent: config.build().into() }
    }
}

impl Default for HttpClient {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for HttpClient {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let here = is_here(request.uri().host().unwrap_or_default());
        let configured = self.agent.configure_request(request);
        let request = if here { configured.proxy(None).build() } else { configured.build() };
        let (head, body) = self.agent.run(request).map_err(|error| no_answer(&error))?.into_parts();
        let mut start = Vec::new();
        // Only the status decides, so the body may break off.
        let _ = body.into_reader().take(MAX_RESPONSE).read_to_end(&mut start);
        Ok(Response::from_parts(head, start))
    }
}

/// Returns `true` if a host is this machine.
fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn no_answer(error: &ureq::Error) -> TransportError {
    let (message, is_transient) = match error {
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            ("nothing listens there: start it, or correct the GRIP_URL".to_owned(), true)
        }
        ureq::Error::HostNotFound => ("there is no such host: correct the GRIP_URL".to_owned(), true),
        ureq::Error::Timeout(_) => (format!("it does not answer within {} s", TIMEOUT.as_secs()), true),
        // A TLS handshake reports its errors in this way.
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => (wrong_tls(error), false),
        ureq::Error::Rustls(error) => (wrong_tls(error), false),
        ureq::Error::Io(error) => {
            (format!("it cannot be reached ({error}): publish again later, or correct the GRIP_URL"), true)
        }
        ureq::Error::Protocol(error) => (format!("what answers does not speak HTTP: {error}"), false),
        // Other errors may contain addresses, and proxies with their passwords.
        _ => ("the request could not be sent: is there a proxy in the environment?".to_owned(), false),
    };
    if is_transient { TransportError::transient(message) } else { TransportError::permanent(message) }
}

fn wrong_tls(error: &dyn Display) -> String {
    format!(
        "its TLS is not as it should be ({error}): it needs a certificate of a public authority for this host"
    )
}

impl Publisher<HttpClient> {
    /// Makes a publisher from the environment variable `GRIP_URL`, for servers and command-line tools: one URL, or several with
    /// white space between them. [`Target::from_grip_url`] describes their format. It needs the feature `publish-http`.
    ///
    /// # Errors
    ///
    /// If the variable is not set, or a URL in it is wrong.
    pub fn from_env() -> Result<Self, PublishError> {
        match env::var("GRIP_URL") {
            Ok(urls) if !urls.trim().is_empty() => Ok(Self::from_grip_urls(&urls)?),
            _ => Err(PublishError::NotConfigured(
                "set the environment variable GRIP_URL; for a local Pushpin it is `http://127.0.0.1:5561/`"
                    .into(),
            )),
        }
    }

    /// Makes a publisher from a `GRIP_URL`, or several with white space between them. It needs the feature `publish-http`.
    ///
    /// # Errors
    ///
    /// If one of them is wrong.
    pub fn from_grip_urls(urls: &str) -> Result<Self, InvalidTarget> {
        let client = HttpClient::new();
        let targets = Target::from_grip_urls(urls)?.into_iter().map(|target| (target, client.clone()));
        Ok(Self { targets: targets.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_can_be_cloned_and_shared_between_threads() {
        fn shared<T: Clone + Send + Sync + 'static>(_: T) {}
        shared(Publisher::from_grip_urls("http://127.0.0.1:5561/").unwrap());
    }

    #[test]
    fn requests_to_this_machine_use_no_proxy() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["", "api.fastly.com", "localhost.example.com", "10.0.0.1", "[2001:db8::1]"] {
            assert!(!is_here(host), "{host}");
        }
    }
}
