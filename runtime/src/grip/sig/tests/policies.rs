//! The keys and issuers of policies.

use super::{Maker, NOW, Rejected, environments, fanout, fanout_policy, pushpin};
use crate::grip::sig::{InvalidKey, Key, Policy, fastly, viceroy};

#[test]
fn a_policy_without_signers_refuses_everything() {
    for policy in [Policy::new(), fastly(""), viceroy().without_local()] {
        assert!(policy.signers().is_empty());
        for (_, maker, _) in environments() {
            let result = policy.verify(&maker.token(), NOW);
            assert_eq!(result.unwrap_err(), Rejected::NoSigner);
        }
    }
}

#[test]
fn the_built_in_policies_have_their_one_signer() {
    for (policy, algorithm, issuer) in [
        (fastly("SU1Z0isxPaozGVKXdv0eY"), "ES256", "fastly:SU1Z0isxPaozGVKXdv0eY"),
        (viceroy(), "HS256", "viceroy"),
    ] {
        let [signer] = policy.signers() else { panic!("{policy:?}") };
        assert_eq!(signer.key().algorithm(), algorithm);
        assert_eq!(signer.issuer(), issuer);
        assert!(!signer.is_self_run());
    }
}

#[test]
fn local_tokens_do_not_count_on_compute() {
    let policy = fastly("SU1Z0isxPaozGVKXdv0eY");
    let secret = pushpin().secret().to_vec();
    let local = Maker::hs256(&secret, "fastly:SU1Z0isxPaozGVKXdv0eY", NOW);
    for maker in [pushpin(), local] {
        let result = policy.verify(&maker.token(), NOW);
        assert_eq!(result.unwrap_err(), Rejected::Algorithm);
    }

    // A policy loses that key under every issuer, also with the zeros that HMAC appends, and keeps all others.
    let padded = |len: usize| [&secret[..], &vec![0; len - secret.len()]].concat();
    let listed = fanout_policy()
        .trust(Key::hs256(secret.clone()).unwrap(), "staging")
        .trust(Key::hs256(padded(48)).unwrap(), "padded")
        .trust(Key::hs256(padded(64)).unwrap(), "full")
        .trust(Key::hs256([1; 32]).unwrap(), "pushpin")
        .trust(Key::hs256(padded(65)).unwrap(), "hashed")
        .trust(Key::hs256([&secret[..], b"1"].concat()).unwrap(), "longer");
    let speak = |policy: &Policy| -> Vec<_> {
        let accepted =
            |issuer: &&'static str| policy.verify(&Maker::hs256(&secret, issuer, NOW).token(), NOW).is_ok();
        ["staging", "padded", "full", "hashed", "longer"].into_iter().filter(accepted).collect()
    };
    assert_eq!(speak(&listed), ["staging", "padded", "full"]);
    let kept = listed.without_local();
    let issuers: Vec<_> = kept.signers().iter().map(|signer| signer.issuer()).collect();
    assert_eq!(issuers, [fanout().issuer(), "pushpin", "hashed", "longer"]);
    assert_eq!(speak(&kept), [""; 0]);
}

/// A key signs only for the issuer that it is listed with.
#[test]
fn a_key_does_not_borrow_the_issuer_of_another() {
    let policy = Policy::new()
        .trust(Key::hs256([1; 32]).unwrap(), "one")
        .trust(Key::hs256([2; 32]).unwrap(), "two")
        .trust(Key::es256_sec1(&fanout().public_key()).unwrap(), "three");
    for (maker, expected) in [
        (Maker::hs256(&[1; 32], "one", NOW), Ok("one")),
        (Maker::hs256(&[2; 32], "two", NOW), Ok("two")),
        (Maker::es256(&[7; 32], "three", NOW), Ok("three")),
        (Maker::hs256(&[1; 32], "two", NOW), Err(Rejected::Issuer)),
        (Maker::hs256(&[2; 32], "one", NOW), Err(Rejected::Issuer)),
        (Maker::hs256(&[2; 32], "three", NOW), Err(Rejected::Issuer)),
        (Maker::es256(&[7; 32], "one", NOW), Err(Rejected::Issuer)),
        (Maker::hs256(&[3; 32], "one", NOW), Err(Rejected::Signature)),
        (Maker::es256(&[3; 32], "three", NOW), Err(Rejected::Signature)),
    ] {
        let token = maker.token();
        let result = policy.verify(&token, NOW).map(|signer| signer.issuer());
        assert_eq!(result, expected);
        assert!(policy.signers().iter().all(|signer| signer.is_self_run()));
    }
}

#[test]
fn both_keys_of_a_rotation_count() {
    for (_, maker, _) in environments() {
        let (old, new) = (maker.other(&[1; 32]), maker.other(&[2; 32]));
        let key = |maker: &Maker| match maker.alg() {
            "ES256" => Key::es256_sec1(&maker.public_key()).unwrap(),
            _ => Key::hs256(maker.secret()).unwrap(),
        };
        let policy = Policy::new().trust(key(&new), maker.issuer());
        assert!(policy.verify(&new.token(), NOW).is_ok());
        assert_eq!(policy.verify(&old.token(), NOW).unwrap_err(), Rejected::Signature);

        let policy = policy.trust(key(&old), maker.issuer());
        assert!(policy.verify(&new.token(), NOW).is_ok());
        assert!(policy.verify(&old.token(), NOW).is_ok());
        assert_eq!(policy.verify(&maker.token(), NOW).unwrap_err(), Rejected::Signature);
    }
}

