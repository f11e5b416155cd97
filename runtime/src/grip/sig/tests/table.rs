use std::collections::BTreeMap;

use super::forged::{self, Row};
use super::without::Without;
use super::{NOW, Rejected, environments};
use crate::grip::sig::{LEEWAY, MAX_TOKEN};

const CHECKS: [Rejected; 12] = [
    Rejected::TooLong,
    Rejected::Parts,
    Rejected::Encoding,
    Rejected::Header,
    Rejected::Critical,
    Rejected::Type,
    Rejected::Algorithm,
    Rejected::Signature,
    Rejected::Claims,
    Rejected::Issuer,
    Rejected::Expiry,
    Rejected::NotBefore,
];

#[test]
fn each_check_has_rows() {
    for (environment, maker, _) in environments() {
        let rows = forged::rows(&maker);
        let mut count = BTreeMap::new();
        for row in &rows {
            *count.entry(row.breaks).or_insert(0) += 1;
        }
        println!("{environment}: {} rows, {count:?}", rows.len());
        assert!(CHECKS.iter().all(|check| count[check] >= 2), "{count:?}");

        let mut names: Vec<_> = rows.iter().map(|row| (row.breaks, &row.name)).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), rows.len(), "a name for each row");
    }
}

#[test]
fn each_row_is_refused_by_the_check_it_breaks() {
    for (environment, maker, policy) in environments() {
        for Row { name, breaks, token } in forged::rows(&maker) {
            let result = policy.verify(&token, NOW).map(|_| ());
            assert_eq!(result, Err(breaks), "{environment}: {name}");
        }
    }
}

/// Leaving a check out lets exactly its own rows pass.
#[test]
fn each_check_is_the_only_one_that_refuses_its_rows() {
    for (environment, maker, policy) in environments() {
        for Row { name, breaks, token } in forged::rows(&maker) {
            for check in CHECKS {
                let result = policy.verify_with(&Without(&[check]), &token, NOW);
                assert_eq!(
                    result.is_ok(),
                    check == breaks,
                    "{environment}: {name}, without {check:?}: {result:?}"
                );
            }
        }
    }
}

/// The attacks of the literature fail two checks or more, each of which would be enough.
#[test]
fn known_attacks_are_refused_more_than_once() {
    for (environment, maker, policy) in environments() {
        for (name, breaks, token) in forged::attacks(&maker) {
            assert!(policy.verify(&token, NOW).is_err(), "{environment}: {name}");
            for check in &breaks {
                let others: Vec<_> = breaks.iter().copied().filter(|other| other != check).collect();
                let result = policy.verify_with(&Without(&others), &token, NOW).map(|_| ());
                assert_eq!(result, Err(*check), "{environment}: {name}, without {others:?}");
            }
            let result = policy.verify_with(&Without(&breaks), &token, NOW);
            assert!(result.is_ok(), "{environment}: {name}: {result:?}");
        }
    }
}

