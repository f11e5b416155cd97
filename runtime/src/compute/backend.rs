use std::fmt::Display;
use std::io::Read as _;

use fastly::SecretStore;
use fastly::handle::{BodyHandle, RequestHandle};
use fastly::http::Url;
use fastly::http::request::SendErrorCause;
use fastly::secret_store::OpenError;
use http::{Request, Response};

use crate::grip::IntoText;
use crate::publish::{MAX_RESPONSE, PublishError, Publisher, Target, Transport, TransportError};

/// A declared backend of the service to publish through: `api.fastly.com` at port 443, or a Pushpin's publish port.
/// It needs the feature `compute`.
#[derive(Clone, Debug)]
pub struct Backend {
    name: String,
}

impl Backend {
    /// Makes a transport through the backend of this name.
    pub fn new(name: impl IntoText) -> Self {
        Self { name: name.into() }
    }

    fn no_answer(&self, backend: &fastly::Backend, cause: &SendErrorCause) -> TransportError {
        let name = &self.name;
        match cause {
            _ if !backend.exists() => self.missing(),
            SendErrorCause::TlsCertificateError | SendErrorCause::TlsConfigurationError => {
                TransportError::permanent(format!(
                    "the TLS settings of the backend `{name}` are wrong: {cause}"
                ))
            }
            _ => TransportError::transient(format!(
                "there is no answer through the backend `{name}` ({cause}): publish again later, or correct its \
                 address, port and TLS"
            )),
        }
    }

    fn missing(&self) -> TransportError {
        let name = &self.name;
        TransportError::permanent(format!(
            "the service has no backend `{name}`: make one that leads to the host of the address; in fastly.toml it \
             is [local_server.backends.{name}]"
        ))
    }
}

impl Transport for Backend {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        #[cfg(feature = "testing")]
        if let Some(answer) = crate::publish::stand_in::send(&request) {
            return Ok(answer);
        }
        // Constant, so that no hostcall is linked into other programs.
        if cfg!(not(target_family = "wasm")) {
            return Err(TransportError::permanent(ON_COMPUTE));
        }
        let backend = fastly::Backend::from_name(&self.name).map_err(|_| self.missing())?;
        // The SDK would panic on some URLs that `http` accepts, such as one with the host `1.2.3.4.5`.
        let url = Url::parse(&request.uri().to_string()).map_err(|error| {
            TransportError::permanent(format!("the address is not a URL ({error}): correct the GRIP_URL"))
        })?;
        // The `Request` of the SDK would add 6 kB to the app, and its `send` the SDK's HTTP cache: 150 kB.
        let mut handle = RequestHandle::new();
        handle.set_method(request.method());
        handle.set_url(&url);
        for (name, value) in request.headers() {
            handle.append_header(name, value);
        }
        let body = BodyHandle::from(request.into_body());
        let (head, body) =
            handle.send_to_backend(body, &backend).map_err(|cause| self.no_answer(&backend, &cause))?;
        let mut answer = Response::new(Vec::new());
        *answer.status_mut() = head.get_status();
        // Only the status decides, so the body may break off.
        let _ = body.take(MAX_RESPONSE).read_to_end(answer.body_mut());
        Ok(answer)
    }
}

