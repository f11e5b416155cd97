//! Tokens that are wrong in more than one way.

use base64ct::{Base64, Encoding as _};

use super::Rejected;
use super::maker::{Maker, encode, hmac, join};

/// The attacks with names, each with the checks that refuse it. Any of these would be enough.
pub(crate) fn attacks(maker: &Maker) -> Vec<(String, Vec<Rejected>, Vec<u8>)> {
    let claims = maker.claims();
    let forged = |header: &str, signature: &dyn Fn(&[u8]) -> Vec<u8>| {
        let signed = join([encode(header).as_bytes(), encode(&claims).as_bytes()]);
        join([&signed, encode(signature(&signed)).as_bytes()])
    };
    let both = vec![Rejected::Algorithm, Rejected::Signature];
    let mut attacks = Vec::new();

    for none in ["none", "None", "NONE", "nOnE", ""] {
        let token = forged(&format!(r#"{{"typ":"JWT","alg":"{none}"}}"#), &|_| Vec::new());
        attacks.push((format!("alg {none:?} without a signature"), both.clone(), token));
    }
    attacks.push(("no alg and no signature".into(), both.clone(), forged("{}", &|_| Vec::new())));

    if maker.alg() == "ES256" {
        let header = r#"{"typ":"JWT","alg":"HS256"}"#;
        for (name, key) in spellings(&maker.public_key()) {
            let token = forged(header, &|signed| hmac(&key, signed));
            attacks.push((format!("HS256 with the public key {name}"), both.clone(), token));
        }
        let token = forged(r#"{"alg":"ES384"}"#, &|_| vec![0; 96]);
        attacks.push(("ES384 with r = s = 0".into(), both.clone(), token));
    } else {
        let es256 = Maker::es256(&[1; 32], maker.issuer(), maker.now());
        attacks.push(("ES256 with a key of the attacker's".into(), both.clone(), es256.token()));
        let token = forged(r#"{"alg":"ES256"}"#, &|_| vec![0; 64]);
        attacks.push(("ES256 with r = s = 0".into(), both, token));
    }

    let header = maker.header().replace('}', r#","crit":["b64"],"b64":false}"#);
    let token = forged(&header, &|_| Vec::new());
    attacks.push(("b64 without a signature".into(), vec![Rejected::Critical, Rejected::Signature], token));

    let now = maker.now();
    let old = maker.with_claims(format!(r#"{{"iss":"fastly:another","exp":{}}}"#, now - 1));
    attacks.push(("another's token of long ago".into(), vec![Rejected::Issuer, Rejected::Expiry], old));

    attacks.push(("no claims".into(), vec![Rejected::Issuer, Rejected::Expiry], maker.with_claims("{}")));

    attacks
}

/// A public key in the forms in which libraries have used it as an HMAC secret by mistake.
fn spellings(point: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (x, y) = (encode(&point[1..33]), encode(&point[33..]));
    let compressed = [&[2 + point[64] % 2], &point[1..33]].concat();
    // RFC 5480: the identifiers of elliptic curve keys and of P-256, then the point.
    const SPKI: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
    let der = [SPKI, point].concat();
    let base64 = Base64::encode_string(&der);
    let (first, second) = base64.split_at(64);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----");
    vec![
        ("as a point", point.to_vec()),
        ("as a compressed point", compressed),
        ("as two coordinates", point[1..].to_vec()),
        ("as x", x.clone().into_bytes()),
        ("as a JWK", format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#).into_bytes()),
        ("as a JWK, sorted", format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).into_bytes()),
        ("in DER", der),
        ("in PEM", pem.clone().into_bytes()),
        ("in PEM with a line break", (pem.clone() + "\n").into_bytes()),
        ("in PEM with CR LF", (pem.replace('\n', "\r\n") + "\r\n").into_bytes()),
        ("in PEM without its frame", base64.into_bytes()),
        ("not at all", Vec::new()),
    ]
}

/// Texts that are no token in any reading.
pub(crate) fn no_tokens(maker: &Maker) -> Vec<(&'static str, Vec<u8>)> {
    let token = maker.token();
    let text = String::from_utf8(token.clone()).unwrap();
    let (header, claims) = (encode(maker.header()), encode(maker.claims()));
    let signature = encode(maker.sign(&maker.signed()));
    let before = |text: &str| [text.as_bytes(), &token].concat();
    vec![
        ("nothing", Vec::new()),
        ("a dot", b".".to_vec()),
        ("two dots", b"..".to_vec()),
        ("two dots and a signature", format!("..{signature}").into_bytes()),
        ("dots to the limit", vec![b'.'; 4096]),
        ("letters to the limit", vec![b'A'; 4096]),
        ("a megabyte of letters", vec![b'A'; 1 << 20]),
        ("a NUL", b"\0".to_vec()),
        ("the word true", b"true".to_vec()),
        ("the issuer", maker.issuer().into()),
        ("the secret", maker.secret().to_vec()),
        ("the header alone", header.clone().into_bytes()),
        ("the claims alone", claims.clone().into_bytes()),
        ("two parts", maker.signed()),
        ("no header", format!(".{claims}.{signature}").into_bytes()),
        ("no claims", format!("{header}..{signature}").into_bytes()),
        ("header and claims swapped", maker.with_parts(&claims, &header)),
        ("a scheme before the token", before("Bearer ")),
        ("a name before the token", before("Grip-Sig: ")),
        ("quotes around the token", format!("{text:?}").into_bytes()),
        ("two tokens with a comma between them", format!("{text}, {text}").into_bytes()),
        ("two tokens with nothing between them", text.repeat(2).into_bytes()),
        ("the token in base64url", encode(&token).into_bytes()),
        ("the token in hexadecimal", token.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()),
        ("the token with its dots percent-encoded", text.replace('.', "%2E").into_bytes()),
        ("the token with wide dots", text.replace('.', "\u{ff0e}").into_bytes()),
        ("the token in capitals", text.to_uppercase().into_bytes()),
        ("the token backwards", token.iter().rev().copied().collect()),
        ("the token in UTF-16", token.iter().flat_map(|&byte| [byte, 0]).collect()),
        ("parts without encoding", maker.with_parts(maker.header(), maker.claims())),
        ("JSON, flattened", format!(r#"{{"payload":"{claims}","protected":"{header}","signature":"{signature}"}}"#).into()),
        ("JSON, general", format!(r#"{{"payload":"{claims}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}"#).into()),
        ("claims that are no JSON", maker.with_claims("iss=viceroy")),
        ("claims cut off", maker.with_claims(maker.claims().trim_end_matches('}'))),
        ("claims in single quotes", maker.with_claims(maker.claims().replace('"', "'"))),
        ("claims with a comma too many", maker.with_claims(maker.claims().replace('}', ",}"))),
        ("claims with NaN", maker.with_claims(format!(r#"{{"iss":"{}","exp":NaN}}"#, maker.issuer()))),
        ("claims with Infinity", maker.with_claims(format!(r#"{{"iss":"{}","exp":Infinity}}"#, maker.issuer()))),
        ("claims with a plus sign", maker.with_claims(format!(r#"{{"iss":"{}","exp":+9999999999}}"#, maker.issuer()))),
        ("claims with a leading zero", maker.with_claims(format!(r#"{{"iss":"{}","exp":09999999999}}"#, maker.issuer()))),
        ("claims in UTF-16", maker.with_claims(maker.claims().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
        ("empty claims", maker.with_claims("")),
        ("null claims", maker.with_claims("null")),
        ("claims in a string", maker.with_claims(format!("{:?}", maker.claims()))),
        ("an empty header", maker.with_header("")),
        ("a null header", maker.with_header("null")),
        ("a header that is a string", maker.with_header(format!("{:?}", maker.alg()))),
        ("a header cut off", maker.with_header(maker.header().trim_end_matches('}'))),
    ]
}
