//! ES256 at the edges of its arithmetic: the cases that Wycheproof's `ecdsa_secp256r1_sha256_p1363` names, with numbers
//! of our own.
//!
//! For any point R and any s there is a public key under which (x of R, s) signs a given message. So the signature with
//! the number that a case needs comes first, and its key after.

use p256::elliptic_curve::bigint::ArrayEncoding as _;
use p256::elliptic_curve::ops::Reduce as _;
use p256::elliptic_curve::sec1::{FromSec1Point as _, ToSec1Point as _};
use p256::elliptic_curve::{Curve as _, PrimeField as _};
use p256::{AffinePoint, NistP256, ProjectivePoint, Scalar, Sec1Point, U256};
use sha2::{Digest as _, Sha256};

use super::forged::Maker;
use super::{Key, NOW, fanout};

const MESSAGE: &[u8] = b"Grip-Sig";
const N: U256 = NistP256::ORDER.get_copy();
const P: U256 = U256::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

fn scalar(number: U256) -> Scalar {
    Scalar::reduce(&number)
}

fn small(number: u64) -> Scalar {
    Scalar::from(number)
}

fn generator() -> ProjectivePoint {
    ProjectivePoint::GENERATOR
}

/// The number that is signed.
fn hash() -> Scalar {
    Scalar::reduce(&Sha256::digest(MESSAGE))
}

fn x(point: ProjectivePoint) -> U256 {
    U256::from_be_slice(point.to_sec1_point(false).x().unwrap())
}

/// A point with this x, if there is one.
fn lift(x: U256) -> Option<ProjectivePoint> {
    let point = Sec1Point::from_bytes([&[2][..], &x.to_be_byte_array()].concat()).unwrap();
    Option::from(AffinePoint::from_sec1_point(&point)).map(|point: AffinePoint| point.into())
}

/// The key under which (x of `point`, `s`) signs the message: Q = (s R − z G) / r.
fn key_for(point: ProjectivePoint, s: Scalar) -> ProjectivePoint {
    let r = scalar(x(point));
    (point * s - generator() * hash()) * r.invert().unwrap()
}

fn verifies(key: ProjectivePoint, r: U256, s: U256) -> bool {
    let key = Key::es256_sec1(key.to_sec1_point(false).as_bytes()).unwrap();
    let signature = [r.to_be_byte_array(), s.to_be_byte_array()].concat();
    key.verifies(MESSAGE, &signature)
}

fn number(scalar: Scalar) -> U256 {
    U256::from_be_byte_array(scalar.to_repr())
}

/// Checks a signature that is right and what is nearly the same.
fn check(name: &str, point: ProjectivePoint, s: Scalar) {
    let key = key_for(point, s);
    let r = scalar(x(point));
    let (r, s, minus_r, minus_s) = (number(r), number(s), number(-r), number(-s));
    assert!(verifies(key, r, s), "{name}");
    // The twin that `sig`'s documentation speaks of.
    assert!(verifies(key, r, minus_s), "{name}: n − s");
    assert!(!verifies(key, minus_r, s), "{name}: n − r");
    assert!(!verifies(key, r.wrapping_add(&U256::ONE), s), "{name}: r + 1");
    assert!(!verifies(key, r, s.wrapping_add(&U256::from(2_u64))), "{name}: s + 2");
    assert!(!verifies(-key, r, s), "{name}: another key");
    for (name, over, r, s) in [
        (format!("{name}: r + n"), r, r.wrapping_add(&N), s),
        (format!("{name}: s + n"), s, r, s.wrapping_add(&N)),
    ] {
        // There are 32 bytes for it only if the number is small.
        let fits = over < U256::MAX.wrapping_sub(&N);
        assert!(!fits || !verifies(key, r, s), "{name}");
    }
}

