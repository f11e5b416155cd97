use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier as _};
use p256::pkcs8::DecodePublicKey as _;
use sha2::Sha256;

use super::key_material::is_key_material;
use super::point::point;
use crate::grip::IntoBytes;

/// A key that verifies tokens. Its type decides the algorithm.
///
/// ```
/// use fanout::grip::sig::{InvalidKey, Key};
///
/// let public = Key::es256_jwk(
///     "CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg",
///     "7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M",
/// )?;
/// assert_eq!(public.algorithm(), "ES256");
/// assert_eq!(Key::hs256("changeme").unwrap_err(), InvalidKey::TooShort);
/// # Ok::<(), InvalidKey>(())
/// ```
#[derive(Clone)]
pub struct Key(Kind);

#[derive(Clone)]
enum Kind {
    Es256(VerifyingKey),
    Hs256(Box<[u8]>),
}

impl Key {
    /// The shortest key for HS256, in bytes: [RFC 7518 section 3.2] demands the size of the hash.
    ///
    /// [RFC 7518 section 3.2]: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
    pub const MIN_HS256: usize = 32;

    /// A P-256 public key from the `x` and `y` of a JSON Web Key ([RFC 7518 section 6.2.1]), each 32 bytes in base64url.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Encoding`] if a coordinate is not 32 bytes in base64url without padding,
    /// [`InvalidKey::NotOnCurve`] if there is no such point.
    ///
    /// [RFC 7518 section 6.2.1]: https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1
    pub fn es256_jwk(x: &str, y: &str) -> Result<Key, InvalidKey> {
        point(coordinate(x)?, coordinate(y)?).map(Key::es256).ok_or(InvalidKey::NotOnCurve)
    }

    /// A P-256 public key as an encoded point ([SEC 1 section 2.3.3]): `04` with both coordinates (65 bytes), or `02` or
    /// `03` with one (33 bytes), which costs a square root to read.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Encoding`] if the bytes have another form, [`InvalidKey::NotOnCurve`] if there is no such point.
    ///
    /// [SEC 1 section 2.3.3]: https://www.secg.org/sec1-v2.pdf
    pub fn es256_sec1(bytes: &[u8]) -> Result<Key, InvalidKey> {
        if !matches!((bytes.len(), bytes.first()), (65, Some(4)) | (33, Some(2 | 3))) {
            return Err(InvalidKey::Encoding);
        }
        match VerifyingKey::from_sec1_bytes(bytes) {
            Ok(key) => Ok(Key(Kind::Es256(key))),
            Err(_) => Err(InvalidKey::NotOnCurve),
        }
    }

