//! The signature: header and claims are good.

use p256::elliptic_curve::{Curve as _, bigint::ArrayEncoding as _};
use p256::{NistP256, U256};
use sha2::{Digest as _, Sha256, Sha512};

use super::maker::{Maker, encode, hmac, join};
use super::{Rejected, Row};

pub(super) fn rows(maker: &Maker) -> Vec<Row> {
    let rows = any(maker).into_iter().chain(match maker.alg() {
        "ES256" => es256(maker),
        _ => hs256(maker),
    });
    rows.map(|(name, token)| Row::new(Rejected::Signature, name, token))
        .collect()
}

type Named = Vec<(&'static str, Vec<u8>)>;

fn any(maker: &Maker) -> Named {
    let signed = maker.signed();
    let good = maker.sign(&signed);
    let other = maker.other(&[1; 32]);
    let (header, claims) = (maker.header(), maker.claims());
    let later = claims.replace('}', r#","x":1}"#);
    let resigned = |header: &str, claims: &str| {
        join([
            encode(header).as_bytes(),
            encode(claims).as_bytes(),
            encode(&good).as_bytes(),
        ])
    };
    let with_header = |more: &str| header.replace('}', &format!(",{more}}}"));
    let jwk = r#""jwk":{"kty":"oct","k":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}"#;
    let mut flipped = [good.clone(), good.clone()];
    flipped[0][0] ^= 0x80;
    flipped[1]
        .last_mut()
        .into_iter()
        .for_each(|byte| *byte ^= 1);
    let [first, last] = flipped;
    vec![
        ("another key", other.token()),
        (
            "another key, in the header as jwk",
            other.with_header(with_header(jwk)),
        ),
        (
            "another key, at an address in the header",
            other.with_header(with_header(r#""jku":"https://attacker.example/jwks""#)),
        ),
        (
            "another key, named in the header",
            other.with_header(with_header(r#""kid":"../../../../dev/null""#)),
        ),
        (
            "another key, another issuer's claims",
            other.with_claims(&claims),
        ),
        ("none", maker.with_signature(b"")),
        ("its first bit flipped", maker.with_signature(first)),
        ("its last bit flipped", maker.with_signature(last)),
        (
            "one byte less",
            maker.with_signature(&good[..good.len() - 1]),
        ),
        ("its first byte missing", maker.with_signature(&good[1..])),
        ("half of it", maker.with_signature(&good[..good.len() / 2])),
        (
            "a zero behind it",
            maker.with_signature([&good[..], &[0]].concat()),
        ),
        (
            "a zero before it",
            maker.with_signature([&[0], &good[..]].concat()),
        ),
        ("twice", maker.with_signature([&good[..], &good].concat())),
        (
            "backwards",
            maker.with_signature(good.iter().rev().copied().collect::<Vec<_>>()),
        ),
        ("all zeros", maker.with_signature(vec![0; good.len()])),
        ("all ones", maker.with_signature(vec![0xff; good.len()])),
        ("one byte", maker.with_signature([0])),
        ("2,000 bytes", maker.with_signature([0x30; 2000])),
        (
            "in hexadecimal",
            maker.with_signature(
                good.iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect::<String>(),
            ),
        ),
        ("encoded twice", maker.with_signature(encode(&good))),
        ("of other claims", resigned(&header, &later)),
        (
            "of a longer life",
            resigned(
                &header,
                &claims.replace(
                    &(maker.now() + 3600).to_string(),
                    &(maker.now() + 7200).to_string(),
                ),
            ),
        ),
        (
            "of another header",
            resigned(&with_header(r#""x":1"#), &claims),
        ),
        (
            "of a header in another order",
            resigned(
                &format!(r#"{{"alg":"{}","typ":"JWT"}}"#, maker.alg()),
                &claims,
            ),
        ),
        (
            "of the claims alone",
            maker.with_signature(maker.sign(encode(&claims).as_bytes())),
        ),
        (
            "of the header alone",
            maker.with_signature(maker.sign(encode(&header).as_bytes())),
        ),
        (
            "of the parts without encoding",
            maker.with_signature(maker.sign(format!("{header}.{claims}").as_bytes())),
        ),
        (
            "of the parts without a dot",
            maker.with_signature(maker.sign((encode(&header) + &encode(&claims)).as_bytes())),
        ),
        (
            "of the parts with a line break",
            maker.with_signature(maker.sign(&[&signed[..], b"\n"].concat())),
        ),
        ("of nothing", maker.with_signature(maker.sign(b""))),
        (
            "of the hash",
            maker.with_signature(maker.sign(&Sha256::digest(&signed))),
        ),
        (
            "the hash in its place",
            maker.with_signature(Sha256::digest(&signed)),
        ),
        ("the message in its place", maker.with_signature(&signed)),
    ]
}

fn es256(maker: &Maker) -> Named {
    let signed = maker.signed();
    let good = maker.sign(&signed);
    let (r, s) = good.split_at(32);
    let n = NistP256::ORDER.get();
    let p = U256::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    let bytes = |number: U256| number.to_be_byte_array().to_vec();
    let pair = |r: &[u8], s: &[u8]| maker.with_signature([r, s].concat());
    let (zero, one) = (bytes(U256::ZERO), bytes(U256::ONE));
    let minus = |number: &[u8]| bytes(n.wrapping_sub(&U256::from_be_slice(number)));
    let (order, below, above) = (
        bytes(n),
        bytes(n.wrapping_sub(&U256::ONE)),
        bytes(n.wrapping_add(&U256::ONE)),
    );
    let (prime, beyond) = (bytes(p), bytes(p.wrapping_add(&U256::ONE)));
    let plus_order = |number: &[u8]| {
        let (sum, carry) =
            U256::from_be_slice(number).carrying_add(&n, p256::elliptic_curve::bigint::Limb::ZERO);
        [&[carry.0 as u8][..], &bytes(sum)].concat()
    };
    let der = p256::ecdsa::Signature::from_slice(&good).unwrap().to_der();
    let wide = |number: &[u8]| [&[0; 16][..], number].concat();
    let point = maker.public_key();
    let (x, y) = point[1..].split_at(32);
    let key_in_jwk = format!(
        r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
        encode(x),
        encode(y)
    );
    let twice = |mac: Vec<u8>| maker.with_signature([&mac[..], &mac].concat());
    vec![
        // CVE-2022-21449, and what is beside it.
        ("r = 0", pair(&zero, s)),
        ("s = 0", pair(r, &zero)),
        ("r = 0, s = 1", pair(&zero, &one)),
        ("r = 1, s = 0", pair(&one, &zero)),
        ("r = 1, s = 1", pair(&one, &one)),
        ("r = n", pair(&order, s)),
        ("s = n", pair(r, &order)),
        ("r = n, s = n", pair(&order, &order)),
        ("r = n − 1", pair(&below, s)),
        ("s = n − 1", pair(r, &below)),
        ("r = n + 1", pair(&above, s)),
        ("s = n + 1", pair(r, &above)),
        ("r = p", pair(&prime, s)),
        ("s = p", pair(r, &prime)),
        ("r = p + 1, s = 1", pair(&beyond, &one)),
        ("r = 2²⁵⁶ − 1", pair(&[0xff; 32], s)),
        ("s = 2²⁵⁶ − 1", pair(r, &[0xff; 32])),
        // Malleability: of the numbers that mean the same, only those below n are accepted.
        (
            "r + n in 33 bytes",
            maker.with_signature([&plus_order(r)[..], &[&[0], s].concat()].concat()),
        ),
        (
            "s + n in 33 bytes",
            maker.with_signature([&[&[0], r].concat()[..], &plus_order(s)].concat()),
        ),
        ("r + n cut to 32 bytes", pair(&plus_order(r)[1..], s)),
        ("s + n cut to 32 bytes", pair(r, &plus_order(s)[1..])),
        ("n − r", pair(&minus(r), s)),
        ("n − r, n − s", pair(&minus(r), &minus(s))),
        ("r and s swapped", pair(s, r)),
        ("r twice", pair(r, r)),
        ("s twice", pair(s, s)),
        ("r and s little-endian", pair(&reversed(r), &reversed(s))),
        // Other forms of the same signature.
        ("in DER", maker.with_signature(der.as_bytes())),
        (
            "in 66 bytes",
            maker.with_signature([&[0], r, &[0], s].concat()),
        ),
        (
            "in 96 bytes, as ES384",
            maker.with_signature([wide(r), wide(s)].concat()),
        ),
        (
            "with the number of its point",
            maker.with_signature([&good[..], &[1]].concat()),
        ),
        (
            "as an encoded point",
            maker.with_signature([&[4], &good[..]].concat()),
        ),
        // The key as a signature, and as the secret of an HMAC.
        ("the public key", maker.with_signature(&point[1..])),
        ("x of the public key twice", pair(x, x)),
        (
            "HMAC with the public key's point",
            maker.with_signature(hmac(&point, &signed)),
        ),
        (
            "HMAC with the public key's point, twice",
            twice(hmac(&point, &signed)),
        ),
        (
            "HMAC with the public key's JWK, twice",
            twice(hmac(key_in_jwk.as_bytes(), &signed)),
        ),
        ("HMAC with x, twice", twice(hmac(x, &signed))),
        ("HMAC with an empty key, twice", twice(hmac(b"", &signed))),
    ]
}

fn hs256(maker: &Maker) -> Named {
    let signed = maker.signed();
    let secret = maker.secret();
    let good = maker.sign(&signed);
    let mac = |secret: &[u8]| maker.with_signature(hmac(secret, &signed));
    let text = String::from_utf8_lossy(secret).into_owned();
    let long = {
        use hmac::{Hmac, KeyInit as _, Mac as _};
        Hmac::<Sha512>::new_from_slice(secret)
            .unwrap()
            .chain_update(&signed)
            .finalize()
            .into_bytes()
            .to_vec()
    };
    vec![
        ("an empty key", mac(b"")),
        ("a key of zeros", mac(&[0; 32])),
        (
            "a key without its last byte",
            mac(&secret[..secret.len() - 1]),
        ),
        (
            "a key with a line break behind it",
            mac(&[secret, b"\n"].concat()),
        ),
        (
            "a key with a space before it",
            mac(&[b" ", secret].concat()),
        ),
        ("a key in capitals", mac(text.to_uppercase().as_bytes())),
        ("a key in base64url", mac(encode(secret).as_bytes())),
        (
            "a key behind base64:",
            mac(format!("base64:{}", encode(secret)).as_bytes()),
        ),
        ("a key in quotes", mac(format!("{text:?}").as_bytes())),
        ("a hashed key", mac(&Sha256::digest(secret))),
        (
            "a key in every token of Pushpin's example",
            mac(b"changeme"),
        ),
        ("the issuer as the key", mac(maker.issuer().as_bytes())),
        ("the algorithm as the key", mac(b"HS256")),
        ("HS512", maker.with_signature(&long)),
        ("HS512, cut to 32 bytes", maker.with_signature(&long[..32])),
        ("the first 16 bytes", maker.with_signature(&good[..16])),
        (
            "a hash of key and message",
            maker.with_signature(Sha256::digest([secret, &signed].concat())),
        ),
        (
            "a hash of message and key",
            maker.with_signature(Sha256::digest([&signed, secret].concat())),
        ),
        ("the secret itself", maker.with_signature(secret)),
        (
            "64 bytes, as ES256",
            maker.with_signature([&good[..], &[0; 32]].concat()),
        ),
    ]
}

fn reversed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().rev().copied().collect()
}
