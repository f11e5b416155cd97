//! `Grip-Sig` from outside: published tokens, and properties that hold for every token.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use fanout::grip::sig::{InvalidKey, Key, LEEWAY, MAX_TOKEN, Policy, Rejected};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;

const NOW: u64 = 1_795_564_800;

/// RFC 7515 appendix A.1: HS256, with white space in the JSON.
#[test]
fn rfc_7515_a1() -> Result<(), InvalidKey> {
    let token = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let key = Key::hs256(Base64UrlUnpadded::decode_vec(secret).unwrap())?;
    published(token, key);
    Ok(())
}

/// RFC 7515 appendix A.3: ES256, without `typ`, its s in the upper half.
#[test]
fn rfc_7515_a3() -> Result<(), InvalidKey> {
    let token = b"eyJhbGciOiJFUzI1NiJ9\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let key = Key::es256_jwk(
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    )?;
    published(token, key);
    Ok(())
}

/// Both tokens of the RFC are Joe's and expired on 22 March 2011.
fn published(token: &[u8], key: Key) {
    let policy = Policy::new().trust(key.clone(), "joe");
    assert_eq!(policy.verify(token, 1_300_819_379).unwrap().issuer(), "joe");
    assert_eq!(policy.verify(token, 1_300_819_380).unwrap_err(), Rejected::Expiry);
    let policy = Policy::new().trust(key, "jim");
    assert_eq!(policy.verify(token, 1_300_819_379).unwrap_err(), Rejected::Issuer);
}

/// RFC 7519 section 6.1: a token that names no algorithm and has no signature.
#[test]
fn rfc_7519_unsecured() -> Result<(), InvalidKey> {
    let token = b"eyJhbGciOiJub25lIn0\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .";
    let policy = Policy::new().trust(Key::hs256([1; 32])?, "joe");
    assert_eq!(policy.verify(token, 0).unwrap_err(), Rejected::Algorithm);
    Ok(())
}

#[derive(Clone, Debug)]
enum Secret {
    Es256([u8; 32]),
    Hs256(Vec<u8>),
}

impl Secret {
    fn key(&self) -> Key {
        match self {
            Secret::Es256(secret) => {
                let point = SigningKey::from_slice(secret).unwrap().verifying_key().to_sec1_point(true);
                Key::es256_sec1(point.as_bytes()).unwrap()
            }
            Secret::Hs256(secret) => Key::hs256(secret.clone()).unwrap(),
        }
    }

    fn token(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
        let [header, claims] = [header.as_ref(), claims.as_ref()].map(Base64UrlUnpadded::encode_string);
        let signed = format!("{header}.{claims}");
        let signature = match self {
            Secret::Es256(secret) => {
                let signature: Signature = SigningKey::from_slice(secret).unwrap().sign(signed.as_bytes());
                signature.to_bytes().to_vec()
            }
            Secret::Hs256(secret) => {
                let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
                mac.chain_update(&signed).finalize().into_bytes().to_vec()
            }
        };
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature))
    }

    fn sign(&self, claims: impl AsRef<[u8]>) -> String {
        let alg = self.key().algorithm();
        self.token(json!({ "alg": alg, "typ": "JWT" }).to_string(), claims)
    }
}

/// Returns `true` if random bytes have the form of a compressed point, with additions of a text editor or of C around it.
fn is_point(bytes: &[u8]) -> bool {
    let edge = |byte: &&u8| byte.is_ascii_whitespace() || b"\0\"'`".contains(byte);
    let start = bytes.iter().take_while(edge).count();
    let end = bytes[start..].iter().rev().take_while(edge).count();
    let inner = &bytes[start..bytes.len() - end];
    inner.len() == 33 && matches!(inner[0], 2 | 3)
}

fn secret() -> impl Strategy<Value = Secret> {
    prop_oneof![
        // A secret over n is no key.
        prop::array::uniform32(1..=254_u8).prop_map(Secret::Es256),
        prop::collection::vec(any::<u8>(), 32..100)
            .prop_filter("it is a point", |secret| !is_point(secret))
            .prop_map(Secret::Hs256),
    ]
}

