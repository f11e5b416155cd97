use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{Key, LEEWAY, MAX_TOKEN, Rejected};

/// The checks of a verification, one method each, in the order in which they run. Each has a [`Rejected`] of its own.
///
/// [`Strict`] has all of them, and the library uses nothing else. The trait lets the tests leave a single check out, to
/// show that no other one covers for it.
pub(super) trait Checks {
    fn length(&self, token: &[u8]) -> Result<(), Rejected> {
        if token.len() > MAX_TOKEN {
            return Err(Rejected::TooLong);
        }
        Ok(())
    }

    fn parts<'t>(&self, token: &'t [u8]) -> Result<Parts<'t>, Rejected> {
        let mut dots = token.iter().enumerate().filter(|&(_, &byte)| byte == b'.').map(|(at, _)| at);
        match (dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(second), None) => Ok(Parts {
                header: &token[..first],
                claims: &token[first + 1..second],
                signature: &token[second + 1..],
                signed: &token[..second],
            }),
            _ => Err(Rejected::Parts),
        }
    }

    fn decode(&self, part: &[u8]) -> Result<Vec<u8>, Rejected> {
        // Three bytes for four, so this is more than enough; base64ct refuses stray bits itself.
        let mut bytes = vec![0; part.len()];
        let length = match Base64UrlUnpadded::decode(part, &mut bytes) {
            Ok(decoded) => decoded.len(),
            Err(_) => return Err(Rejected::Encoding),
        };
        bytes.truncate(length);
        Ok(bytes)
    }

    fn header<'t>(&self, json: &'t [u8]) -> Result<Header<'t>, Rejected> {
        object(json).ok_or(Rejected::Header)
    }

    fn critical(&self, header: &Header<'_>) -> Result<(), Rejected> {
        match header.crit {
            None => Ok(()),
            Some(_) => Err(Rejected::Critical),
        }
    }

    fn media_type(&self, header: &Header<'_>) -> Result<(), Rejected> {
        match header.typ {
            Some(typ) if text(typ).as_deref() != Some("JWT") => Err(Rejected::Type),
            _ => Ok(()),
        }
    }

    fn algorithm(&self, header: &Header<'_>, key: &Key) -> Result<(), Rejected> {
        match header.alg.and_then(text) {
            Some(alg) if alg == key.algorithm() => Ok(()),
            _ => Err(Rejected::Algorithm),
        }
    }

    fn signature(&self, key: &Key, signed: &[u8], signature: &[u8]) -> Result<(), Rejected> {
        match key.verifies(signed, signature) {
            true => Ok(()),
            false => Err(Rejected::Signature),
        }
    }

    fn claims<'t>(&self, json: &'t [u8]) -> Result<Claims<'t>, Rejected> {
        object(json).ok_or(Rejected::Claims)
    }

    fn issuer(&self, claims: &Claims<'_>, issuer: &str) -> Result<(), Rejected> {
        match claims.iss.and_then(text) {
            Some(iss) if iss == issuer => Ok(()),
            _ => Err(Rejected::Issuer),
        }
    }

    fn expiry(&self, claims: &Claims<'_>, now: u64) -> Result<(), Rejected> {
        match claims.exp.and_then(seconds) {
            Some(exp) if exp > now => Ok(()),
            _ => Err(Rejected::Expiry),
        }
    }

    fn not_before(&self, claims: &Claims<'_>, now: u64) -> Result<(), Rejected> {
        match claims.nbf.map(seconds) {
            None => Ok(()),
            Some(Some(nbf)) if nbf <= now.saturating_add(LEEWAY) => Ok(()),
            Some(_) => Err(Rejected::NotBefore),
        }
    }
}

/// Every check as it stands.
pub(super) struct Strict;

impl Checks for Strict {}

/// A token cut at its dots, still encoded.
#[derive(Clone, Copy)]
pub(super) struct Parts<'t> {
    pub(super) header: &'t [u8],
    pub(super) claims: &'t [u8],
    pub(super) signature: &'t [u8],
    /// The signed bytes: header, dot and claims, as they came.
    pub(super) signed: &'t [u8],
}

/// The members of the header that are read, as written: a member of the wrong type is the failure of *its* check.
/// The derived implementation refuses a member that comes twice, however it is escaped.
#[derive(Deserialize)]
pub(super) struct Header<'t> {
    #[serde(borrow, default, deserialize_with = "written")]
    pub(super) alg: Option<&'t RawValue>,
    #[serde(borrow, default, deserialize_with = "written")]
    pub(super) crit: Option<&'t RawValue>,
    #[serde(borrow, default, deserialize_with = "written")]
    pub(super) typ: Option<&'t RawValue>,
}

/// The claims that are read, as written.
#[derive(Deserialize)]
pub(super) struct Claims<'t> {
    #[serde(borrow, default, deserialize_with = "written")]
    pub(super) iss: Option<&'t RawValue>,
    #[serde(borrow, default, deserialize_with = "written")]
    pub(super) exp: Option<&'t RawValue>,
    #[serde(borrow, default, deserialize_with = "written")]
    pub(super) nbf: Option<&'t RawValue>,
}

/// Reads a member that is present. `Option` alone would take `null` for absent.
fn written<'t, D: Deserializer<'t>>(deserializer: D) -> Result<Option<&'t RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

fn object<'t, T: Deserialize<'t>>(json: &'t [u8]) -> Option<T> {
    // serde_json skips what it ignores without looking at its UTF-8, and a derived struct may also be an array.
    let json = str::from_utf8(json).ok()?;
    match json.trim_ascii_start().starts_with('{') {
        true => from_json(json),
        false => None,
    }
}

fn text(value: &RawValue) -> Option<String> {
    from_json(value.get())
}

fn seconds(value: &RawValue) -> Option<u64> {
    from_json(value.get())
}

/// Parses JSON. The parser of `from_str` would be a second one in every app.
fn from_json<'t, T: Deserialize<'t>>(json: &'t str) -> Option<T> {
    serde_json::from_slice(json.as_bytes()).ok()
}
