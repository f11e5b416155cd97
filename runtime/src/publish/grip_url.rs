use std::borrow::Cow;
use std::fmt;

use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding as _};
use http::Uri;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::credentials::Credentials;
use crate::grip::sig::{InvalidKey, Key};

/// A `GRIP_URL`, taken apart.
pub(super) struct GripUrl {
    /// Where to publish.
    pub(super) uri: Uri,
    pub(super) credentials: Credentials,
    pub(super) verify_iss: Option<String>,
    pub(super) verify_key: Option<Secret>,
}

impl GripUrl {
    pub(super) fn parse(url: &str) -> Result<Self, InvalidTarget> {
        // The query apart: values are often written as they are, and a key as JSON would be no URL to `Uri`.
        let url = url.trim().split('#').next().unwrap_or_default();
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        if url.is_empty() {
            return Err(InvalidTarget::Empty);
        }
        if !begins_a_url(base) {
            return Err(InvalidTarget::Scheme);
        }
        // As a path, or at the end of a key, the next one would be part of this one.
        if url.split([',', ';']).skip(1).any(begins_a_url) {
            return Err(InvalidTarget::Separator);
        }
        let uri: Uri = base.parse().map_err(|_| InvalidTarget::NotAUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(InvalidTarget::NotAUrl)?;
        let authority = uri.authority().ok_or(InvalidTarget::NotAUrl)?.as_str();
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        // `Uri` takes any number for a port, and then has none.
        if uri.port_u16().is_none()
            && authority.ends_with(|c: char| c.is_ascii_digit())
            && authority.len() > host.len()
        {
            return Err(InvalidTarget::NotAUrl);
        }
        // Hosts have no case, and Fastly's own are known by their names.
        let authority = authority.to_ascii_lowercase();

        let (mut iss, mut key, mut verify_iss, mut verify_key) = (None, None, None, None);
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match &*percent_decode_str(name).decode_utf8_lossy() {
                "iss" => iss = Some(decode(value)?),
                "key" => key = Some(Secret(decode(value)?)),
                "verify-iss" => verify_iss = Some(decode(value)?),
                "verify-key" => verify_key = Some(Secret(decode(value)?)),
                _ => rest.push(pair),
            }
        }

        let base = without_publish(uri.path());
        let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
        let publish = Uri::builder()
            .scheme(uri.scheme_str().unwrap_or("https"))
            .authority(authority.as_str())
            .path_and_query(format!("{base}/publish/{query}"))
            .build()
            .map_err(|_| InvalidTarget::NotAUrl)?;
        let credentials = match (iss, key, user) {
            (Some(issuer), Some(key), _) => Credentials::Signed { issuer, key: key.signing()? },
            (Some(_), None, _) => return Err(InvalidTarget::IssAlone),
            (None, Some(key), _) => {
                let token = key.token()?;
                match publish.host() {
                    Some("api.fastly.com") => Credentials::FastlyKey(token),
                    Some("fanout.fastly.com") => {
                        let service = base.trim_start_matches('/').split('/').next().unwrap_or_default();
                        Credentials::Basic { user: service.to_owned(), password: token }
                    }
                    _ => Credentials::Bearer(token),
                }
            }
            (None, None, Some(user)) => {
                let (user, password) = user.split_once(':').unwrap_or((user, ""));
                Credentials::Basic { user: decode(user)?, password: decode(password)? }
            }
            (None, None, None) => Credentials::None,
        };
        Ok(Self { uri: publish, credentials, verify_iss, verify_key })
    }
}

/// Whether a text begins as an address does. Schemes have no case.
pub(super) fn begins_a_url(text: &str) -> bool {
    let begins =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["http://", "https://"].iter().any(begins)
}

/// The base of an address, whether or not it already leads to where one publishes.
fn without_publish(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.strip_suffix("/publish").unwrap_or(path).trim_end_matches('/')
}

fn decode(value: &str) -> Result<String, InvalidTarget> {
    percent_decode_str(value).decode_utf8().map(Cow::into_owned).map_err(|_| InvalidTarget::NotAUrl)
}

/// A key as a URL has it. It has no `Debug`, so that it gets into no log.
#[derive(Clone)]
pub(super) struct Secret(String);

/// As much of a JSON Web Key as we can use.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    k: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

impl Secret {
    fn bytes(&self) -> Result<Vec<u8>, InvalidTarget> {
        match self.0.strip_prefix("base64:") {
            None => Ok(self.0.as_bytes().to_vec()),
            Some(base64) => [
                Base64::decode_vec,
                Base64Unpadded::decode_vec,
                Base64Url::decode_vec,
                Base64UrlUnpadded::decode_vec,
            ]
            .iter()
            .find_map(|decode| decode(base64).ok())
            .ok_or(InvalidTarget::Base64),
        }
    }

    /// For a key that goes into a header as it is.
    fn token(&self) -> Result<String, InvalidTarget> {
        String::from_utf8(self.bytes()?).ok().filter(|token| !token.is_empty()).ok_or(InvalidTarget::Token)
    }

    /// For a key that we sign with.
    fn signing(&self) -> Result<Vec<u8>, InvalidTarget> {
        let bytes = self.bytes()?;
        let key = match written(&bytes) {
            Written::Plain => bytes,
            Written::Jwk(jwk) if jwk.kty == "oct" => {
                Base64UrlUnpadded::decode_vec(&jwk.k).map_err(|_| InvalidTarget::Base64)?
            }
            _ => return Err(InvalidTarget::SigningKey),
        };
        // What an empty key signs, anybody can sign.
        if key.is_empty() { Err(InvalidTarget::IssAlone) } else { Ok(key) }
    }

