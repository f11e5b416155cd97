use std::io::Read as _;

use fastly::SecretStore;
use fastly::handle::BodyHandle;
use fastly::http::request::SendErrorCause;
use fastly::secret_store::OpenError;
use http::{Request, Response};

use super::environment;
use crate::publish::{PublishError, Publisher, Target, Transport, TransportError};

/// How much of an answer is read, in bytes.
const MAX_ANSWER: u64 = 16_384;

/// A declared backend of the service, through which to publish: `api.fastly.com` at port 443, or a Pushpin's publish
/// port.
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
                message: format!("there is no answer through the backend `{name}`: {cause}"),
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
        // `Request::send` would bring the SDK's whole HTTP cache into the app, 150 kB of it.
        let mut copy = fastly::Request::post(request.uri().to_string());
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
        // The status is what counts. A body that breaks off takes nothing from it.
        let _ = body.take(MAX_ANSWER).read_to_end(answer.body_mut());
        Ok(answer)
    }
}

impl Publisher<Backend> {
    /// A publisher on Compute, to what a secret store names, through a declared backend.
    ///
    /// The secret `GRIP_URL` says where, as [`Target::from_grip_url`] reads it. Without one, the secret `FASTLY_KEY` is an
    /// API token, with the scope `purge_select`, and the place is this service itself, at `api.fastly.com`. Where
    /// `GRIP_URL` has several URLs with white space between them, the second goes through `BACKEND-2`, and so on.
    ///
    /// # Errors
    ///
    /// [`PublishError::NotConfigured`] if there is no such store, or neither secret in it;
    /// [`PublishError::InvalidTarget`] if what is there is wrong.
    pub fn from_secret_store(store: &str, backend: &str) -> Result<Self, PublishError> {
        let missing = |what: String| {
            PublishError::NotConfigured(format!(
                "{what}: it needs a secret `GRIP_URL`, or `FASTLY_KEY`, which is an API token with the scope \
                 `purge_select` for this service"
            ))
        };
        let secrets = SecretStore::open(store).map_err(|error| match error {
            OpenError::SecretStoreDoesNotExist(_) => {
                missing(format!("the service has no secret store `{store}`"))
            }
            error => missing(format!("the secret store `{store}` cannot be opened ({error})")),
        })?;
        let secret = |name| match secrets.try_get(name) {
            Ok(Some(secret)) => secret.try_plaintext().ok(),
            _ => None,
        };
        let targets = if let Some(urls) = secret("GRIP_URL") {
            Target::from_grip_urls(&String::from_utf8_lossy(&urls))?
        } else if let Some(token) = secret("FASTLY_KEY") {
            vec![Target::fastly(&environment::service_id(), &String::from_utf8_lossy(&token))?]
        } else {
            return Err(missing(format!("the secret store `{store}` does not say where to publish")));
        };
        let named = targets.into_iter().enumerate().map(|(index, target)| {
            let name = if index == 0 { backend.to_owned() } else { format!("{backend}-{}", index + 1) };
            (target, Backend::new(name))
        });
        Ok(Self::of(named.collect()))
    }
}
