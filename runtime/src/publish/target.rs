use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{Method, Request, StatusCode, Uri, header};

use super::credentials::Credentials;
use super::grip_url::{GripUrl, begins_a_url};
use super::signing::Verification;
use super::{FailureReason, InvalidItem, InvalidTarget, Item, PublishError, item_json};
#[cfg(feature = "sig")]
use crate::grip::sig::Policy;

/// A proxy to publish to: its address, the credentials and the limits.
///
/// Its `Debug` and its `Display` show the address, without secrets.
#[derive(Clone)]
pub struct Target {
    uri: Uri,
    credentials: Credentials,
    is_fastly: bool,
    max_request: usize,
    // Without the feature `sig` it is never read.
    #[cfg_attr(not(feature = "sig"), expect(dead_code))]
    verification: Verification,
}

impl Target {
    /// The limit of the content of one format on Fastly, in bytes: a message must be under 32,512 bytes.
    pub const MAX_FASTLY_CONTENT: usize = 32_511;

    /// The default limit of a publish request, in bytes. It is the default of Pushpin's `push_in_http_max_body_size`, and
    /// [`max_request`](Self::max_request) changes it.
    pub const MAX_REQUEST: usize = 1_000_000;

    /// Makes a target from a `GRIP_URL`, which has the format of the other GRIP libraries:
    ///
    /// ```text
    /// http://127.0.0.1:5561/                                        a local Pushpin
    /// https://api.fastly.com/service/SERVICE-ID?key=API-TOKEN       Fastly Fanout
    /// https://fanout.fastly.com/SERVICE-ID?key=SECRET               the same, at its older address
    /// https://push.example.com/?iss=REALM&key=base64:KEY            a proxy that asks for signed tokens
    /// https://USER:PASSWORD@push.example.com/                       one that asks for a password
    /// ```
    ///
    /// Slashes at its end, and a last `publish`, make no difference. In the query,
    ///
    /// - `iss` and `key` sign a token for each request, with HS256, which goes as `Authorization: Bearer …`, if the feature `sig`
    ///   is on;
    /// - `key` alone is a token, and goes the same way; to Fastly as `Fastly-Key: …`, and at the older address as the
    ///   password of basic authentication, with the service's id as the user;
    /// - `verify-iss` and `verify-key` are for requests *from* that proxy: [`add_signer_to`](Self::add_signer_to);
    /// - anything else stays in the address.
    ///
    /// A value is percent-encoded where it has to be, and `+` means itself. A key may be `base64:` and its bytes in base64.
    /// One that signs or verifies may also be a JSON Web Key of the type `oct`, or `secret:` with the secret behind it; see
    /// [`add_signer_to`](Self::add_signer_to) for when it must be. A public key, a private key or a certificate never signs.
    ///
    /// # Errors
    ///
    /// [`InvalidTarget`] says what is wrong, and repeats nothing of the URL.
    pub fn from_grip_url(url: &str) -> Result<Self, InvalidTarget> {
        let GripUrl { uri, credentials, verification } = GripUrl::parse(url)?;
        if credentials.header(0).is_none() {
            return Err(InvalidTarget::Token);
        }
        let is_fastly = uri.host().is_some_and(|host| host == "fastly.com" || host.ends_with(".fastly.com"));
        Ok(Self { uri, credentials, is_fastly, max_request: Self::MAX_REQUEST, verification })
    }

    /// Makes targets from several `GRIP_URL`s, with white space between them.
    ///
    /// # Errors
    ///
    /// If one of them is wrong, or there is none.
    pub fn from_grip_urls(urls: &str) -> Result<Vec<Self>, InvalidTarget> {
        // A key as JSON may have spaces of its own.
        let mut split: Vec<String> = Vec::new();
        for part in urls.split_whitespace() {
            match split.last_mut() {
                Some(url) if !begins_a_url(part) => {
                    url.extend([" ", part]);
                }
                _ => split.push(part.to_owned()),
            }
        }
        if split.iter().rev().skip(1).any(|url| url.ends_with([',', ';'])) {
            return Err(InvalidTarget::Separator);
        }
        let targets: Vec<_> = split.iter().map(|url| Self::from_grip_url(url)).collect::<Result<_, _>>()?;
        if targets.is_empty() { Err(InvalidTarget::Empty) } else { Ok(targets) }
    }

