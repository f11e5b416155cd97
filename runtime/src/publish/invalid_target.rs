use std::fmt;

#[cfg(feature = "sig")]
use crate::grip::sig::InvalidKey;

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
            Self::Token => "the token is empty, or has characters other than visible ASCII, such as a space",
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
