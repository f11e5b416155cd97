use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use sha2::Sha256;

/// Makes tokens: good ones, and ones that are wrong in a single place and signed all the same.
pub(crate) struct Maker {
    secret: Secret,
    issuer: &'static str,
    now: u64,
}

enum Secret {
    Es256(SigningKey),
    Hs256(Vec<u8>),
}

impl Maker {
    pub(crate) fn es256(secret: &[u8; 32], issuer: &'static str, now: u64) -> Maker {
        let secret = Secret::Es256(SigningKey::from_slice(secret).unwrap());
        Maker { secret, issuer, now }
    }

    pub(crate) fn hs256(secret: &[u8], issuer: &'static str, now: u64) -> Maker {
        Maker { secret: Secret::Hs256(secret.to_vec()), issuer, now }
    }

    /// The same issuer with another key.
    pub(crate) fn other(&self, secret: &[u8]) -> Maker {
        match self.secret {
            Secret::Es256(_) => Maker::es256(secret.try_into().unwrap(), self.issuer, self.now),
            Secret::Hs256(_) => Maker::hs256(secret, self.issuer, self.now),
        }
    }

    pub(crate) fn alg(&self) -> &'static str {
        match self.secret {
            Secret::Es256(_) => "ES256",
            Secret::Hs256(_) => "HS256",
        }
    }

    pub(crate) fn issuer(&self) -> &'static str {
        self.issuer
    }

    pub(crate) fn now(&self) -> u64 {
        self.now
    }

    /// The secret of HS256; empty for ES256.
    pub(crate) fn secret(&self) -> &[u8] {
        match &self.secret {
            Secret::Es256(_) => &[],
            Secret::Hs256(secret) => secret,
        }
    }

    /// The public key of ES256, 65 bytes; empty for HS256.
    pub(crate) fn public_key(&self) -> Vec<u8> {
        match &self.secret {
            Secret::Es256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Secret::Hs256(_) => Vec::new(),
        }
    }

    pub(crate) fn header(&self) -> String {
        format!(r#"{{"typ":"JWT","alg":"{}"}}"#, self.alg())
    }

    pub(crate) fn claims(&self) -> String {
        format!(r#"{{"exp":{},"iss":"{}"}}"#, self.now + 3600, self.issuer)
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::Es256(key) => {
                let signature: Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Secret::Hs256(secret) => hmac(secret, message),
        }
    }

    /// A good token.
    pub(crate) fn token(&self) -> Vec<u8> {
        self.with_claims(self.claims())
    }

    pub(crate) fn with_header(&self, json: impl AsRef<[u8]>) -> Vec<u8> {
        self.with_parts(encode(json), encode(self.claims()))
    }

    pub(crate) fn with_claims(&self, json: impl AsRef<[u8]>) -> Vec<u8> {
        self.with_parts(encode(self.header()), encode(json))
    }

    /// Signs parts that are already encoded, even if the encoding is wrong.
    pub(crate) fn with_parts(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> Vec<u8> {
        let signed = join([header.as_ref(), claims.as_ref()]);
        let signature = self.sign(&signed);
        join([&signed, encode(signature).as_bytes()])
    }

    /// A good token but for its signature.
    pub(crate) fn with_signature(&self, signature: impl AsRef<[u8]>) -> Vec<u8> {
        join([&self.signed(), encode(signature).as_bytes()])
    }

    /// The signed bytes of a good token.
    pub(crate) fn signed(&self) -> Vec<u8> {
        join([encode(self.header()).as_bytes(), encode(self.claims()).as_bytes()])
    }

    /// A good token of so many bytes, with a long claim and a long member of the header that are not read.
    pub(crate) fn of_length(&self, length: usize) -> Vec<u8> {
        // A token grows by 4 bytes for 3, so the header makes up for lengths that the claims cannot reach.
        (0..3)
            .flat_map(|spaces| {
                let header = self.header() + &" ".repeat(spaces);
                let bare = self.with_parts(encode(&header), encode(self.claims() + r#","x":"""#)).len();
                let filling = length.saturating_sub(bare) / 4 * 3;
                (filling.saturating_sub(4)..filling + 4).map(move |filling| {
                    let claims = self.claims();
                    let claims = claims.trim_end_matches('}');
                    let claims = format!(r#"{claims},"x":"{}"}}"#, "x".repeat(filling));
                    self.with_parts(encode(&header), encode(claims))
                })
            })
            .find(|token| token.len() == length)
            .unwrap()
    }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

pub(crate) fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}

/// Parts with a dot between them.
pub(crate) fn join<const N: usize>(parts: [&[u8]; N]) -> Vec<u8> {
    parts.join(&b'.')
}