    /// Makes a target of Fastly Fanout: the service with this id, and an API token with the scope `purge_select` that is limited
    /// to the service.
    ///
    /// # Errors
    ///
    /// If the id has other characters than letters and digits, or the token is empty or has characters other than visible
    /// ASCII.
    pub fn fastly(service_id: &str, token: &str) -> Result<Self, InvalidTarget> {
        if service_id.is_empty() || !service_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(InvalidTarget::ServiceId);
        }
        let mut target = Self::from_grip_url(&format!("https://api.fastly.com/service/{service_id}"))?;
        // Secret stores are often filled from files, which end with a line break.
        target.credentials = Credentials::FastlyKey(token.trim().to_owned());
        if token.trim().is_empty() || target.credentials.header(0).is_none() {
            return Err(InvalidTarget::Token);
        }
        Ok(target)
    }

    /// Sets the limit of a publish request, in bytes. The default is [`MAX_REQUEST`](Self::MAX_REQUEST). A longer list of items
    /// is split into several requests. Pushpin's `push_in_http_max_body_size` must be as large, since Pushpin answers 400 to a
    /// larger request.
    #[must_use]
    pub fn max_request(mut self, bytes: usize) -> Self {
        self.max_request = bytes;
        self
    }

    /// Adds the signer of this proxy to a policy: the `verify-key` of the `GRIP_URL`, with its `verify-iss`. Without these two,
    /// the policy stays as it is. This method needs the feature `sig`.
    ///
    /// With it, one URL makes a Pushpin of your own work in both directions:
    ///
    /// ```
    /// use fanout::grip::sig::Policy;
    /// use fanout::publish::{InvalidTarget, Target};
    ///
    /// fn trusted(grip_url: &str, policy: Policy) -> Result<Policy, InvalidTarget> {
    ///     Target::from_grip_url(grip_url)?.add_signer_to(policy) // in an app, start from `fanout::policy()`
    /// }
    /// # let key = "k".repeat(32);
    /// # let url = format!("https://push.example.com/?verify-iss=pushpin&verify-key={key}");
    /// # assert_eq!(trusted(&url, Policy::new()).unwrap().signers()[0].issuer(), "pushpin");
    /// ```
    ///
    /// `verify-key` is one of these:
    ///
    /// | written as | read as |
    /// |---|---|
    /// | PEM (`-----BEGIN PUBLIC KEY-----`), DER behind `base64:`, or a JSON Web Key (`"kty":"EC"`) | a public key of P-256, for ES256 |
    /// | `secret:` and text, or `secret:base64:` and base64 | a secret of 32 bytes or more, for HS256 |
    /// | a JSON Web Key of the type `oct` | such a secret |
    /// | `base64:` and base64, or text as it is | such a secret, if it has up to 128 bytes and cannot be anything else |
    ///
    /// A public key is also read through quotes, escapes, line breaks and encodings that an environment has put around it.
    /// Everything else is an error: a key of another kind, a private key, a certificate, a set of keys, and a text without
    /// `secret:` that is quoted, escaped, or begins with a brace, with an address or with another prefix. A public key is
    /// never a secret, not even after `secret:`, because anyone who knows it could sign. Half a key cannot be told from a
    /// secret: one coordinate alone, or the 32 bytes of an Ed25519 key.
    ///
    /// The URLs of other libraries also name Fanout itself. It is in `fanout::policy()` already and is not added again.
    ///
    /// # Errors
    ///
    /// [`InvalidTarget::VerifyAlone`] if there is only one of the two, [`InvalidTarget::VerifyKey`] if the key is too short or
    /// is key material of another kind, [`InvalidTarget::Undecided`] if it is neither a public key nor plainly a secret.
    #[cfg(feature = "sig")]
    pub fn add_signer_to(&self, policy: Policy) -> Result<Policy, InvalidTarget> {
        self.verification.add_signer_to(policy)
    }

    /// The requests that publish these items, in this order: for an HTTP client of yours. Each must have been answered
    /// before the next is sent, so that messages come in order. Pass each
    /// response to [`check_response`](Self::check_response).
    ///
    /// # Errors
    ///
    /// [`PublishError::Invalid`] if an item is, or is too large for this proxy.
    pub fn requests(&self, items: &[Item]) -> Result<Vec<Request<Vec<u8>>>, PublishError> {
        let requests = self.batches(items)?.into_iter().map(|batch| self.request(batch.body));
        Ok(requests.collect())
    }

    /// Checks the response to a publish request, by its status and body.
    ///
    /// # Errors
    ///
    /// [`FailureReason::Refused`] if the status is not 200 to 299.
    pub fn check_response(&self, status: StatusCode, body: &[u8]) -> Result<(), FailureReason> {
        if status.is_success() {
            return Ok(());
        }
        let quote =
            String::from_utf8_lossy(&body[..body.len().min(MAX_QUOTE)]).replace(char::is_control, " ");
        let quote = if self.credentials.are_in(&String::from_utf8_lossy(body)) {
            String::new()
        } else {
            quote.trim().to_owned()
        };
        Err(FailureReason::Refused { status, body: quote, help: self.help(status) })
    }

    fn help(&self, status: StatusCode) -> &'static str {
        match (status.as_u16(), self.is_fastly) {
            (300..=399, _) => "it is at another address: correct the GRIP_URL",
            (401 | 403, is_fastly) => self.credentials.help(status, is_fastly),
            (404, true) => {
                "there is no such service, or it has no Fanout: check the id, and `fastly products --enable=fanout`"
            }
            (404 | 405, false) => "this address takes no publish requests: check the path of the GRIP_URL",
            (413, _) => {
                "the request is larger than it takes: publish fewer or smaller items, or set `max_request`"
            }
            (408, _) => "it waited too long for the request: publish again",
            (429, _) => "it is asked too often: wait, and publish again",
            (500 | 502.., _) => "the fault is its own: publish again later",
            _ => "it does not understand the request",
        }
    }

    pub(super) fn request(&self, body: Vec<u8>) -> Request<Vec<u8>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let json = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        if let Some((name, value)) = self.credentials.header(now).flatten() {
            request.headers_mut().insert(name, value);
        }
        request
    }

    /// Returns the items as bodies within the limit of a request.
    pub(super) fn batches(&self, items: &[Item]) -> Result<Vec<Batch>, PublishError> {
        const START: &[u8] = br#"{"items":["#;
        const END: &[u8] = b"]}";

        let mut batches: Vec<Batch> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let json = self
                .encode(item, START.len() + END.len())
                .map_err(|reason| PublishError::Invalid { index, channel: item.channel().clone(), reason })?;
            match batches.last_mut() {
                Some(batch) if batch.body.len() + 1 + json.len() + END.len() <= self.max_request => {
                    batch.body.push(b',');
                    batch.body.extend_from_slice(json.as_bytes());
                    batch.items += 1;
                }
                _ => batches.push(Batch { body: [START, json.as_bytes()].concat(), items: 1 }),
            }
        }
        batches.iter_mut().for_each(|batch| batch.body.extend_from_slice(END));
        Ok(batches)
    }

    fn encode(&self, item: &Item, around: usize) -> Result<String, InvalidItem> {
        item.check()?;
        let limit = if self.is_fastly { Self::MAX_FASTLY_CONTENT } else { usize::MAX };
        if let Some((format, len)) = item.message.sizes().find(|(_, len)| *len > limit) {
            return Err(InvalidItem::ContentTooLarge { format, len, limit });
        }
        let json = item_json::item(item);
        match json.len() + around {
            len if len > self.max_request => Err(InvalidItem::ItemTooLarge { len, limit: self.max_request }),
            _ => Ok(json),
        }
    }
}

/// The limit, in bytes, of the part of a response's body that an error repeats.
const MAX_QUOTE: usize = 300;

/// The items of a request.
pub(super) struct Batch {
    pub(super) body: Vec<u8>,
    pub(super) items: usize,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The query may contain unknown secrets.
        let scheme = self.uri.scheme_str().unwrap_or_default();
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        write!(f, "{scheme}://{authority}{}", self.uri.path())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}
