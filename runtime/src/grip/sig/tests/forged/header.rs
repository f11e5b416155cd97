//! The header: all of these are signed with the right key.

use super::maker::{Maker, encode};
use super::{Rejected, Row};

pub(super) fn rows(maker: &Maker) -> Vec<Row> {
    let mut rows = json(maker);
    rows.extend(critical(maker));
    rows.extend(media_type(maker));
    rows.extend(algorithm(maker));
    rows
}

fn json(maker: &Maker) -> Vec<Row> {
    let alg = maker.alg();
    let header = maker.header();
    let bytes = |parts: [&[u8]; 3]| maker.with_header(parts.concat());
    [
        ("alg twice", maker.with_header(format!(r#"{{"alg":"none","alg":"{alg}"}}"#))),
        ("alg twice, the same", maker.with_header(format!(r#"{{"alg":"{alg}","alg":"{alg}"}}"#))),
        ("alg twice, once escaped", maker.with_header(format!(r#"{{"\u0061lg":"none","alg":"{alg}"}}"#))),
        ("alg twice, once null", maker.with_header(format!(r#"{{"alg":null,"alg":"{alg}"}}"#))),
        ("typ twice", maker.with_header(format!(r#"{{"typ":"JWE","alg":"{alg}","typ":"JWT"}}"#))),
        ("an array in place of an object", maker.with_header(format!(r#"["{alg}"]"#))),
        ("a second object behind the first", maker.with_header(format!(r#"{header}{{"alg":"none"}}"#))),
        ("a bracket too many", maker.with_header(format!("{header}}}"))),
        ("a dot behind the object", maker.with_header(format!("{header}."))),
        ("text before the object", maker.with_header(format!("alg {header}"))),
        ("NUL behind the object", bytes([header.as_bytes(), b"\0", b""])),
        ("a byte order mark", bytes(["\u{feff}".as_bytes(), header.as_bytes(), b""])),
        (
            "no UTF-8 in a member that no check reads",
            bytes([header.trim_end_matches('}').as_bytes(), b",\"x\":\"\xff", b"\"}"]),
        ),
        (
            "no UTF-8 in a name that no check reads",
            bytes([header.trim_end_matches('}').as_bytes(), b",\"\xc0\xaf", b"\":1}"]),
        ),
    ]
    .into_iter()
    .map(|(name, token)| Row::new(Rejected::Header, name, token))
    .collect()
}

fn critical(maker: &Maker) -> Vec<Row> {
    [
        r#""crit":["exp"]"#,
        r#""crit":["x"],"x":1"#,
        r#""crit":["b64"],"b64":true"#,
        r#""crit":["alg"]"#,
        r#""crit":[]"#,
        r#""crit":null"#,
        r#""crit":false"#,
        r#""crit":"exp""#,
        r#""crit":{}"#,
        r#""\u0063rit":["exp"]"#,
    ]
    .into_iter()
    .map(|crit| {
        let header = maker.header().replace('}', &format!(",{crit}}}"));
        Row::new(Rejected::Critical, crit, maker.with_header(header))
    })
    .collect()
}

fn media_type(maker: &Maker) -> Vec<Row> {
    [
        r#""JWE""#,
        r#""JOSE""#,
        r#""at+jwt""#,
        r#""dpop+jwt""#,
        r#""application/jwt""#,
        r#""jwt""#,
        r#""JWT ""#,
        r#""JWT\u0000""#,
        r#""""#,
        "null",
        "1",
        r#"["JWT"]"#,
    ]
    .into_iter()
    .map(|typ| {
        let header = format!(r#"{{"typ":{typ},"alg":"{}"}}"#, maker.alg());
        Row::new(Rejected::Type, format!("typ {typ}"), maker.with_header(header))
    })
    .collect()
}

fn algorithm(maker: &Maker) -> Vec<Row> {
    let alg = maker.alg();
    let wrong = [
        "none", "None", "NONE", "nOnE", "none ", "", "HS256", "HS384", "HS512", "ES256", "ES256K", "ES384",
        "ES512", "RS256", "RS512", "PS256", "EdDSA", "A128KW", "dir", "es256", "hs256", "SHA256", "*",
        "../none",
    ];
    let strings = wrong.into_iter().filter(|wrong| *wrong != alg).map(|wrong| format!("{wrong:?}"));
    let others = [
        format!(r#""{alg} ""#),
        format!(r#"" {alg}""#),
        format!(r#""{alg}\u0000""#),
        format!(r#""{alg}\n""#),
        format!(r#""{alg},none""#),
        format!(r#""{}""#, alg.replace('S', "\u{405}")),
        format!(r#"["{alg}"]"#),
        format!(r#"{{"alg":"{alg}"}}"#),
        "null".into(),
        "true".into(),
        "256".into(),
        "0".into(),
    ];
    let rows = strings.chain(others).map(|value| {
        let header = format!(r#"{{"typ":"JWT","alg":{value}}}"#);
        (format!("alg {value}"), maker.with_header(header))
    });
    let missing = [
        ("no alg", r#"{"typ":"JWT"}"#.to_owned()),
        ("no member at all", "{}".into()),
        ("alg in capitals", format!(r#"{{"ALG":"{alg}"}}"#)),
        ("alg with a space in its name", format!(r#"{{"alg ":"{alg}"}}"#)),
        ("alg with NUL in its name", format!(r#"{{"alg\u0000":"{alg}"}}"#)),
        ("alg a level down", format!(r#"{{"x":{{"alg":"{alg}"}}}}"#)),
        ("enc in place of alg", format!(r#"{{"enc":"{alg}"}}"#)),
    ];
    let in_claims = maker.claims().replace('}', &format!(r#","alg":"{alg}"}}"#));
    let in_claims = maker.with_parts(encode("{}"), encode(in_claims));
    rows.chain(missing.map(|(name, header)| (name.to_owned(), maker.with_header(header))))
        .chain([("alg among the claims".to_owned(), in_claims)])
        .map(|(name, token)| Row::new(Rejected::Algorithm, name, token))
        .collect()
}