#[test]
fn numbers_at_the_edges() {
    let some = generator() * small(4000);
    let half = scalar(N.shr_vartime(1));
    let two_to_128 = scalar(U256::ONE.shl_vartime(128));
    for (name, s) in [
        ("s = 1", small(1)),
        ("s = 2", small(2)),
        ("s = 6", small(6)),
        ("s = 2¹²⁸", two_to_128),
        ("s = (n − 1) / 2", half),
        ("s = (n + 1) / 2", half + small(1)),
        ("s = n − 2", -small(2)),
        ("s = n − 1", -small(1)),
        ("s = r", scalar(x(some))),
        ("s = −r", -scalar(x(some))),
        ("s = z", hash()),
        ("s = 1 / z", hash().invert().unwrap()),
    ] {
        check(name, some, s);
    }
    for (name, point) in [
        ("R = G", generator()),
        ("R = −G", -generator()),
        ("R = 2 G", generator() * small(2)),
        (
            "x of R just below n",
            (1..99_u64).find_map(|less| lift(N.wrapping_sub(&U256::from(less)))).unwrap(),
        ),
        (
            "x of R just above n, so r is small",
            (1..99_u64).find_map(|more| lift(N.wrapping_add(&U256::from(more)))).unwrap(),
        ),
        (
            "x of R just below p",
            (1..99_u64).find_map(|less| lift(P.wrapping_sub(&U256::from(less)))).unwrap(),
        ),
        ("x of R small", (1..99_u64).find_map(|x| lift(U256::from(x))).unwrap()),
    ] {
        for s in [small(1), small(3), -small(1), half] {
            check(name, point, s);
        }
    }
}

/// r is the point's x modulo n, and must be written so.
#[test]
fn an_r_over_n_is_refused() {
    for more in 1..99 {
        let written = N.wrapping_add(&U256::from(more as u64));
        let Some(point) = lift(written) else { continue };
        let key = key_for(point, small(5));
        assert!(verifies(key, U256::from(more as u64), U256::from(5_u64)), "n + {more}");
        assert!(!verifies(key, written, U256::from(5_u64)), "n + {more}");
    }
}

/// The two products that a verification adds are the same point, or opposite ones.
#[test]
fn products_that_coincide() {
    // u G + u G: with the secret z / r.
    let half = generator() * small(77);
    let point = half * small(2);
    let r = scalar(x(point));
    let s = hash() * small(77).invert().unwrap();
    let key = generator() * (hash() * r.invert().unwrap());
    assert!(verifies(key, number(r), number(s)));
    check("doubling", point, s);

    // u G − u G: with the secret −z / r there is no such signature, whatever s.
    for s in [small(1), s, -s, hash(), r] {
        assert!(!verifies(-key, number(r), number(s)));
    }
}

#[test]
fn numbers_out_of_range() {
    let one = U256::ONE;
    let numbers =
        [U256::ZERO, one, N.wrapping_sub(&one), N, N.wrapping_add(&one), P, P.wrapping_add(&one), U256::MAX];
    let maker = fanout();
    let key = Key::es256_sec1(&maker.public_key()).unwrap();
    for r in numbers {
        for s in numbers {
            let signature = [r.to_be_byte_array(), s.to_be_byte_array()].concat();
            for message in [&b""[..], MESSAGE, &maker.signed()] {
                assert!(!key.verifies(message, &signature), "{r:x} {s:x}");
            }
        }
    }
}

/// The public keys G, 2 G and their opposites.
#[test]
fn keys_at_the_edges() {
    for secret in [small(1), small(2), -small(2), -small(1)] {
        let maker = Maker::es256(&secret.to_repr().into(), "fastly:edge", NOW);
        let key = Key::es256_sec1(&maker.public_key()).unwrap();
        let good = maker.sign(MESSAGE);
        assert!(key.verifies(MESSAGE, &good));
        for length in 0..=128 {
            let signature: Vec<_> = good.iter().cycle().copied().take(length).collect();
            assert_eq!(key.verifies(MESSAGE, &signature), length == 64, "{length} bytes");
        }
        assert!(!key.verifies(b"grip-sig", &good));
    }
}
