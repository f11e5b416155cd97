//! `Grip-Sig`: the bytes as a token, and as the header and the claims of a signed token.

#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use fanout::grip::sig::{Key, LEEWAY, Policy};
use hmac::{Hmac, KeyInit as _, Mac as _};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;
use sha2::Sha256;

/// A second before the tokens of RFC 7515 expire.
const NOW: u64 = 1_300_819_379;

/// The HS256 key of RFC 7515 appendix A.1.
static SECRET: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let k = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    Base64UrlUnpadded::decode_vec(k).unwrap()
});

/// The HS256 key and the ES256 key of appendix A.3.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let es256 = Key::es256_jwk(
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    );
    Policy::new().trust(Key::hs256(SECRET.clone()).unwrap(), "joe").trust(es256.unwrap(), "joe")
});

fuzz_target!(|data: &[u8]| {
    as_token(data);
    if let Some(end) = data.iter().position(|&byte| byte == b'\n') {
        as_content(&data[..end], &data[end + 1..]);
    }
});

/// An accepted token has one spelling.
fn as_token(token: &[u8]) {
    let Ok(signer) = POLICY.verify(token, NOW) else {
        return;
    };
    let parts = str::from_utf8(token).unwrap().split('.');
    let parts: Vec<_> = parts.map(|part| Base64UrlUnpadded::decode_vec(part).unwrap()).collect();
    let [header, claims, signature] = &parts[..] else { panic!("{} parts", parts.len()) };
    let mut spelled = format!("{}.{}", encode(header), encode(claims));
    if signer.key().algorithm() == "HS256" {
        assert_eq!(*signature, hmac(spelled.as_bytes()));
    }
    spelled = spelled + "." + &encode(signature);
    assert_eq!(token, spelled.as_bytes());
    check_trusted(header, claims, signer.key().algorithm());
}

/// Another reader reads the same claims in an accepted token.
fn as_content(header: &[u8], claims: &[u8]) {
    let signed = format!("{}.{}", encode(header), encode(claims));
    let token = format!("{signed}.{}", encode(&hmac(signed.as_bytes())));
    if POLICY.verify(token.as_bytes(), NOW).is_ok() {
        check_trusted(header, claims, "HS256");
    }
}

fn check_trusted(header: &[u8], claims: &[u8], algorithm: &str) {
    let header = members(header);
    assert_eq!(header["alg"], format!("{algorithm:?}"));
    assert!(!header.contains_key("crit"));
    assert!(header.get("typ").is_none_or(|typ| typ == "\"JWT\""));
    let claims = members(claims);
    assert_eq!(claims["iss"], "\"joe\"");
    assert!(claims["exp"].parse::<u64>().unwrap() > NOW);
    assert!(claims.get("nbf").is_none_or(|nbf| nbf.parse::<u64>().unwrap() <= NOW + LEEWAY));
}

/// The members of an object, those with a string in them spelled without needless escapes.
fn members(json: &[u8]) -> BTreeMap<String, String> {
    let members: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(json).unwrap();
    let plain = |value: Box<RawValue>| match serde_json::from_str::<String>(value.get()) {
        Ok(text) => format!("{text:?}"),
        Err(_) => value.get().to_owned(),
    };
    members.into_iter().map(|(name, value)| (name, plain(value))).collect()
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn hmac(message: &[u8]) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(&SECRET).unwrap();
    mac.chain_update(message).finalize().into_bytes().to_vec()
}
