use base64ct::{Base64UrlUnpadded, Encoding as _};

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

/// Decodes base64 of either alphabet, with or without padding. All four go through one decoder, because each adds 2 kB to
/// every app that publishes.
pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, InvalidTarget> {
    let is_mixed = text.contains(['+', '/']) && text.contains(['-', '_']);
    // Padding fills the last four digits, and is complete or absent.
    let is_whole = text.len().is_multiple_of(4);
    let padding = if is_whole { text.bytes().rev().take_while(|&byte| byte == b'=').count() } else { 0 };
    let digits = text[..text.len() - padding.min(2)].replace('+', "-").replace('/', "_");
    match Base64UrlUnpadded::decode_vec(&digits) {
        Ok(bytes) if !is_mixed => Ok(bytes),
        _ => Err(InvalidTarget::Base64),
    }
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Base64Unpadded, Base64Url};
    use proptest::prelude::*;

    use super::*;

    fn one_of_four(text: &str) -> Option<Vec<u8>> {
        [Base64::decode_vec, Base64Unpadded::decode_vec, Base64Url::decode_vec, Base64UrlUnpadded::decode_vec]
            .iter()
            .find_map(|decode| decode(text).ok())
    }

    proptest! {
        #[test]
        fn one_decoder_reads_what_the_four_read(text in "[AQgw4_/+-]{0,9}={0,4}|\\PC{0,9}") {
            prop_assert_eq!(decode_base64(&text).ok(), one_of_four(&text));
        }

        #[test]
        fn bytes_in_each_form_are_read(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            for encode in [
                Base64::encode_string,
                Base64Unpadded::encode_string,
                Base64Url::encode_string,
                Base64UrlUnpadded::encode_string,
            ] {
                prop_assert_eq!(decode_base64(&encode(&bytes)).ok(), Some(bytes.clone()));
            }
        }
    }
}
