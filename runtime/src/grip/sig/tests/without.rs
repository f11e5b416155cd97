use serde::Deserialize;
use serde_json::Value;

use super::Rejected;
use crate::grip::sig::Key;
use crate::grip::sig::checks::{Checks, Claims, Header, Parts, Strict};

/// The verification without these checks.
///
/// A check that only says yes or no says yes. One that also reads something reads it the way that a careless library
/// would: it takes what it can and overlooks the rest.
pub(super) struct Without<'c>(pub(super) &'c [Rejected]);

impl Without<'_> {
    fn has(&self, check: Rejected) -> bool {
        !self.0.contains(&check)
    }
}

impl Checks for Without<'_> {
    fn length(&self, token: &[u8]) -> Result<(), Rejected> {
        match self.has(Rejected::TooLong) {
            true => Strict.length(token),
            false => Ok(()),
        }
    }

    /// Overlooks empty parts and what comes behind the third.
    fn parts<'t>(&self, token: &'t [u8]) -> Result<Parts<'t>, Rejected> {
        if self.has(Rejected::Parts) {
            return Strict.parts(token);
        }
        let start = token.iter().position(|&byte| byte != b'.').unwrap_or(0);
        let token = &token[start..];
        let mut parts = token
            .split(|&byte| byte == b'.')
            .filter(|part| !part.is_empty());
        let mut next = || parts.next().ok_or(Rejected::Parts);
        let (header, claims, signature) = (next()?, next()?, next()?);
        Ok(Parts {
            header,
            claims,
            signature,
            signed: &token[..header.len() + 1 + claims.len()],
        })
    }

    /// Knows both alphabets and `%2D`, overlooks everything else that is in neither, and bits that are left over.
    fn decode(&self, part: &[u8]) -> Result<Vec<u8>, Rejected> {
        if self.has(Rejected::Encoding) {
            return Strict.decode(part);
        }
        let mut sextets = Vec::new();
        let mut rest = part;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            let byte = match (byte, tail) {
                (b'%', [high, low, tail @ ..]) => {
                    rest = tail;
                    let hex = String::from_utf8_lossy(&[*high, *low]).into_owned();
                    u8::from_str_radix(&hex, 16).unwrap_or(b'%')
                }
                _ => byte,
            };
            sextets.extend(match byte {
                b'A'..=b'Z' => Some(byte - b'A'),
                b'a'..=b'z' => Some(byte - b'a' + 26),
                b'0'..=b'9' => Some(byte - b'0' + 52),
                b'+' | b'-' => Some(62),
                b'/' | b'_' => Some(63),
                _ => None,
            });
        }
        let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
        for sextet in sextets {
            (bits, count) = (bits << 6 | u32::from(sextet), count + 6);
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count) as u8);
            }
        }
        Ok(bytes)
    }

    fn header<'t>(&self, json: &'t [u8]) -> Result<Header<'t>, Rejected> {
        match self.has(Rejected::Header) {
            true => Strict.header(json),
            false => careless(json).ok_or(Rejected::Header),
        }
    }

    fn critical(&self, header: &Header<'_>) -> Result<(), Rejected> {
        match self.has(Rejected::Critical) {
            true => Strict.critical(header),
            false => Ok(()),
        }
    }

    fn media_type(&self, header: &Header<'_>) -> Result<(), Rejected> {
        match self.has(Rejected::Type) {
            true => Strict.media_type(header),
            false => Ok(()),
        }
    }

    fn algorithm(&self, header: &Header<'_>, key: &Key) -> Result<(), Rejected> {
        match self.has(Rejected::Algorithm) {
            true => Strict.algorithm(header, key),
            false => Ok(()),
        }
    }

    fn signature(&self, key: &Key, signed: &[u8], signature: &[u8]) -> Result<(), Rejected> {
        match self.has(Rejected::Signature) {
            true => Strict.signature(key, signed, signature),
            false => Ok(()),
        }
    }

    fn claims<'t>(&self, json: &'t [u8]) -> Result<Claims<'t>, Rejected> {
        match self.has(Rejected::Claims) {
            true => Strict.claims(json),
            false => careless(json).ok_or(Rejected::Claims),
        }
    }

    fn issuer(&self, claims: &Claims<'_>, issuer: &str) -> Result<(), Rejected> {
        match self.has(Rejected::Issuer) {
            true => Strict.issuer(claims, issuer),
            false => Ok(()),
        }
    }

    fn expiry(&self, claims: &Claims<'_>, now: u64) -> Result<(), Rejected> {
        match self.has(Rejected::Expiry) {
            true => Strict.expiry(claims, now),
            false => Ok(()),
        }
    }

    fn not_before(&self, claims: &Claims<'_>, now: u64) -> Result<(), Rejected> {
        match self.has(Rejected::NotBefore) {
            true => Strict.not_before(claims, now),
            false => Ok(()),
        }
    }
}

/// The first JSON value, whatever is before and behind it; of a member that comes twice the last; an array in place of
/// an object.
fn careless<'t, T: Deserialize<'t>>(json: &[u8]) -> Option<T> {
    let json = String::from_utf8_lossy(json);
    let json = &json[json.find(['{', '['])?..];
    let value: Value = serde_json::Deserializer::from_str(json)
        .into_iter()
        .next()?
        .ok()?;
    serde_json::from_str(value.to_string().leak()).ok()
}
