//! The cost of a verification: `cargo xtask bench sig`, natively and in wasm on Viceroy.
//!
//! A sandbox on Compute verifies one token and ends, so each figure includes making the policy. The median of many runs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use fanout::grip::sig::{self, Key, Policy};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use sha2::Sha256;

const NOW: u64 = 1_795_564_800;
const SERVICE: &str = "SU1Z0isxPaozGVKXdv0eY";

fn main() {
    let signing = SigningKey::from_slice(&[7; 32]).unwrap();
    let es256 = token("ES256", &format!("fastly:{SERVICE}"), |message| {
        let signature: Signature = signing.sign(message);
        signature.to_bytes().to_vec()
    });
    let hs256 = token("HS256", "viceroy", |message| {
        let mac = Hmac::<Sha256>::new_from_slice(b"viceroy_dev_signing_key_dont_use_in_production");
        mac.unwrap().chain_update(message).finalize().into_bytes().to_vec()
    });
    let point = signing.verifying_key().to_sec1_point(false);
    let compressed = signing.verifying_key().to_sec1_point(true);
    let (x, y) = (encode(&point.as_bytes()[1..33]), encode(&point.as_bytes()[33..]));

    // The policy of `sig::fastly`, with a key that the benchmark can sign with.
    let fanout = || Policy::new().trust(Key::es256_jwk(&x, &y).unwrap(), format!("fastly:{SERVICE}"));
    run("ES256, good token", || fanout().verify(&es256, NOW).is_ok());
    run("ES256, another's token", || sig::fastly(SERVICE).verify(&es256, NOW).is_err());
    run("HS256, good token", || sig::viceroy().verify(&hs256, NOW).is_ok());
    run("no signature to check", || sig::fastly(SERVICE).verify(&hs256, NOW).is_err());
    run("ES256 key, two coordinates", || Key::es256_jwk(&x, &y).is_ok());
    run("ES256 key, point", || Key::es256_sec1(point.as_bytes()).is_ok());
    run("ES256 key, compressed point", || Key::es256_sec1(compressed.as_bytes()).is_ok());
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

fn token(alg: &str, iss: &str, sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let header = format!(r#"{{"typ":"JWT","alg":"{alg}"}}"#);
    let claims = format!(r#"{{"exp":{},"iss":"{iss}"}}"#, NOW + 3600);
    let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
    let signature = encode(&sign(signed.as_bytes()));
    format!("{signed}.{signature}").into_bytes()
}

/// Prints the first run, which is the one that counts on Compute, and the median of the runs of half a second.
fn run(name: &str, work: impl Fn() -> bool) {
    let time = || {
        let start = Instant::now();
        assert!(black_box(work()));
        start.elapsed()
    };
    let first = time();
    let end = Instant::now() + Duration::from_millis(500);
    let mut times: Vec<_> = std::iter::repeat_with(time).take_while(|_| Instant::now() < end).collect();
    times.sort();
    let micros = |time: Duration| time.as_nanos() as f64 / 1000.0;
    println!(
        "{name:<28} {:>9.2} µs   first {:>9.2} µs   {} runs",
        micros(times[times.len() / 2]),
        micros(first),
        times.len()
    );
}
