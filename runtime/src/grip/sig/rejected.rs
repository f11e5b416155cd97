use std::fmt;

use super::{LEEWAY, MAX_TOKEN};

/// The reason why a policy rejects a token.
///
/// Its `Display` is a short sentence that repeats nothing of the token, so it can be logged and sent. The variants are in
/// the order of the [checks](super#what-a-token-must-be), so the token with the greater reason passed more of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rejected {
    /// The policy has no signers.
    NoSigner,
    /// The token has more than [`MAX_TOKEN`] bytes.
    TooLong,
    /// The token does not have three parts.
    Parts,
    /// A part is not base64url in its one strict spelling.
    Encoding,
    /// The header is not a JSON object, or says `alg`, `crit` or `typ` twice.
    Header,
    /// The header has `crit`.
    Critical,
    /// The header has a `typ` that is not `JWT`.
    Type,
    /// The header's `alg` is missing, or is not the algorithm of a signer's key.
    Algorithm,
    /// The signature was not made with a signer's key.
    Signature,
    /// The claims are not a JSON object, or say `iss`, `exp` or `nbf` twice.
    Claims,
    /// `iss` is missing, or is not the issuer of the signer whose key fits.
    Issuer,
    /// `exp` is missing, is not a whole number, or is not in the future.
    Expiry,
    /// `nbf` is not a whole number, or is more than [`LEEWAY`] seconds in the future.
    NotBefore,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejected::NoSigner => f.write_str("no signer is trusted here"),
            Rejected::TooLong => write!(f, "the token has more than {MAX_TOKEN} bytes"),
            Rejected::Parts => f.write_str("the token does not have three parts"),
            Rejected::Encoding => f.write_str("a part of the token is not strict base64url"),
            Rejected::Header => f.write_str("the token's header is not valid JSON"),
            Rejected::Critical => f.write_str("the token demands an extension"),
            Rejected::Type => f.write_str("the token is of another type"),
            Rejected::Algorithm => f.write_str("the token is signed with another algorithm"),
            Rejected::Signature => f.write_str("the token is signed with another key"),
            Rejected::Claims => f.write_str("the token's claims are not valid JSON"),
            Rejected::Issuer => f.write_str("the token comes from another issuer"),
            Rejected::Expiry => f.write_str("the token has expired"),
            Rejected::NotBefore => {
                write!(f, "the token is valid only in more than {LEEWAY} seconds")
            }
        }
    }
}

impl std::error::Error for Rejected {}
