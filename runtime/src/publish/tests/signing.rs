//! The keys of a `GRIP_URL` that sign and verify tokens.

use std::time::{SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use http::StatusCode;
use serde_json::json;

use super::super::{FailureReason, InvalidTarget, Item, Target};
use super::NEWS;
use super::errors::{has_help, refused};
use super::targets::{FANOUT, address, authorization, error};
use crate::grip::sig::{self, InvalidKey, Key, Policy};

const KEY: &str = "a secret of 32 bytes or somewhat more";

#[test]
fn other_fields_than_the_keys_stay_in_the_address() {
    assert_eq!(
        address("http://a.example/r?x=1&iss=r&key=k&verify-iss=i&y=%20&verify-key=v&z"),
        "http://a.example/r/publish/?x=1&y=%20&z"
    );
}

/// `grip::sig` verifies the token, with code of its own.
#[test]
fn an_issuer_and_a_key_sign_a_token() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let base64 = Base64::encode_string(KEY.as_bytes());
    let jwk = json!({"kty": "oct", "k": Base64UrlUnpadded::encode_string(KEY.as_bytes())}).to_string();
    let spaces = KEY.replace(' ', "%20");
    for key in
        [&spaces, &format!("base64:{base64}"), &format!("base64:{}", base64.trim_end_matches('=')), &jwk]
    {
        let authorization = authorization(&format!("http://push.example.com/?iss=my%20realm&key={key}"));
        let token = authorization.strip_prefix("Bearer ").unwrap();
        let policy = Policy::new().trust(Key::hs256(KEY).unwrap(), "my realm");
        assert_eq!(policy.verify(token.as_bytes(), now).unwrap().issuer(), "my realm");
        // The token soon expires.
        assert_eq!(policy.verify(token.as_bytes(), now + 660).unwrap_err(), sig::Rejected::Expiry);
    }
}

/// Base64 has `+`, which other libraries read as a space or keep. This library keeps it.
#[test]
fn a_plus_is_a_plus() {
    let key = [0xfb, 0xef, 0xbe].repeat(11);
    let base64 = Base64::encode_string(&key);
    assert!(base64.contains('+'));
    let url = format!("http://x/?iss=i&key=base64:{base64}&verify-iss=i&verify-key=base64:{base64}");
    let token = authorization(&url);
    let token = token.strip_prefix("Bearer ").unwrap().as_bytes();
    assert!(Policy::new().trust(Key::hs256(key).unwrap(), "i").verify(token, 0).is_ok());
    assert!(
        Target::from_grip_url(&url).unwrap().add_signer_to(Policy::new()).unwrap().verify(token, 0).is_ok()
    );
}

#[test]
fn one_url_publishes_and_adds_a_signer() {
    let trusted = |query: &str| {
        Target::from_grip_url(&format!("http://x/?{query}")).unwrap().add_signer_to(Policy::new())
    };
    assert!(trusted("key=k").unwrap().signers().is_empty());
    assert_eq!(trusted("verify-iss=i").unwrap_err(), InvalidTarget::VerifyAlone);
    assert_eq!(trusted(&format!("verify-key={FANOUT}")).unwrap_err(), InvalidTarget::VerifyAlone);
    let short = InvalidTarget::VerifyKey(InvalidKey::TooShort);
    assert_eq!(trusted("verify-iss=pushpin&verify-key=changeme").unwrap_err(), short);

    let pem = "-----BEGIN+PUBLIC+KEY-----%0AMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECKo5A1ebyFcnmVV8SE5On%2B8G81Jy%0ABjSvcrx4VLetWCjuDAmppTo3xM/zz763COTCgHfp/6lPdCyYjjqc%2BGM7sw==%0A-----END+PUBLIC+KEY-----";
    for key in [FANOUT, pem, &pem.replace("N+P", "N%20P").replace("C+K", "C%20K")] {
        let policy = trusted(&format!("verify-iss=i&verify-key={key}")).unwrap();
        assert_eq!(
            (policy.signers()[0].issuer(), policy.signers()[0].key().algorithm()),
            ("i", "ES256"),
            "{key}"
        );
        assert!(policy.signers()[0].is_self_run());
    }
    assert!(matches!(trusted("verify-iss=i&verify-key={\"kty\":\"RSA\"}"), Err(InvalidTarget::VerifyKey(_))));
}

