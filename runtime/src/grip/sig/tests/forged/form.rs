//! Size, parts and encoding.

use super::maker::{Maker, encode, join};
use super::{Rejected, Row};

const MAX: usize = 4096;

pub(super) fn rows(maker: &Maker) -> Vec<Row> {
    let mut rows = size(maker);
    rows.extend(parts(maker));
    rows.extend(encoding(maker));
    rows
}

fn size(maker: &Maker) -> Vec<Row> {
    let long = "x".repeat(MAX);
    let claims = maker.claims().replace('}', &format!(r#","x":"{long}"}}"#));
    let huge = maker.claims().replace('}', &format!(r#","x":"{}"}}"#, "x".repeat(1 << 20)));
    let header = maker.header().replace('}', &format!(r#","x":"{long}"}}"#));
    let nested = maker.claims().replace('}', &format!(r#","x":{}{}}}"#, "[".repeat(MAX), "]".repeat(MAX)));
    [
        ("one byte over the limit", maker.of_length(MAX + 1)),
        ("claims over the limit", maker.with_claims(claims)),
        ("a megabyte of claims", maker.with_claims(huge)),
        ("a header over the limit", maker.with_header(header)),
        ("claims nested over the limit", maker.with_claims(nested)),
        ("a header of spaces over the limit", maker.with_header(maker.header() + &" ".repeat(MAX))),
    ]
    .into_iter()
    .map(|(name, token)| Row::new(Rejected::TooLong, name, token))
    .collect()
}

fn parts(maker: &Maker) -> Vec<Row> {
    let token = maker.token();
    let signed = maker.signed();
    let signature = encode(maker.sign(&signed));
    [
        ("a dot behind the token", join([&token, b""])),
        ("two dots behind the token", join([&token, b"", b""])),
        ("a dot before the token", join([b"", &token])),
        ("two dots before the signature", join([&signed, b"", signature.as_bytes()])),
        ("a fourth part", join([&token, b"AAAA"])),
        ("the signature twice", join([&token, signature.as_bytes()])),
        ("five parts, as in an encrypted token", join([&token, b"AAAA", b"AAAA"])),
        ("two tokens with a dot between them", join([&token, &token])),
        ("dots up to the limit", [token.clone(), vec![b'.'; MAX - token.len()]].concat()),
    ]
    .into_iter()
    .map(|(name, token)| Row::new(Rejected::Parts, name, token))
    .collect()
}

fn encoding(maker: &Maker) -> Vec<Row> {
    let token = maker.token();
    let behind = |tail: &[u8]| [&token, tail].concat();
    let header = encode(maker.header());
    let claims = encode(maker.claims());
    let pad = |part: &str| part.to_owned() + &"=".repeat(part.len().wrapping_neg() % 4);

    // Spaces behind the JSON bring each length to where its encoding has stray bits or padding.
    let spaced = |json: String, rest: usize| {
        let spaces = (3 + rest - json.len() % 3) % 3;
        json + &" ".repeat(spaces)
    };
    let header_1 = encode(spaced(maker.header(), 1));
    let header_2 = encode(spaced(maker.header(), 2));
    let claims_0 = encode(spaced(maker.claims(), 0));
    let claims_1 = encode(spaced(maker.claims(), 1));
    let claims_2 = encode(spaced(maker.claims(), 2));

    // Claims whose encoding has both characters in which the alphabets differ.
    let both = |text: &str| text.contains('-') && text.contains('_');
    let standard = |text: &str| text.replace('-', "+").replace('_', "/");
    let mixed = (0..3).map(|shift| maker.claims() + &" ".repeat(shift) + "\n");
    let mixed = mixed
        .flat_map(|json| {
            ["?>", "??>", ">>>?", "~~?>", "\u{fb}\u{ff}"]
                .map(|x| json.replacen('}', &format!(r#","x":"{x}{x}{x}"}}"#), 1))
        })
        .map(encode)
        .find(|text| both(text))
        .unwrap();
    // A good token whose signature has one of them.
    let (signed, signature) = (0..)
        .map(|id| maker.claims().replace('}', &format!(r#","jti":{id}}}"#)))
        .map(|claims| join([header.as_bytes(), encode(claims).as_bytes()]))
        .map(|signed| (encode(maker.sign(&signed)), signed))
        .find_map(|(signature, signed)| both(&signature).then_some((signed, signature)))
        .unwrap();
    let in_standard = join([&signed, standard(&signature).as_bytes()]);
    let in_percent = signature.replace('-', "%2D").replace('_', "%5f");
    let in_percent = join([&signed, in_percent.as_bytes()]);

    let wrapped = claims.as_bytes().chunks(20).collect::<Vec<_>>().join(&b"\r\n"[..]);
    let mut in_signature = token.clone();
    in_signature.insert(token.len() - 8, b'\t');

    [
        ("padding behind the header", maker.with_parts(pad(&header_1), &claims)),
        ("padding behind the claims", maker.with_parts(&header, pad(&claims_1))),
        ("one padding character of two", maker.with_parts(&header, claims_1.clone() + "=")),
        ("padding behind the signature", pad_last(&token)),
        ("padding where none belongs", maker.with_parts(&header, claims_0.clone() + "====")),
        ("the standard alphabet in the claims", maker.with_parts(&header, standard(&mixed))),
        ("the standard alphabet in the signature", in_standard),
        ("percent encoding in the signature", in_percent),
        ("stray bits in the header, 4 of them", maker.with_parts(stray(&header_1), &claims)),
        ("stray bits in the header, 2 of them", maker.with_parts(stray(&header_2), &claims)),
        ("stray bits in the claims, 4 of them", maker.with_parts(&header, stray(&claims_1))),
        ("stray bits in the claims, 2 of them", maker.with_parts(&header, stray(&claims_2))),
        ("stray bits in the signature", {
            let text = String::from_utf8(token.clone()).unwrap();
            stray(&text).into_bytes()
        }),
        ("a single character left over", maker.with_parts(&header, claims_0 + "A")),
        ("a line break behind the token", behind(b"\n")),
        ("CR LF behind the token", behind(b"\r\n")),
        ("a space behind the token", behind(b" ")),
        ("a space before the token", maker.with_parts(" ".to_owned() + &header, &claims)),
        (
            "a space before the signature",
            join([&maker.signed(), format!(" {}", encode(maker.sign(&maker.signed()))).as_bytes()]),
        ),
        ("a space behind the header", maker.with_parts(header.clone() + " ", &claims)),
        ("a tab in the signature", in_signature),
        ("claims wrapped into lines", maker.with_parts(&header, wrapped)),
        ("NUL behind the token", behind(b"\0")),
        ("NUL before the token", maker.with_parts("\0".to_owned() + &header, &claims)),
        ("a byte that is no UTF-8", behind(b"\xff")),
        ("a byte over 127 in the claims", maker.with_parts(&header, [claims.as_bytes(), b"\xc1"].concat())),
        ("a byte order mark before the token", maker.with_parts("\u{feff}".to_owned() + &header, &claims)),
        ("a space without width behind the token", behind("\u{200b}".as_bytes())),
        ("a comma behind the token", behind(b",")),
        ("a semicolon behind the token", behind(b";")),
        ("a quote behind the token", behind(b"\"")),
        ("a tilde behind the token", behind(b"~")),
    ]
    .into_iter()
    .map(|(name, token)| Row::new(Rejected::Encoding, name, token))
    .collect()
}

/// Pads the last part.
fn pad_last(token: &[u8]) -> Vec<u8> {
    let last = token.rsplit(|&byte| byte == b'.').next().unwrap();
    [token, &b"=="[..last.len().wrapping_neg() % 4]].concat()
}

/// Sets the lowest bit of the last character, which is unused.
fn stray(part: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = part.split_at(part.len() - 1);
    let value = ALPHABET.find(last).unwrap();
    assert_eq!(value % 2, 0, "the bit is free");
    format!("{rest}{}", &ALPHABET[value + 1..][..1])
}