#[test]
fn an_empty_issuer_adds_no_signer() {
    let policy = Policy::new().trust(Key::hs256([1; 32]).unwrap(), "");
    let token = Maker::hs256(&[1; 32], "", NOW).token();
    assert_eq!(policy.verify(&token, NOW).unwrap_err(), Rejected::NoSigner);
}

#[test]
fn a_secret_of_less_than_32_bytes_is_no_key() {
    for length in 0..32 {
        assert_eq!(Key::hs256(vec![b'x'; length]).unwrap_err(), InvalidKey::TooShort);
    }
    assert!(Key::hs256([b'x'; 32]).is_ok());
}

#[test]
fn a_public_key_may_have_four_forms() {
    let maker = fanout();
    let point = maker.public_key();
    let compressed = [&[2 + point[64] % 2], &point[1..33]].concat();
    // The output of `openssl ec -pubout` for this key.
    let pem = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHhhTL9R1TALzBB2cdc6zO4P/2BrH\n\
        zk/ogsyxyYvFiW6kbDEcTi/0DdlqNlPm5FRF0y3+SG7O11x6kMahiIHAow==\n\
        -----END PUBLIC KEY-----\n";
    let (x, y) =
        ("HhhTL9R1TALzBB2cdc6zO4P_2BrHzk_ogsyxyYvFiW4", "pGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM");
    for key in
        [Key::es256_sec1(&point), Key::es256_sec1(&compressed), Key::es256_jwk(x, y), Key::es256_pem(pem)]
    {
        let policy = Policy::new().trust(key.unwrap(), maker.issuer());
        assert!(policy.verify(&maker.token(), NOW).is_ok());
    }
}

#[test]
fn malformed_keys_are_refused() {
    let point = fanout().public_key();
    let changed = |at: usize, byte: u8| {
        let mut point = point.clone();
        point[at] = byte;
        point
    };
    for (name, bytes, reason) in [
        ("nothing", vec![], InvalidKey::Encoding),
        ("the point at infinity", vec![0], InvalidKey::Encoding),
        ("infinity in 65 bytes", vec![0; 65], InvalidKey::Encoding),
        ("one byte less", point[..64].to_vec(), InvalidKey::Encoding),
        ("one byte more", [&point[..], &[0]].concat(), InvalidKey::Encoding),
        ("coordinates alone", point[1..].to_vec(), InvalidKey::Encoding),
        ("another form", changed(0, 5), InvalidKey::Encoding),
        ("the hybrid form", changed(0, 6), InvalidKey::Encoding),
        ("compressed with both coordinates", changed(0, 2), InvalidKey::Encoding),
        ("a point beside the curve", changed(64, point[64] ^ 1), InvalidKey::NotOnCurve),
        ("another x", changed(1, point[1] ^ 1), InvalidKey::NotOnCurve),
        ("x = y = 0", [&[4][..], &[0; 64]].concat(), InvalidKey::NotOnCurve),
        ("x and y over p", [&[4][..], &[0xff; 64]].concat(), InvalidKey::NotOnCurve),
        ("an x over p", [&[2][..], &[0xff; 32]].concat(), InvalidKey::NotOnCurve),
    ] {
        assert_eq!(Key::es256_sec1(&bytes).unwrap_err(), reason, "{name}");
    }

    // 32 bytes in base64url have 43 characters, the last one with two bits of its own.
    let good = "HhhTL9R1TALzBB2cdc6zO4P_2BrHzk_ogsyxyYvFiW4";
    for (name, x) in [
        ("nothing", String::new()),
        ("31 bytes", "A".repeat(42)),
        ("33 bytes", "A".repeat(44)),
        ("padding", format!("{good}=")),
        ("a space", format!("{good} ")),
        ("another alphabet", "+".repeat(42) + "A"),
        ("stray bits", "A".repeat(42) + "B"),
    ] {
        assert_eq!(
            Key::es256_jwk(&x, "pGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM").unwrap_err(),
            InvalidKey::Encoding,
            "{name}"
        );
        assert_eq!(Key::es256_jwk(good, &x).unwrap_err(), InvalidKey::Encoding, "{name}");
    }
    assert_eq!(Key::es256_jwk(good, good).unwrap_err(), InvalidKey::NotOnCurve);
    for pem in ["", "changeme", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"] {
        assert_eq!(Key::es256_pem(pem).unwrap_err(), InvalidKey::Encoding);
    }
}

#[test]
fn debug_and_display_show_no_key_and_no_token() {
    let shown = format!("{:?} {:?}", viceroy(), fanout_policy());
    assert!(shown.contains(r#"Key("HS256")"#) && shown.contains(r#"Key("ES256")"#), "{shown}");
    assert!(!shown.contains("signing_key"), "{shown}");
    for (_, maker, policy) in environments() {
        for (name, token) in super::forged::no_tokens(&maker) {
            let reason = policy.verify(&token, NOW).unwrap_err().to_string();
            assert!(reason.is_ascii() && reason.len() < 60, "{name}: {reason}");
        }
    }
}
