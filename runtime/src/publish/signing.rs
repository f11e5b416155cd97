//! The keys of a `GRIP_URL` that sign and verify tokens.

use std::borrow::Cow;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;

use super::InvalidTarget;
use super::secret::{Secret, decode_base64};
use crate::grip::sig::key_material::{Reading, is_key_material, is_plainly_secret, read};
use crate::grip::sig::{InvalidKey, Key, Policy};

const HEADER: &[u8] = br#"{"typ":"JWT","alg":"HS256"}"#;

#[derive(Serialize)]
struct Claims<'a> {
    exp: u64,
    iss: &'a str,
}

/// A secret that signs tokens, with HS256. The type has no `Debug`, which keeps it out of logs.
#[derive(Clone)]
pub(super) struct SigningKey(Vec<u8>);

impl SigningKey {
    /// Returns a JSON Web Token, as `grip::sig` reads it.
    pub(super) fn token(&self, issuer: &str, expires: u64) -> String {
        let claims = Claims { exp: expires, iss: issuer };
        let claims = serde_json::to_string(&claims).expect("claims are a number and a text");
        let signed = format!("{}.{}", encode(HEADER), encode(claims.as_bytes()));
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        let signature = mac.chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", encode(&signature))
    }

    /// Returns the texts that an error must not repeat. The text of the key is as secret as the key. A signed token always
    /// starts with the same header.
    pub(super) fn secrets(&self) -> Vec<Cow<'_, str>> {
        let key = str::from_utf8(&self.0).ok().map(Cow::from);
        [encode(HEADER).into()].into_iter().chain(key).collect()
    }
}

/// Returns the token of a proxy in a test.
#[cfg(feature = "testing")]
pub(crate) fn token(issuer: &str, secret: &[u8], expires: u64) -> String {
    SigningKey(secret.to_vec()).token(issuer, expires)
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The `verify-iss` and the `verify-key` of a URL.
#[derive(Clone)]
pub(super) struct Verification {
    issuer: Option<String>,
    key: Option<Secret>,
}

impl Verification {
    pub(super) fn new(issuer: Option<String>, key: Option<Secret>) -> Self {
        Self { issuer, key }
    }

    /// Adds the signer to a policy, see [`Target::add_signer_to`](super::Target::add_signer_to).
    pub(super) fn add_signer_to(&self, policy: Policy) -> Result<Policy, InvalidTarget> {
        let (issuer, key) = match (&self.issuer, &self.key) {
            (None, None) => return Ok(policy),
            (Some(issuer), Some(key)) if !issuer.is_empty() => (issuer, key),
            _ => return Err(InvalidTarget::VerifyAlone),
        };
        if issuer.starts_with("fastly:") && policy.signers().iter().any(|signer| signer.issuer() == issuer) {
            return Ok(policy);
        }
        Ok(policy.trust(key.verifying()?, issuer.as_str()))
    }
}

/// The meaning of a key of a URL.
enum Meaning {
    /// A secret that both sides sign with.
    Shared(Vec<u8>),
    Public(Key),
    /// Key material that cannot be used, with the reason.
    Unusable(InvalidKey),
}

impl Secret {
    /// Returns the key as a secret that signs tokens.
    pub(super) fn signing(&self) -> Result<SigningKey, InvalidTarget> {
        match self.meaning()? {
            // Anyone can sign with an empty key.
            Meaning::Shared(key) if key.is_empty() => Err(InvalidTarget::IssAlone),
            Meaning::Shared(key) if !is_key_material(&key) => Ok(SigningKey(key)),
            _ => Err(InvalidTarget::SigningKey),
        }
    }

    /// Returns the key as one that verifies tokens.
    fn verifying(&self) -> Result<Key, InvalidTarget> {
        match self.meaning()? {
            Meaning::Shared(secret) => Key::hs256(secret),
            Meaning::Public(key) => Ok(key),
            Meaning::Unusable(reason) => Err(reason),
        }
        .map_err(InvalidTarget::VerifyKey)
    }

    /// Returns the meaning of the key. It is a secret only with the prefix `secret:`, or if it cannot be anything else.
    fn meaning(&self) -> Result<Meaning, InvalidTarget> {
        if let Some(secret) = strip_prefix(&self.0, "secret:") {
            return Ok(Meaning::Shared(match strip_prefix(secret, "base64:") {
                Some(base64) => decode_base64(base64)?,
                None => secret.into(),
            }));
        }
        Ok(match read(self.0.as_bytes()) {
            Reading::Public(key) => Meaning::Public(Key::es256(key)),
            Reading::Jwk(jwk) => match (&*jwk.kty, &*jwk.crv) {
                ("oct", _) => {
                    Meaning::Shared(Base64UrlUnpadded::decode_vec(&jwk.k).map_err(|_| InvalidTarget::Base64)?)
                }
                ("EC", "P-256") => match Key::es256_jwk(&jwk.x, &jwk.y) {
                    Ok(key) => Meaning::Public(key),
                    Err(reason) => Meaning::Unusable(reason),
                },
                _ => Meaning::Unusable(InvalidKey::Encoding),
            },
            Reading::Unreadable => Meaning::Unusable(InvalidKey::Encoding),
            Reading::Nothing => {
                // `.env` files leave quotes around a value, and no secret begins with `"base64:`.
                let unquoted = self.0.trim_matches(['"', '\'', ' ']);
                let secret = match strip_prefix(unquoted, "base64:") {
                    Some(base64) => decode_base64(base64)?,
                    None => self.0.as_bytes().to_vec(),
                };
                match is_plainly_secret(&secret) {
                    true => Meaning::Shared(secret),
                    false => return Err(InvalidTarget::Undecided),
                }
            }
        })
    }
}

/// Returns the text after a prefix, which may be in upper or lower case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
