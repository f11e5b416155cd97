//! The keys of a `GRIP_URL` without the feature `sig`: no key signs, and no requests are verified.

use std::borrow::Cow;

use super::InvalidTarget;
use super::secret::Secret;

/// A secret that signs tokens. Without the feature `sig`, there is none.
#[derive(Clone)]
pub(super) enum SigningKey {}

impl SigningKey {
    pub(super) fn token(&self, _issuer: &str, _expires: u64) -> String {
        match *self {}
    }

    pub(super) fn secrets(&self) -> Vec<Cow<'_, str>> {
        match *self {}
    }
}

impl Secret {
    pub(super) fn signing(&self) -> Result<SigningKey, InvalidTarget> {
        Err(InvalidTarget::NeedsSig)
    }
}

/// The `verify-iss` and the `verify-key` of a URL, which are for requests from the proxy. A program without the feature `sig`
/// gets none.
#[derive(Clone)]
pub(super) struct Verification;

impl Verification {
    pub(super) fn new(_issuer: Option<String>, _key: Option<Secret>) -> Self {
        Self
    }
}
