use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;
use sha2::Sha256;

/// How long a token that we sign is valid, in seconds.
const TOKEN_LIFE: u64 = 600;

/// By what the proxy knows who may publish. It has no `Debug`, so that it gets into no log.
#[derive(Clone)]
pub(super) enum Credentials {
    None,
    /// An API token of Fastly's, in its own header.
    FastlyKey(String),
    /// A token as it is.
    Bearer(String),
    Basic {
        user: String,
        password: String,
    },
    /// A token that is signed for each request, with HS256.
    Signed {
        issuer: String,
        key: Vec<u8>,
    },
}

impl Credentials {
    /// The header for a request. `now` is in seconds since 1970, UTC. `None` is a token that no header can have.
    pub(super) fn header(&self, now: u64) -> Option<Option<(HeaderName, HeaderValue)>> {
        let (name, value) = match self {
            Self::None => return Some(None),
            Self::FastlyKey(token) => (HeaderName::from_static("fastly-key"), token.clone()),
            Self::Bearer(token) => (header::AUTHORIZATION, format!("Bearer {token}")),
            Self::Basic { user, password } => {
                (header::AUTHORIZATION, format!("Basic {}", basic(user, password)))
            }
            Self::Signed { issuer, key } => {
                (header::AUTHORIZATION, format!("Bearer {}", token(issuer, key, now + TOKEN_LIFE)))
            }
        };
        let mut value = HeaderValue::try_from(value).ok()?;
        value.set_sensitive(true);
        Some(Some((name, value)))
    }

    /// What to do where they are refused, with 401 or 403.
    pub(super) fn help(&self, status: StatusCode, is_fastly: bool) -> &'static str {
        match (self, status == StatusCode::UNAUTHORIZED) {
            (Self::None, _) => "it asks who we are: add `key=…` to the GRIP_URL",
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

    /// Whether a text, which others wrote, tells what is secret here.
    pub(super) fn are_told_by(&self, text: &str) -> bool {
        match self {
            Self::None => false,
            Self::FastlyKey(secret) | Self::Bearer(secret) => tells(text, secret),
            Self::Basic { user, password } => tells(text, password) || tells(text, &basic(user, password)),
            // Who has the key's text has the key. A signed token always starts with the same header.
            Self::Signed { key, .. } => {
                tells(text, &encode(HEADER)) || std::str::from_utf8(key).is_ok_and(|key| tells(text, key))
            }
        }
    }
}

/// Whether a text tells a secret, as it is or escaped: JSON, HTML and URLs leave letters and digits as they are, so that
/// a few of those in a row are enough to be careful.
fn tells(text: &str, secret: &str) -> bool {
    let runs = secret.split(|c: char| !c.is_ascii_alphanumeric());
    let longest = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= 4);
    text.contains(longest.unwrap_or(secret))
}

const HEADER: &[u8] = br#"{"typ":"JWT","alg":"HS256"}"#;

/// A JSON Web Token, as `grip::sig` reads it.
fn token(issuer: &str, key: &[u8], expires: u64) -> String {
    let claims = json!({ "iss": issuer, "exp": expires }).to_string();
    let signed = format!("{}.{}", encode(HEADER), encode(claims.as_bytes()));
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    let signature = mac.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", encode(&signature))
}

fn basic(user: &str, password: &str) -> String {
    Base64::encode_string(format!("{user}:{password}").as_bytes())
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