    /// A P-256 public key in PEM, as `openssl ec -pubout` writes it (`-----BEGIN PUBLIC KEY-----`).
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Encoding`] if the text is anything else: a private key, a certificate, a key of another kind, a
    /// point that does not exist.
    pub fn es256_pem(pem: &str) -> Result<Key, InvalidKey> {
        match VerifyingKey::from_public_key_pem(pem) {
            Ok(key) => Ok(Key(Kind::Es256(key))),
            Err(_) => Err(InvalidKey::Encoding),
        }
    }

    /// A secret shared with the signer, such as the `sig_key` of a Pushpin.
    ///
    /// Keep it in a secret store, not in the source: the key that verifies tokens also signs them. So a public key is refused,
    /// in any spelling:
    ///
    /// ```
    /// use fanout::grip::sig::{InvalidKey, Key};
    ///
    /// let quoted = r#""MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECKo5A1ebyFcnmVV8SE5On+8G81Jy
    /// BjSvcrx4VLetWCjuDAmppTo3xM/zz763COTCgHfp/6lPdCyYjjqc+GM7sw==""#;
    /// assert_eq!(Key::hs256(quoted).unwrap_err(), InvalidKey::KeyMaterial);
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidKey::TooShort`] if it has fewer than [`Key::MIN_HS256`] bytes, [`InvalidKey::KeyMaterial`] if it is or
    /// holds a public key, a private key or a certificate: PEM, DER, a JSON Web Key or a set of them, an SSH key, or a
    /// point on P-256, also within quotes, escapes, line breaks and encodings. One in 128 random secrets of 33 bytes has the
    /// form of a compressed point, and is refused, also in base64: take 32 or 48 bytes. A part of a key cannot be told from a secret: one coordinate alone, or the 32 bytes
    /// of an Ed25519 key.
    pub fn hs256(secret: impl IntoBytes) -> Result<Key, InvalidKey> {
        let secret = secret.into();
        if secret.len() < Key::MIN_HS256 {
            return Err(InvalidKey::TooShort);
        }
        if is_key_material(&secret) {
            return Err(InvalidKey::KeyMaterial);
        }
        Ok(Key(Kind::Hs256(secret.into_boxed_slice())))
    }

    /// Makes a key from a constant of this library, which needs no check.
    pub(super) fn constant(secret: &'static [u8]) -> Key {
        Key(Kind::Hs256(secret.into()))
    }

    /// Makes a key from a parsed public key.
    pub(crate) fn es256(key: VerifyingKey) -> Key {
        Key(Kind::Es256(key))
    }

    /// Returns the algorithm, as the `alg` of a token's header must spell it: `ES256` or `HS256`.
    pub fn algorithm(&self) -> &'static str {
        match self.0 {
            Kind::Es256(_) => "ES256",
            Kind::Hs256(_) => "HS256",
        }
    }

    /// Returns `true` if this key made `signature` for `message`.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            // 64 bytes, r and s each from 1 to n − 1: `from_slice` refuses the rest.
            Kind::Es256(key) => Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            // `verify_slice` takes 32 bytes and compares in constant time.
            Kind::Hs256(secret) => Hmac::<Sha256>::new_from_slice(secret)
                .is_ok_and(|mac| mac.chain_update(message).verify_slice(signature).is_ok()),
        }
    }

    /// Returns `true` if this key makes the same signatures as a secret. HMAC fills a key of up to 64 bytes with zeros.
    pub(super) fn signs_as(&self, secret: &[u8]) -> bool {
        let Kind::Hs256(own) = &self.0 else { return false };
        let zeros = own.strip_prefix(secret).filter(|_| own.len() <= 64);
        zeros.is_some_and(|zeros| zeros.iter().all(|&byte| byte == 0))
    }
}

/// Decodes a coordinate of a JSON Web Key.
fn coordinate(base64: &str) -> Result<[u8; 32], InvalidKey> {
    let mut bytes = [0; 32];
    match Base64UrlUnpadded::decode(base64, &mut bytes) {
        Ok(decoded) if decoded.len() == 32 => Ok(bytes),
        _ => Err(InvalidKey::Encoding),
    }
}

/// Shows the algorithm, never the key.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.algorithm()).finish()
    }
}

/// The reason why bytes or a text are not a [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidKey {
    /// The bytes or the text are not an encoded P-256 public key.
    Encoding,
    /// The coordinates are not those of a point on P-256.
    NotOnCurve,
    /// The secret has fewer than [`Key::MIN_HS256`] bytes.
    TooShort,
    /// The secret is, holds or looks like a public key, a private key or a certificate, in some spelling.
    KeyMaterial,
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidKey::Encoding => f.write_str("the key is not an encoded P-256 public key"),
            InvalidKey::NotOnCurve => f.write_str("the key is not a point on P-256"),
            InvalidKey::TooShort => {
                write!(f, "an HS256 key has at least {} bytes", Key::MIN_HS256)
            }
            InvalidKey::KeyMaterial => f.write_str(
                "the HS256 key is, holds or looks like a public key, a private key or a certificate, and anyone who knows that \
                 could sign: use random bytes as a secret, and a P-256 public key as an ES256 key (PEM, JSON Web Key or DER)",
            ),
        }
    }
}

impl std::error::Error for InvalidKey {}
