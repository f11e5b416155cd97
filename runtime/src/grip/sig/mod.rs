//! The verification of the token in the `Grip-Sig` header. It needs the feature `sig`, which `compute` turns on.
//!
//! A GRIP proxy puts a signed token into every request that it makes: a JSON Web Token ([RFC 7519]) in the compact form of a
//! JSON Web Signature ([RFC 7515]). The presence of the header proves nothing, since any client can send one. A [`Policy`]
//! lists the trusted signers, each with a key and an issuer. [`Policy::verify`] returns the signer of a token, or the reason
//! why it rejects the token. A policy without signers rejects every token.
//!
//! | environment | policy | algorithm | key | `iss` |
//! |---|---|---|---|---|
//! | Fastly Compute | [`fastly()`] | ES256 | Fanout's, the same for all its customers | `fastly:` and the service's id |
//! | Fanout, with its next key | [`Policy::trust`] | the key's | the next one | `fastly:` and the service's id |
//! | Viceroy with a local Pushpin | [`viceroy()`] | HS256 | a public constant | `viceroy` |
//! | a Pushpin of your own | [`Policy::trust`] | the key's | yours | its `sig_iss` |
//!
//! ```
//! use fanout::grip::sig::{self, Key, Rejected};
//!
//! // Fanout, and beside it a Pushpin of our own.
//! let pushpin = Key::hs256("the sig_key of pushpin.conf, 32 bytes or more")?;
//! let policy = sig::fastly("SU1Z0isxPaozGVKXdv0eY").trust(pushpin, "pushpin.example.com");
//!
//! let now = 1_764_000_000; // seconds since 1970; this module has no clock
//! assert_eq!(policy.verify(b"e30.e30.", now).unwrap_err(), Rejected::Algorithm);
//! # Ok::<(), fanout::grip::sig::InvalidKey>(())
//! ```
//!
//! A public key never becomes a secret, because anyone who knows it could sign: [`Key::hs256`] refuses key material in every
//! spelling.
//!
//! # What a token must be
//!
//! The first rule that a token breaks rejects it. The token decides nothing before its signature is verified: it does not
//! choose the algorithm, it names no key (`kid`, `jwk`, `jku` and `x5u` are not read), and its claims are not parsed.
//!
//! 1. At most [`MAX_TOKEN`] bytes. ([`TooLong`](Rejected::TooLong))
//! 2. Exactly three parts ([RFC 7515 section 7.1][compact]). ([`Parts`](Rejected::Parts))
//! 3. Each part base64url without padding, white space or stray bits, so that nothing has two spellings
//!    ([section 2][terms]; [RFC 4648 section 3.5][stray]). ([`Encoding`](Rejected::Encoding))
//! 4. The header is one JSON object in UTF-8, without `alg`, `crit` or `typ` twice ([section 4][header]).
//!    ([`Header`](Rejected::Header))
//! 5. No `crit`: there is no extension that this module knows ([section 4.1.11][crit]). ([`Critical`](Rejected::Critical))
//! 6. `typ` is `JWT` or absent ([RFC 7519 section 5.1][typ]). ([`Type`](Rejected::Type))
//! 7. `alg` is the algorithm of the signer's key. ([`Algorithm`](Rejected::Algorithm))
//! 8. The signature is the key's ([RFC 7518 section 3][algs]). ([`Signature`](Rejected::Signature))
//! 9. The claims are one JSON object in UTF-8, without `iss`, `exp` or `nbf` twice. ([`Claims`](Rejected::Claims))
//! 10. `iss` is the signer's issuer, byte for byte ([RFC 7519 section 4.1.1][claims]). ([`Issuer`](Rejected::Issuer))
//! 11. `exp` is a whole number of seconds in the future ([section 4.1.4][claims]). ([`Expiry`](Rejected::Expiry))
//! 12. `nbf` is absent, or a whole number at most [`LEEWAY`] seconds in the future ([section 4.1.5][claims]).
//!     ([`NotBefore`](Rejected::NotBefore))
//!
//! Three decisions go beyond the standards or stay short of them:
//!
//! - *No leeway for `exp`.* A proxy signs a new token for each request and lets it live for an hour, so clocks may differ
//!   by almost that much already. Leeway would only lengthen the life of a stolen token.
//! - *Whole numbers only.* RFC 7519 lets a date have a fraction; no GRIP proxy writes one.
//! - *ES256 signatures come in pairs.* From the signature (r, s), anyone can compute (r, n − s), which is as valid, and
//!   which a signer is as likely to have made (the example of [RFC 7515 appendix A.3][a3] has the larger s). Both are
//!   accepted: the twin signs the same claims, and this library does not use a token as a unique name. Every other change
//!   of a byte is refused.
//!
//! # What it costs
//!
//! One ES256 verification takes 0.36 ms natively and 0.75 ms in Viceroy, one HS256 verification 2 µs and 6 µs, including
//! the policy; ES256 adds 29 kB to the example app. In this crate's repository, `cargo xtask bench sig` shows these
//! figures, which are those of two shared cores. They need the settings and flags of [the guide](crate::guide::deploying#size):
//! without the flags, an ES256 verification takes 0.86 ms in Viceroy. The feature `precomputed-tables` of p256 changes nothing:
//! its tables, made at run time, speed up signing only.
//!
//! [`Key::hs256`] takes 10 to 25 µs natively to look for key material. That, and the forms of a key in a `GRIP_URL`, add
//! 27 kB to an app that publishes.
//!
//! [RFC 7515]: https://www.rfc-editor.org/rfc/rfc7515
//! [RFC 7519]: https://www.rfc-editor.org/rfc/rfc7519
//! [compact]: https://www.rfc-editor.org/rfc/rfc7515#section-7.1
//! [terms]: https://www.rfc-editor.org/rfc/rfc7515#section-2
//! [stray]: https://www.rfc-editor.org/rfc/rfc4648#section-3.5
//! [header]: https://www.rfc-editor.org/rfc/rfc7515#section-4
//! [crit]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
//! [a3]: https://www.rfc-editor.org/rfc/rfc7515#appendix-A.3
//! [typ]: https://www.rfc-editor.org/rfc/rfc7519#section-5.1
//! [claims]: https://www.rfc-editor.org/rfc/rfc7519#section-4.1
//! [algs]: https://www.rfc-editor.org/rfc/rfc7518#section-3

mod checks;
mod key;
pub(crate) mod key_material;
mod limits;
mod point;
mod policy;
mod rejected;

#[cfg(test)]
mod tests;

pub use key::{InvalidKey, Key};
pub use limits::{LEEWAY, MAX_TOKEN};
#[cfg(feature = "testing")]
pub(crate) use policy::VICEROY;
pub use policy::{Policy, Signer, fastly, viceroy};
pub use rejected::Rejected;