/// A public key in another spelling: a person who knows it must not be able to sign.
#[test]
fn a_value_that_looks_like_a_public_key_is_no_secret() {
    const DER: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECKo5A1ebyFcnmVV8SE5On+8G81JyBjSvcrx4VLetWCjuDAmppTo3xM/zz763COTCgHfp/6lPdCyYjjqc+GM7sw==";
    let trusted = |key: &str| {
        let url = format!("http://x/?verify-iss=i&verify-key={key}");
        let policy = Target::from_grip_url(&url).unwrap().add_signer_to(Policy::new())?;
        Ok::<_, InvalidTarget>(policy.signers()[0].key().algorithm())
    };
    let pem =
        format!("-----BEGIN PUBLIC KEY-----%0A{}%0A{}%0A-----END PUBLIC KEY-----", &DER[..64], &DER[64..]);
    for key in [
        format!("base64:{DER}"),
        format!("%0A{pem}"),
        format!("base64:{}", Base64::encode_string(format!("\n{}", pem.replace("%0A", "\n")).as_bytes())),
        format!("%20{FANOUT}"),
        FANOUT.replace(':', ":+").replace(',', ",+"),
    ] {
        assert_eq!(trusted(&key), Ok("ES256"), "{key}");
    }

    let encoding = Err(InvalidTarget::VerifyKey(InvalidKey::Encoding));
    let bytes = |bytes: &[u8]| format!("base64:{}", Base64::encode_string(bytes));
    let rsa = [&b"\x30\x82\x01\x02\x30\xff"[..], &[0; 256]].concat();
    let short = [&b"\x30\x81\x90\x02\x01\xff"[..], &[0; 141]].concat();
    for key in [
        format!("{{\"keys\":[{FANOUT}]}}"),
        FANOUT.replace("\"kty\":\"EC\",", ""),
        FANOUT.replace('}', ""),
        bytes(&rsa),
        bytes(&short),
        bytes(&[&b"\x30\x28\x30"[..], &[0xff; 39]].concat()),
    ] {
        assert_eq!(trusted(&key), encoding, "{key}");
    }

    // Values that only resemble a public key are secrets, some of them only with the prefix `secret:`.
    assert_eq!(trusted(&bytes(&[0x30; 40])), Ok("HS256"));
    for key in [format!("{{{KEY}"), format!("{{{KEY}}}"), bytes(&rsa[1..])] {
        assert_eq!(trusted(&key), Err(InvalidTarget::Undecided), "{key}");
        assert_eq!(trusted(&format!("secret:{key}")), Ok("HS256"), "{key}");
    }
}

/// The `GRIP_URL` of the other libraries' documentation, in an app that trusts Fanout already.
#[test]
fn fanout_is_not_added_twice() {
    let url = format!("https://api.fastly.com/service/abc?key=t&verify-iss=fastly:abc&verify-key={FANOUT}");
    let policy = Target::from_grip_url(&url).unwrap().add_signer_to(sig::fastly("abc")).unwrap();
    assert_eq!(policy.signers().len(), 1);
    assert!(!policy.signers()[0].is_self_run());
}

#[test]
fn each_mistake_of_a_key_is_named() {
    for (url, expected) in [
        ("http://x/?iss=r&key=", InvalidTarget::IssAlone),
        ("http://x/?iss=r&key=base64:", InvalidTarget::IssAlone),
        (r#"http://x/?iss=r&key={"kty":"oct"}"#, InvalidTarget::IssAlone),
        ("http://x/?iss=r&key=base64:!", InvalidTarget::Base64),
        ("http://x/?iss=r&key=-----BEGIN%20PRIVATE%20KEY-----", InvalidTarget::SigningKey),
        (r#"http://x/?iss=r&key={"kty":"EC"}"#, InvalidTarget::SigningKey),
        (r#"http://x/?iss=r&key={"keys":[]}"#, InvalidTarget::SigningKey),
    ] {
        assert_eq!(error(url), expected, "{url}");
    }
}

#[test]
fn a_refused_signature_has_its_help() {
    let signed = Target::from_grip_url("http://x/?iss=i&key=k").unwrap();
    has_help(&signed, 401, "accept `iss` and `key`", false);
    has_help(&signed, 403, "`iss` and `key`", false);
}

#[test]
fn a_body_that_contains_a_signing_key_or_a_token_is_left_out() {
    let target = Target::from_grip_url("http://x/?iss=i&key=s3cret").unwrap();
    let error = refused(&target, 401, "s3cret");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    // The proxy may also repeat a token that this library has signed.
    let target = Target::from_grip_url("http://x/?iss=i&key=k").unwrap();
    let request = &target.requests(&[Item::new(NEWS, "x")]).unwrap()[0];
    let token = request.headers()["authorization"].to_str().unwrap().to_owned();
    let FailureReason::Refused { body, .. } =
        target.check_response(StatusCode::FORBIDDEN, token.as_bytes()).unwrap_err()
    else {
        panic!("it was refused")
    };
    assert_eq!(body, "");
}