impl Publisher<Backend> {
    /// Makes a publisher on Compute from a secret store, through a declared backend.
    ///
    /// The secret `GRIP_URL` names the proxy, as [`Target::from_grip_url`] reads it. Without it, the publisher publishes to this
    /// service itself, at `api.fastly.com`, and the secret `FASTLY_KEY` is an API token with the scope `purge_select`. If
    /// `GRIP_URL` has several URLs with white space between them, the second goes through `BACKEND-2`, and so on.
    ///
    /// # Errors
    ///
    /// [`PublishError::NotConfigured`] if there is no such store, if it has neither secret, or if one cannot be read;
    /// [`PublishError::InvalidTarget`] if a secret is wrong.
    pub fn from_secret_store(store: &str, backend: &str) -> Result<Self, PublishError> {
        #[cfg(feature = "testing")]
        if crate::publish::stand_in::is_set() {
            return Ok(crate::publish::stand_in::publisher(Backend::new(backend)));
        }
        if cfg!(not(target_family = "wasm")) {
            return Err(PublishError::NotConfigured(ON_COMPUTE.into()));
        }
        let secrets = SecretStore::open(store).map_err(|error| match error {
            OpenError::SecretStoreDoesNotExist(_) => {
                missing(format!("the service has no secret store `{store}`"))
            }
            error => {
                PublishError::NotConfigured(format!("the secret store `{store}` cannot be opened ({error})"))
            }
        })?;
        let secret = |name: &str| {
            let unreadable = |error: &dyn Display| {
                PublishError::NotConfigured(format!(
                    "the secret `{name}` of the store `{store}` cannot be read ({error})"
                ))
            };
            let Some(secret) = secrets.try_get(name).map_err(|error| unreadable(&error))? else {
                return Ok(None);
            };
            secret.try_plaintext().map(Some).map_err(|error| unreadable(&error))
        };
        let named = targets(store, secret)?.into_iter().enumerate().map(|(index, target)| {
            let name = if index == 0 { backend.to_owned() } else { format!("{backend}-{}", index + 1) };
            (target, Backend::new(name))
        });
        Ok(Self { targets: named.collect() })
    }
}

/// The reason why a backend and a secret store do not work on other targets, where hostcalls do not link.
const ON_COMPUTE: &str = "backends and secret stores exist on Compute only: in a test, publish from a handler that \
    `fanout::testing` runs, or with `publish` of the app under test";

fn missing(what: String) -> PublishError {
    PublishError::NotConfigured(format!(
        "{what}: it needs a secret `GRIP_URL`, or `FASTLY_KEY`, which is an API token with the scope `purge_select` \
         for this service"
    ))
}

/// Returns the targets of a secret store. A secret that cannot be read is an error, and does not count as absent.
fn targets<B: AsRef<[u8]>>(
    store: &str,
    secret: impl Fn(&str) -> Result<Option<B>, PublishError>,
) -> Result<Vec<Target>, PublishError> {
    let text = |secret: B| String::from_utf8_lossy(secret.as_ref()).into_owned();
    if let Some(urls) = secret("GRIP_URL")? {
        return Ok(Target::from_grip_urls(&text(urls))?);
    }
    match secret("FASTLY_KEY")? {
        Some(token) => Ok(vec![Target::fastly(&service_id(), &text(token))?]),
        None => Err(missing(format!("the secret store `{store}` does not say where to publish"))),
    }
}

/// Returns the id of this service, or an empty text outside of Compute.
fn service_id() -> String {
    std::env::var("FASTLY_SERVICE_ID").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(
        secret: impl Fn(&str) -> Result<Option<&'static str>, PublishError>,
    ) -> Result<Vec<String>, String> {
        match targets("store", secret) {
            Ok(targets) => Ok(targets.iter().map(ToString::to_string).collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_secret_that_cannot_be_read_is_an_error() {
        let broken = |broken: &'static str| {
            move |name: &str| match name {
                name if name == broken => Err(PublishError::NotConfigured(format!("`{name}` is broken"))),
                "FASTLY_KEY" => Ok(Some("token")),
                _ => Ok(None),
            }
        };
        assert_eq!(found(broken("GRIP_URL")).unwrap_err(), "publishing is not set up: `GRIP_URL` is broken");
        assert_eq!(
            found(broken("FASTLY_KEY")).unwrap_err(),
            "publishing is not set up: `FASTLY_KEY` is broken"
        );
    }

    #[test]
    fn without_a_secret_the_error_says_where_it_is_missing() {
        let url = |name: &str| Ok((name == "GRIP_URL").then_some("http://127.0.0.1:5561"));
        assert_eq!(found(url).unwrap().len(), 1);
        let nothing = found(|_| Ok(None)).unwrap_err();
        assert!(nothing.contains("the secret store `store` does not say where to publish"), "{nothing}");
    }
}
