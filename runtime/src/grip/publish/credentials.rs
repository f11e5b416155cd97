use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderName, HeaderValue, header};
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

    pub(super) fn are_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether a text, which others wrote, tells what is secret here.
    pub(super) fn are_told_by(&self, text: &str) -> bool {
        match self {
            Self::None => false,
            Self::FastlyKey(secret) | Self::Bearer(secret) => text.contains(secret),
            Self::Basic { user, password } => {
                text.contains(password) || text.contains(&basic(user, password))
            }
            // Who has the key's text has the key. A signed token always starts with the same header.
            Self::Signed { key, .. } => {
                text.contains(&encode(HEADER)) || std::str::from_utf8(key).is_ok_and(|key| text.contains(key))
            }
        }
    }
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
