use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding as _};

use super::InvalidTarget;

/// A key as the URL has it. The type has no `Debug`, which keeps it out of logs.
#[derive(Clone)]
pub(super) struct Secret(pub(super) String);

impl Secret {
    /// Returns the key as a token for a header.
    pub(super) fn token(&self) -> Result<String, InvalidTarget> {
        let bytes = match self.0.strip_prefix("base64:") {
            None => self.0.as_bytes().to_vec(),
            Some(base64) => decode_base64(base64)?,
        };
        String::from_utf8(bytes).ok().filter(|token| !token.is_empty()).ok_or(InvalidTarget::Token)
    }
}

pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, InvalidTarget> {
    [Base64::decode_vec, Base64Unpadded::decode_vec, Base64Url::decode_vec, Base64UrlUnpadded::decode_vec]
        .iter()
        .find_map(|decode| decode(text).ok())
        .ok_or(InvalidTarget::Base64)
}
