use std::borrow::Cow;
use std::fmt;

use http::Uri;
use percent_encoding::percent_decode_str;

use super::credentials::Credentials;
use super::secret::Secret;
use super::signing::Verification;
#[cfg(feature = "sig")]
use crate::grip::sig::InvalidKey;

/// The parts of a `GRIP_URL`.
pub(super) struct GripUrl {
    /// The address for publish requests.
    pub(super) uri: Uri,
    pub(super) credentials: Credentials,
    pub(super) verification: Verification,
}

impl GripUrl {
    pub(super) fn parse(url: &str) -> Result<Self, InvalidTarget> {
        // `Uri` does not get the query: its values are often not encoded, and a key as JSON would be no URL.
        let url = url.trim().split('#').next().unwrap_or_default();
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        if url.is_empty() {
            return Err(InvalidTarget::Empty);
        }
        if !begins_a_url(base) {
            return Err(InvalidTarget::Scheme);
        }
        // In a path, or at the end of a key, the next URL would be part of this one.
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
        Ok(Self { uri: publish, credentials, verification: Verification::new(verify_iss, verify_key) })
    }
}

/// Returns `true` if a text begins as a URL does. Schemes have no case.
pub(super) fn begins_a_url(text: &str) -> bool {
    let begins =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["http://", "https://"].iter().any(begins)
}

/// Returns the path of an address without a `publish` at its end.
fn without_publish(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.strip_suffix("/publish").unwrap_or(path).trim_end_matches('/')
}

fn decode(value: &str) -> Result<String, InvalidTarget> {
    percent_decode_str(value).decode_utf8().map(Cow::into_owned).map_err(|_| InvalidTarget::NotAUrl)
}

/// The reason why a `GRIP_URL` is not a target. Its text repeats nothing of the URL, which has secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTarget {
    /// There is no URL.
    Empty,
    /// The text is not a URL, or is not percent-encoded.
    NotAUrl,
    /// The text does not begin with `http://` or `https://`.
    Scheme,
    /// The text has another URL after a `,` or a `;`.
    Separator,
    /// The URL has `iss`, and no `key` or an empty one.
    IssAlone,
    /// The URL has `verify-iss` without `verify-key`, or the other way round.
    VerifyAlone,
    /// The text after `base64:` is not base64.
    Base64,
    /// The token cannot be in a header: it is empty, or has characters other than visible ASCII.
    Token,
    /// `iss` demands signed tokens, and `key` is not a secret for HS256.
    SigningKey,
    /// `iss` demands signed tokens, and the feature `sig` is off.
    NeedsSig,
    /// `verify-key` is not a key that verifies tokens. It needs the feature `sig`.
    #[cfg(feature = "sig")]
    VerifyKey(InvalidKey),
    /// A key is neither a readable public key nor plainly a secret.
    Undecided,
    /// The id of a service is not letters and digits.
    ServiceId,
}

impl fmt::Display for InvalidTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "there is no GRIP_URL: a local Pushpin has `http://127.0.0.1:5561/`",
            Self::NotAUrl => "the GRIP_URL is not a URL: percent-encode special characters",
            Self::Scheme => "the GRIP_URL does not begin with `http://` or `https://`",
            Self::Separator => "the GRIP_URL is followed by another one: put white space between them",
            Self::IssAlone => "the GRIP_URL has `iss` and no `key` to sign with: add `key=…`",
            Self::VerifyAlone => "the GRIP_URL has only one of `verify-iss` and `verify-key`: write both, or neither",
            Self::Base64 => "the text after `base64:` in a key of the GRIP_URL is not base64",
            Self::Token => "the token is empty, or has characters that a header cannot contain",
            Self::SigningKey => {
                "`key` of the GRIP_URL is, or holds, a public or a private key or a certificate: tokens are signed \
                 with HS256 alone, so it must be a secret"
            }
            Self::NeedsSig => {
                "`iss` of the GRIP_URL demands signed tokens: enable the feature `sig` of the crate `fanout`"
            }
            Self::Undecided => {
                "a key of the GRIP_URL is neither a public key of P-256 (PEM, a JSON Web Key, or DER behind `base64:`) \
                 nor plainly a secret (text of up to 128 bytes without quotes, escapes and prefixes): write `secret:` \
                 before a secret, or `secret:base64:` before its base64"
            }
            Self::ServiceId => "the id of a service is letters and digits",
            #[cfg(feature = "sig")]
            Self::VerifyKey(reason) => {
                return write!(
                    f,
                    "`verify-key` of the GRIP_URL: {reason}. It is a public key of P-256 (PEM, a JSON Web Key, or DER \
                     behind `base64:`), or a secret of 32 bytes or more (as text, behind `base64:` or `secret:`, or a \
                     JSON Web Key of the type `oct`)"
                );
            }
        })
    }
}

impl std::error::Error for InvalidTarget {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            #[cfg(feature = "sig")]
            Self::VerifyKey(reason) => Some(reason),
            _ => None,
        }
    }
}
