use std::fmt::Display;
use std::io::Read as _;

use fastly::SecretStore;
use fastly::handle::BodyHandle;
use fastly::http::Url;
use fastly::http::request::SendErrorCause;
use fastly::secret_store::OpenError;
use http::{Request, Response};

use super::environment;
use crate::publish::MAX_ANSWER;
use crate::publish::{PublishError, Publisher, Target, Transport, TransportError};

/// A declared backend of the service, for publishing: `api.fastly.com` at port 443, or the publish port of a Pushpin.
#[derive(Clone, Debug)]
pub struct Backend {
    name: String,
}

impl Backend {
    /// The backend of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    fn no_answer(&self, backend: &fastly::Backend, cause: &SendErrorCause) -> TransportError {
        let name = &self.name;
        match cause {
            _ if !backend.exists() => self.missing(),
            SendErrorCause::TlsCertificateError | SendErrorCause::TlsConfigurationError => TransportError {
                message: format!("the TLS settings of the backend `{name}` are wrong: {cause}"),
                is_transient: false,
            },
            _ => TransportError {
                message: format!(
                    "there is no answer through the backend `{name}` ({cause}): publish again later, or correct its \
                     address, port and TLS"
                ),
                is_transient: true,
            },
        }
    }

    fn missing(&self) -> TransportError {
        let name = &self.name;
        let message = format!(
            "the service has no backend `{name}`: make one that leads to the host of the address; in fastly.toml it \
             is [local_server.backends.{name}]"
        );
        TransportError { message, is_transient: false }
    }
}

impl Transport for Backend {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let backend = fastly::Backend::from_name(&self.name).map_err(|_| self.missing())?;
        // A URL of `http` may be invalid for the SDK, which would panic: a host such as `1.2.3.4.5`.
        let url = Url::parse(&request.uri().to_string()).map_err(|error| TransportError {
            message: format!("the address is not a URL ({error}): correct the GRIP_URL"),
            is_transient: false,
        })?;
        // `Request::send` would bring the SDK's whole HTTP cache into the app, 150 kB of it.
        let mut copy = fastly::Request::post(url);
        for (name, value) in request.headers() {
            copy.set_header(name, value);
        }
        copy.set_body(request.into_body());
        let (handle, body) = copy.into_handles();
        let body = body.unwrap_or_else(BodyHandle::new);
        let (head, body) =
            handle.send_to_backend(body, &backend).map_err(|cause| self.no_answer(&backend, &cause))?;
        let mut answer = Response::new(Vec::new());
        *answer.status_mut() = head.get_status();
        // The status decides, so a body that breaks off is no error.
        let _ = body.take(MAX_ANSWER).read_to_end(answer.body_mut());
        Ok(answer)
    }
}

impl Publisher<Backend> {
    /// A publisher on Compute, with the targets of a secret store and a declared backend.
    ///
    /// The secret `GRIP_URL` is read as [`Target::from_grip_url`] does. Without it, the secret `FASTLY_KEY` is an API
    /// token with the scope `purge_select`, and the target is this service at `api.fastly.com`. If `GRIP_URL` has
    /// several URLs, separated by white space, the second uses the backend `BACKEND-2`, and so on.
    ///
    /// # Errors
    ///
    /// [`PublishError::NotConfigured`] if the store is missing, has neither secret, or a secret cannot be read;
    /// [`PublishError::InvalidTarget`] if a secret is invalid.
    pub fn from_secret_store(store: &str, backend: &str) -> Result<Self, PublishError> {
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
        Ok(Self::of(named.collect()))
    }
}

fn missing(what: String) -> PublishError {
    PublishError::NotConfigured(format!(
        "{what}: it needs a secret `GRIP_URL`, or `FASTLY_KEY`, which is an API token with the scope `purge_select` \
         for this service"
    ))
}

/// The targets of a secret store. A secret that cannot be read is an error, and not a missing one.
fn targets<B: AsRef<[u8]>>(
    store: &str,
    secret: impl Fn(&str) -> Result<Option<B>, PublishError>,
) -> Result<Vec<Target>, PublishError> {
    let text = |secret: B| String::from_utf8_lossy(secret.as_ref()).into_owned();
    if let Some(urls) = secret("GRIP_URL")? {
        return Ok(Target::from_grip_urls(&text(urls))?);
    }
    match secret("FASTLY_KEY")? {
        Some(token) => Ok(vec![Target::fastly(&environment::service_id(), &text(token))?]),
        None => Err(missing(format!("the secret store `{store}` does not say where to publish"))),
    }
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
    fn one_that_is_not_there_is_looked_for_in_the_next() {
        let url = |name: &str| Ok((name == "GRIP_URL").then_some("http://127.0.0.1:5561"));
        assert_eq!(found(url).unwrap().len(), 1);
        let nothing = found(|_| Ok(None)).unwrap_err();
        assert!(nothing.contains("the secret store `store` does not say where to publish"), "{nothing}");
    }
}
