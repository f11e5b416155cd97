//! The claims: all of these are signed with the right key.

use super::maker::Maker;
use super::{Rejected, Row};

pub(super) fn rows(maker: &Maker) -> Vec<Row> {
    let mut rows = json(maker);
    rows.extend(issuer(maker));
    rows.extend(expiry(maker));
    rows.extend(not_before(maker));
    rows
}

fn json(maker: &Maker) -> Vec<Row> {
    let iss = maker.issuer();
    let now = maker.now();
    let exp = now + 3600;
    let claims = maker.claims();
    let more = |json: &str| maker.with_claims(claims.replace('}', &format!(",{json}}}")));
    let bytes = |parts: [&[u8]; 3]| maker.with_claims(parts.concat());
    [
        ("iss twice", maker.with_claims(format!(r#"{{"iss":"x","exp":{exp},"iss":"{iss}"}}"#))),
        ("iss twice, the same", more(&format!(r#""iss":"{iss}""#))),
        (
            "iss twice, once escaped",
            maker.with_claims(format!(r#"{{"is\u0073":"x","exp":{exp},"iss":"{iss}"}}"#)),
        ),
        ("exp twice", maker.with_claims(format!(r#"{{"exp":{now},"exp":{exp},"iss":"{iss}"}}"#))),
        ("exp twice, once null", maker.with_claims(format!(r#"{{"exp":null,"exp":{exp},"iss":"{iss}"}}"#))),
        ("nbf twice", more(&format!(r#""nbf":{exp},"nbf":{now}"#))),
        ("an array in place of an object", maker.with_claims(format!(r#"["{iss}",{exp},{now}]"#))),
        ("a second object behind the first", maker.with_claims(format!("{claims}{claims}"))),
        ("a bracket too many", maker.with_claims(format!("{claims}}}"))),
        ("text before the object", maker.with_claims(format!("jwt{claims}"))),
        ("NUL behind the object", bytes([claims.as_bytes(), b"\0", b""])),
        ("a byte order mark", bytes(["\u{feff}".as_bytes(), claims.as_bytes(), b""])),
        (
            "no UTF-8 in a claim that no check reads",
            bytes([claims.trim_end_matches('}').as_bytes(), b",\"x\":\"\xff", b"\"}"]),
        ),
        (
            "half a surrogate in UTF-8",
            bytes([claims.trim_end_matches('}').as_bytes(), b",\"x\":\"\xed\xa0\x80", b"\"}"]),
        ),
    ]
    .into_iter()
    .map(|(name, token)| Row::new(Rejected::Claims, name, token))
    .collect()
}

fn issuer(maker: &Maker) -> Vec<Row> {
    let iss = maker.issuer();
    let exp = maker.now() + 3600;
    let (rest, last) = iss.split_at(iss.len() - 1);
    let other = format!("{rest}{}", if last == "0" { "1" } else { "0" });
    let swapped: String = iss
        .chars()
        .map(|c| if c.is_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() })
        .collect();
    let values = [
        ("another of the same length", format!("{other:?}")),
        ("one character less", format!("{rest:?}")),
        ("one character more", format!(r#""{iss}x""#)),
        ("its first character missing", format!("{:?}", &iss[1..])),
        ("in the other case", format!("{swapped:?}")),
        ("its first letter in the other case", format!(r#""{}{}""#, iss[..1].to_uppercase(), &iss[1..])),
        ("a space before it", format!(r#"" {iss}""#)),
        ("a space behind it", format!(r#""{iss} ""#)),
        ("a line break behind it", format!(r#""{iss}\n""#)),
        ("NUL behind it", format!(r#""{iss}\u0000""#)),
        ("a byte order mark before it", format!(r#""\ufeff{iss}""#)),
        ("a letter that looks alike", format!(r#""{}""#, iss.replace('e', "\u{435}"))),
        ("a letter with a combining accent", format!(r#""{iss}\u0301""#)),
        ("wide letters", format!(r#""{}""#, iss.replace('e', "\u{ff45}"))),
        ("two with a comma between them", format!(r#""{iss},{iss}""#)),
        ("two with a space between them", format!(r#""x {iss}""#)),
        ("a slash behind it", format!(r#""{iss}/""#)),
        ("percent encoding", format!(r#""%{:02x}{}""#, iss.as_bytes()[0], &iss[1..])),
        ("as an address", format!(r#""https://{iss}""#)),
        ("quoted twice", format!(r#""\"{iss}\"""#)),
        ("empty", r#""""#.into()),
        ("fastly: alone", r#""fastly:""#.into()),
        ("an asterisk", r#""*""#.into()),
        ("fastly: and an asterisk", r#""fastly:*""#.into()),
        ("null", "null".into()),
        ("a number", "0".into()),
        ("true", "true".into()),
        ("half a surrogate behind it", format!(r#""{iss}\ud800""#)),
        ("an array", format!(r#"["{iss}"]"#)),
        ("what serde_json hides text in", format!(r#"{{"$serde_json::private::RawValue":"{iss}"}}"#)),
        ("an object", format!(r#"{{"iss":"{iss}"}}"#)),
    ];
    let rows = values.map(|(name, value)| (name, format!(r#"{{"exp":{exp},"iss":{value}}}"#)));
    let missing = [
        ("missing", format!(r#"{{"exp":{exp}}}"#)),
        ("in capitals", format!(r#"{{"exp":{exp},"ISS":"{iss}"}}"#)),
        ("with a space in its name", format!(r#"{{"exp":{exp}," iss":"{iss}"}}"#)),
        ("as sub and aud", format!(r#"{{"exp":{exp},"sub":"{iss}","aud":["{iss}"]}}"#)),
        ("a level down", format!(r#"{{"exp":{exp},"claims":{{"iss":"{iss}"}}}}"#)),
    ];
    let in_header = maker.header().replace('}', &format!(r#","iss":"{iss}"}}"#));
    let in_header = maker
        .with_parts(super::maker::encode(in_header), super::maker::encode(format!(r#"{{"exp":{exp}}}"#)));
    rows.into_iter()
        .chain(missing)
        .map(|(name, claims)| (name, maker.with_claims(claims)))
        .chain([("in the header", in_header)])
        .map(|(name, token)| Row::new(Rejected::Issuer, format!("iss {name}"), token))
        .collect()
}

fn expiry(maker: &Maker) -> Vec<Row> {
    let iss = maker.issuer();
    let now = maker.now();
    let exp = now + 3600;
    let values = [
        ("now", format!("{now}")),
        ("a second ago", format!("{}", now - 1)),
        ("an hour ago", format!("{}", now - 3600)),
        ("0", "0".into()),
        ("1", "1".into()),
        ("negative", format!("-{exp}")),
        ("negative zero", "-0".into()),
        ("a string", format!(r#""{exp}""#)),
        ("a date", r#""2099-01-01T00:00:00Z""#.into()),
        ("hexadecimal", r#""0xffffffff""#.into()),
        ("a fraction", format!("{exp}.5")),
        ("a fraction of nothing", format!("{exp}.0")),
        ("an exponent", "9e9".into()),
        ("a negative exponent", format!("{exp}0e-1")),
        ("over 64 bits", "18446744073709551616".into()),
        ("400 digits", "9".repeat(400)),
        ("beyond every float", "1e999".into()),
        ("null", "null".into()),
        ("true", "true".into()),
        ("an array", format!("[{exp}]")),
        ("an object", format!(r#"{{"exp":{exp}}}"#)),
        ("\"NaN\"", r#""NaN""#.into()),
        ("\"Infinity\"", r#""Infinity""#.into()),
        ("empty", r#""""#.into()),
    ];
    let rows = values.map(|(name, value)| (name, format!(r#"{{"iss":"{iss}","exp":{value}}}"#)));
    let missing = [
        ("missing", format!(r#"{{"iss":"{iss}"}}"#)),
        ("in capitals", format!(r#"{{"iss":"{iss}","EXP":{exp}}}"#)),
        ("as iat and nbf", format!(r#"{{"iss":"{iss}","iat":{now},"nbf":{now}}}"#)),
        ("as expires_in", format!(r#"{{"iss":"{iss}","expires_in":3600}}"#)),
    ];
    rows.into_iter()
        .chain(missing)
        .map(|(name, claims)| Row::new(Rejected::Expiry, format!("exp {name}"), maker.with_claims(claims)))
        .collect()
}

fn not_before(maker: &Maker) -> Vec<Row> {
    let now = maker.now();
    [
        ("a second beyond the leeway", format!("{}", now + 61)),
        ("in an hour", format!("{}", now + 3600)),
        ("at the end of time", format!("{}", u64::MAX)),
        ("over 64 bits", "18446744073709551616".into()),
        ("a string", format!(r#""{now}""#)),
        ("negative", "-1".into()),
        ("a fraction", format!("{now}.5")),
        ("an exponent", "1e9".into()),
        ("null", "null".into()),
        ("false", "false".into()),
        ("an array", format!("[{now}]")),
        ("an object", "{}".into()),
    ]
    .into_iter()
    .map(|(name, nbf)| {
        let claims = maker.claims().replace('}', &format!(r#","nbf":{nbf}}}"#));
        Row::new(Rejected::NotBefore, format!("nbf {name}"), maker.with_claims(claims))
    })
    .collect()
}