/// JSON that is often what the claims should be and often not quite.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (NOW - 100..NOW + 100).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "joe|jim| joe|".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("iss|exp|nbf|[a-z]{0,3}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    /// The claims of a signer decide as they are written.
    #[test]
    fn a_signed_token_is_accepted(
        secret in secret(),
        issuer in ".{1,40}",
        now in 0..u64::MAX,
        life in 1..u64::MAX,
        extra in value(),
    ) {
        let claims = json!({ "iss": issuer, "exp": now.saturating_add(life), "extra": extra });
        let token = secret.sign(claims.to_string());
        prop_assume!(token.len() <= MAX_TOKEN);
        let policy = Policy::new().trust(secret.key(), issuer.as_str());
        prop_assert_eq!(policy.verify(token.as_bytes(), now).unwrap().issuer(), issuer);
    }

    #[test]
    fn a_token_of_another_signer_is_refused(
        one in secret(),
        other in secret(),
        issuer in ".{1,20}",
        another in ".{1,20}",
    ) {
        let claims = json!({ "iss": issuer, "exp": NOW + 1 }).to_string();
        let policy = Policy::new().trust(other.key(), issuer.as_str());
        let refused = policy.verify(one.sign(&claims).as_bytes(), NOW).unwrap_err();
        prop_assert!(matches!(refused, Rejected::Algorithm | Rejected::Signature));

        prop_assume!(issuer != another);
        let policy = Policy::new().trust(one.key(), another.as_str());
        let refused = policy.verify(one.sign(&claims).as_bytes(), NOW).unwrap_err();
        prop_assert_eq!(refused, Rejected::Issuer);
    }

    /// A byte of a token is changed, removed or inserted.
    #[test]
    fn a_changed_token_is_refused(secret in secret(), at: prop::sample::Index, byte: u8) {
        let token = secret.sign(json!({ "iss": "joe", "exp": NOW + 1 }).to_string()).into_bytes();
        let policy = Policy::new().trust(secret.key(), "joe");
        let at = at.index(token.len());
        let (mut changed, mut without, mut with) = (token.clone(), token.clone(), token.clone());
        changed[at] = byte;
        without.remove(at);
        with.insert(at, byte);
        prop_assert_eq!(policy.verify(&changed, NOW).is_ok(), changed == token);
        prop_assert!(policy.verify(&without, NOW).is_err());
        prop_assert!(policy.verify(&with, NOW).is_err());
    }

    /// A policy accepts exactly the claims that another reader of the JSON finds valid.
    #[test]
    fn claims_mean_what_they_say(iss in value(), exp in value(), nbf in prop::option::of(value())) {
        let secret = Secret::Hs256(vec![1; 32]);
        let policy = Policy::new().trust(secret.key(), "joe");
        let soon = |claim: &Value, least, most| claim.as_u64().is_some_and(|at| least <= at && at <= most);
        for iss in [iss, "joe".into()] {
            for exp in [&exp, &Value::from(NOW + 1)] {
                let mut claims = json!({ "iss": iss, "exp": exp });
                if let Some(nbf) = &nbf {
                    claims["nbf"] = nbf.clone();
                }
                let token = secret.sign(claims.to_string());
                let good = token.len() <= MAX_TOKEN
                    && iss == "joe"
                    && soon(exp, NOW + 1, u64::MAX)
                    && nbf.as_ref().is_none_or(|nbf| soon(nbf, 0, NOW + LEEWAY));
                prop_assert_eq!(policy.verify(token.as_bytes(), NOW).is_ok(), good);
            }
        }
    }

    #[test]
    fn any_bytes_are_refused(token: Vec<u8>, now: u64) {
        let policy = Policy::new().trust(Key::hs256([1; 32]).unwrap(), "joe");
        prop_assert!(policy.verify(&token, now).is_err());
    }

    /// Bytes in the place of the header or of the claims, signed, so that they pass more checks.
    #[test]
    fn any_signed_bytes_are_refused(
        header: Vec<u8>,
        claims: Vec<u8>,
        text in r#"[{}\[\]",:\\ a-z0-9.]{0,40}"#,
    ) {
        let secret = Secret::Hs256(vec![1; 32]);
        let policy = Policy::new().trust(secret.key(), "joe");
        let good = json!({ "iss": "joe", "exp": NOW + 1 }).to_string();
        for token in [
            secret.token(&header, &good),
            secret.token(&text, &good),
            secret.sign(&claims),
            secret.sign(&text),
        ] {
            prop_assert!(policy.verify(token.as_bytes(), NOW).is_err());
        }
    }

    #[test]
    fn any_bytes_make_a_key_or_none(bytes: Vec<u8>, x: String, y: String) {
        let _ = Key::es256_sec1(&bytes);
        let _ = Key::es256_jwk(&x, &y);
        let _ = Key::es256_pem(&x);
        let good = bytes.len() >= Key::MIN_HS256 && !is_point(&bytes);
        prop_assert_eq!(Key::hs256(bytes.clone()).is_ok(), good);
    }
}