/// No reader takes these for tokens, even without one of the checks.
#[test]
fn texts_that_are_no_token_are_refused() {
    for (environment, maker, policy) in environments() {
        for (name, token) in forged::no_tokens(&maker) {
            assert!(policy.verify(&token, NOW).is_err(), "{environment}: {name}");
            for check in CHECKS {
                let result = policy.verify_with(&Without(&[check]), &token, NOW);
                assert!(result.is_err(), "{environment}: {name}, without {check:?}");
            }
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    for (environment, maker, policy) in environments() {
        let token = maker.token();
        for at in 0..token.len() {
            assert!(policy.verify(&token[..at], NOW).is_err(), "{environment}: first {at}");
            assert!(policy.verify(&token[at + 1..], NOW).is_err(), "{environment}: from {at}");
        }
    }
}

/// Each byte of a token, and each value that it could have instead. For ES256 every sixteenth value.
#[test]
fn every_change_of_a_byte_is_refused() {
    for (environment, maker, policy) in environments() {
        let good = maker.token();
        let step = if environment == "HS256" { 1 } else { 16 };
        for at in 0..good.len() {
            for change in (1..=255_u8).step_by(step) {
                let mut token = good.clone();
                token[at] ^= change;
                assert!(policy.verify(&token, NOW).is_err(), "{environment}: byte {at} ^ {change:#x}");
            }
        }
    }
}

#[test]
fn good_tokens_are_accepted() {
    for (environment, maker, policy) in environments() {
        let (alg, iss) = (maker.alg(), maker.issuer());
        let exp = NOW + 3600;
        let headers = [
            format!(r#"{{"alg":"{alg}"}}"#),
            format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#),
            format!("\r\n {{ \"typ\" : \"JWT\",\r\n \"alg\" : \"{alg}\" }}\t"),
            format!(r#"{{"\u0061lg":"\u{:04x}{}"}}"#, alg.as_bytes()[0], &alg[1..]),
            // Members that are not read: names of keys, a key, an address, a compression, an own member twice.
            format!(
                r#"{{"alg":"{alg}","kid":"../../dev/null","jku":"https://attacker.example","zip":"DEF"}}"#
            ),
            format!(r#"{{"alg":"{alg}","jwk":{{"kty":"oct","k":"AAAA"}},"x5c":[],"b64":false,"x":1,"x":2}}"#),
        ];
        for header in headers {
            let token = maker.with_header(&header);
            let result = policy.verify(&token, NOW);
            assert_eq!(result.unwrap().issuer(), iss, "{environment}: {header}");
        }

        let claims = [
            format!(r#"{{"exp":{exp},"iss":"{iss}"}}"#),
            format!(r#"{{"iss":"{iss}","exp":{}}}"#, NOW + 1),
            format!(r#"{{"iss":"{iss}","exp":{}}}"#, u64::MAX),
            format!(r#"{{"iss":"{iss}","exp":{exp},"nbf":0}}"#),
            format!(r#"{{"iss":"{iss}","exp":{exp},"nbf":{}}}"#, NOW + LEEWAY),
            format!(r#"{{"\u0069ss":"\u{:04x}{}","e\u0078p":{exp}}}"#, iss.as_bytes()[0], &iss[1..]),
            // Claims that are not read.
            format!(
                r#"{{"iss":"{iss}","exp":{exp},"iat":1e999,"sub":null,"aud":["\ud83d\ude00"],"x":1,"x":2}}"#
            ),
            format!(r#"{{"iss":"{iss}","exp":{exp},"x":{}{}}}"#, "[".repeat(500), "]".repeat(500)),
        ];
        for claims in claims {
            let token = maker.with_claims(&claims);
            let result = policy.verify(&token, NOW);
            assert_eq!(result.unwrap().issuer(), iss, "{environment}: {claims}");
        }

        let longest = maker.of_length(MAX_TOKEN);
        assert!(policy.verify(&longest, NOW).is_ok(), "{environment}: {MAX_TOKEN} bytes");
    }
}

/// The clock of the verifier, with one token.
#[test]
fn a_token_lives_until_it_expires() {
    for (environment, maker, policy) in environments() {
        let token = maker.with_claims(format!(
            r#"{{"iss":"{}","exp":{},"nbf":{}}}"#,
            maker.issuer(),
            NOW + 3600,
            NOW
        ));
        for (now, result) in [
            (0, Err(Rejected::NotBefore)),
            (NOW - LEEWAY - 1, Err(Rejected::NotBefore)),
            (NOW - LEEWAY, Ok(())),
            (NOW + 3599, Ok(())),
            (NOW + 3600, Err(Rejected::Expiry)),
            (u64::MAX, Err(Rejected::Expiry)),
        ] {
            assert_eq!(policy.verify(&token, now).map(|_| ()), result, "{environment} at {now}");
        }
    }
}

/// With its feature `arbitrary_precision`, which any crate of an app can turn on, serde_json takes this for a number.
#[test]
fn a_number_in_disguise_is_refused() {
    for (environment, maker, policy) in environments() {
        let iss = maker.issuer();
        let exp = format!(r#"{{"$serde_json::private::Number":"{}"}}"#, NOW + 3600);
        let token = maker.with_claims(format!(r#"{{"iss":"{iss}","exp":{exp}}}"#));
        assert_eq!(policy.verify(&token, NOW).unwrap_err(), Rejected::Expiry, "{environment}");
    }
}
