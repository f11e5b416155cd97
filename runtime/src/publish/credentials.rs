use base64ct::{Base64, Encoding as _};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::signing::SigningKey;

/// The lifetime of a token that this library signs, in seconds.
const TOKEN_LIFE: u64 = 600;

/// The credentials for publishing to a proxy. The type has no `Debug`, which keeps it out of logs.
#[derive(Clone)]
pub(super) enum Credentials {
    None,
    /// An API token of Fastly, in the header `Fastly-Key`.
    FastlyKey(String),
    /// A token that is sent unchanged.
    Bearer(String),
    Basic {
        user: String,
        password: String,
    },
    /// A token that is signed for each request, with HS256.
    Signed {
        issuer: String,
        key: SigningKey,
    },
}

impl Credentials {
    /// Returns the header for a request, if there is one. `now` is in seconds since 1970, UTC. The outer `None` stands for a
    /// token that a header cannot contain.
    pub(super) fn header(&self, now: u64) -> Option<Option<(HeaderName, HeaderValue)>> {
        let (name, value) = match self {
            Self::None => return Some(None),
            Self::FastlyKey(token) | Self::Bearer(token)
                if !token.bytes().all(|byte| byte.is_ascii_graphic()) =>
            {
                return None;
            }
            Self::FastlyKey(token) => (HeaderName::from_static("fastly-key"), token.clone()),
            Self::Bearer(token) => (header::AUTHORIZATION, format!("Bearer {token}")),
            Self::Basic { user, password } => {
                (header::AUTHORIZATION, format!("Basic {}", basic(user, password)))
            }
            Self::Signed { issuer, key } => {
                (header::AUTHORIZATION, format!("Bearer {}", key.token(issuer, now + TOKEN_LIFE)))
            }
        };
        let mut value = HeaderValue::try_from(value).ok()?;
        value.set_sensitive(true);
        Some(Some((name, value)))
    }

    /// Returns the help for a refusal with 401 or 403.
    pub(super) fn help(&self, status: StatusCode, is_fastly: bool) -> &'static str {
        match (self, status == StatusCode::UNAUTHORIZED) {
            (Self::None, _) => "it demands credentials: add `key=…` to the GRIP_URL",
            (Self::FastlyKey(_), true) => {
                "it does not know the API token: make one with the scope `purge_select`, limited to this service"
            }
            (Self::FastlyKey(_), false) => {
                "the API token may not publish: it needs the scope `purge_select`, and access to this service"
            }
            _ if is_fastly => {
                "it does not accept the service's id with this secret: take an API token with the scope \
                 `purge_select`, and as the GRIP_URL `https://api.fastly.com/service/SERVICE-ID?key=API-TOKEN`"
            }
            (Self::Bearer(_), true) => "it does not accept `key` of the GRIP_URL",
            (Self::Bearer(_), false) => "`key` of the GRIP_URL may not publish there",
            (Self::Basic { .. }, true) => "it does not accept the user and the password of the GRIP_URL",
            (Self::Basic { .. }, false) => "the user of the GRIP_URL may not publish there",
            (Self::Signed { .. }, true) => "it does not accept `iss` and `key` of the GRIP_URL",
            (Self::Signed { .. }, false) => "`iss` and `key` of the GRIP_URL may not publish there",
        }
    }

    /// Returns `true` if a text from elsewhere contains a secret of these credentials.
    pub(super) fn are_in(&self, text: &str) -> bool {
        match self {
            Self::None => false,
            Self::FastlyKey(secret) | Self::Bearer(secret) => contains_secret(text, secret),
            Self::Basic { user, password } => {
                contains_secret(text, password) || contains_secret(text, &basic(user, password))
            }
            Self::Signed { key, .. } => key.secrets().iter().any(|secret| contains_secret(text, secret)),
        }
    }
}

/// Returns `true` if a text contains a secret, plain or escaped. JSON, HTML and URLs do not escape letters and digits, so a
/// few of those in a row are enough. An empty secret is in no text.
fn contains_secret(text: &str, secret: &str) -> bool {
    let runs = secret.split(|c: char| !c.is_ascii_alphanumeric());
    let longest = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= 4);
    !secret.is_empty() && text.contains(longest.unwrap_or(secret))
}

fn basic(user: &str, password: &str) -> String {
    Base64::encode_string(format!("{user}:{password}").as_bytes())
}