    /// For a key that verifies what others sign.
    pub(super) fn verifying(&self) -> Result<Key, InvalidTarget> {
        let bytes = self.bytes()?;
        let key = match written(&bytes) {
            Written::Plain => Key::hs256(bytes),
            Written::Pem(pem) => Key::es256_pem(&pem),
            Written::Point(point) => Key::es256_sec1(&point),
            Written::Jwk(jwk) => match (&*jwk.kty, &*jwk.crv) {
                ("oct", _) => {
                    Key::hs256(Base64UrlUnpadded::decode_vec(&jwk.k).map_err(|_| InvalidTarget::Base64)?)
                }
                ("EC", "P-256") => Key::es256_jwk(&jwk.x, &jwk.y),
                _ => return Err(InvalidTarget::VerifyKey(InvalidKey::Encoding)),
            },
            Written::Unusable => return Err(InvalidTarget::VerifyKey(InvalidKey::Encoding)),
        };
        key.map_err(InvalidTarget::VerifyKey)
    }
}

/// How a key is written.
enum Written {
    Plain,
    Pem(String),
    /// A point on P-256, out of a public key in DER.
    Point(Vec<u8>),
    Jwk(Jwk),
    /// As a key that we cannot use.
    Unusable,
}

/// What a public key of P-256 begins with in DER ([RFC 5480 section 2]), before its point.
///
/// [RFC 5480 section 2]: https://www.rfc-editor.org/rfc/rfc5480#section-2
const P256: [u8; 26] = *b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

/// What is meant to be a public key is never a secret: everybody who knows it could sign with it then.
fn written(key: &[u8]) -> Written {
    if let Some(point) = key.strip_prefix(&P256) {
        return Written::Point(point.to_vec());
    }
    let Ok(text) = std::str::from_utf8(key) else {
        return if is_der(key) { Written::Unusable } else { Written::Plain };
    };
    let text = text.trim_start();
    // Where spaces became `+`, as JavaScript writes them, they are in the first and the last line.
    if text.starts_with("-----BEGIN") {
        let lines = text
            .lines()
            .map(|line| if line.starts_with("-----") { line.replace('+', " ") } else { line.into() });
        return Written::Pem(lines.collect::<Vec<_>>().join("\n") + "\n");
    }
    if text.starts_with('{') {
        // Here they are anywhere, and the values have none.
        return match serde_json::from_str(&text.replace('+', " ")) {
            Ok(jwk) => Written::Jwk(jwk),
            Err(error) if error.is_data() || text.contains("\"kty\"") => Written::Unusable,
            Err(_) => Written::Plain,
        };
    }
    Written::Plain
}

/// Whether bytes are a key in DER: a sequence of their length, which begins with the sequence of its algorithm, or with
/// an integer.
fn is_der(bytes: &[u8]) -> bool {
    let (len, rest) = match bytes {
        [0x30, 0x82, high, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
        [0x30, 0x81, len, rest @ ..] | [0x30, len, rest @ ..] => (usize::from(*len), rest),
        _ => return false,
    };
    rest.len() == len && matches!(rest, [0x30 | 0x02, ..])
}

/// Why one cannot publish to what a `GRIP_URL` says. It repeats nothing of the URL, which has secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTarget {
    /// There is no URL.
    Empty,
    /// It is not a URL, or not percent-encoded where it has to be.
    NotAUrl,
    /// It does not begin with `http://` or `https://`.
    Scheme,
    /// It has another URL behind a `,` or a `;`.
    Separator,
    /// `iss` is there, and `key` is not, or is empty.
    IssAlone,
    /// One of `verify-iss` and `verify-key` is there, and the other is not.
    VerifyAlone,
    /// What follows `base64:` is not base64.
    Base64,
    /// The token cannot be in a header: it is empty, or has characters that are not visible ASCII.
    Token,
    /// `key` is not a secret for HS256, though there is an `iss` to sign.
    SigningKey,
    /// `verify-key` is no key to verify with.
    VerifyKey(InvalidKey),
    /// The id of a service is not letters and digits.
    ServiceId,
}

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "there is no GRIP_URL: a local Pushpin has `http://127.0.0.1:5561/`",
            Self::NotAUrl => "the GRIP_URL is not a URL: percent-encode what a query cannot have",
            Self::Scheme => "the GRIP_URL does not begin with `http://` or `https://`",
            Self::Separator => "the GRIP_URL has another one behind it: put white space between them",
            Self::IssAlone => "the GRIP_URL has `iss` and no `key` to sign with",
            Self::VerifyAlone => "the GRIP_URL needs both `verify-iss` and `verify-key`, or none of them",
            Self::Base64 => "a key of the GRIP_URL has `base64:`, and what follows is not base64",
            Self::Token => "the token is empty, or has characters that no header can have",
            Self::SigningKey => "`key` of the GRIP_URL is not a secret: tokens are signed with HS256 alone",
            Self::ServiceId => "the id of a service is letters and digits",
            Self::VerifyKey(reason) => return write!(f, "`verify-key` of the GRIP_URL: {reason}"),
        })
    }
}

impl std::error::Error for InvalidTarget {}
