//! Every token that a policy must reject.
//!
//! `forged` makes the tokens and names the check that each breaks; `table` shows that this check alone refuses them;
//! `without` is the verification with single checks left out. `forged` uses nothing else of this crate, so that another test
//! can send the same tokens elsewhere.

mod curve;
mod forged;
mod policies;
mod table;
mod without;

use super::{Key, Policy, Rejected, viceroy};
use forged::Maker;

/// Wednesday, 25 November 2026.
const NOW: u64 = 1_795_564_800;

/// Makes tokens like Fanout's, with a key of the tests' own.
fn fanout() -> Maker {
    Maker::es256(&[7; 32], "fastly:SU1Z0isxPaozGVKXdv0eY", NOW)
}

/// Makes tokens like those of a local Pushpin.
fn pushpin() -> Maker {
    Maker::hs256(b"viceroy_dev_signing_key_dont_use_in_production", "viceroy", NOW)
}

/// Returns the policy that trusts `fanout()`.
fn fanout_policy() -> Policy {
    let key = Key::es256_sec1(&fanout().public_key()).unwrap();
    Policy::new().trust(key, "fastly:SU1Z0isxPaozGVKXdv0eY")
}

/// Returns both signers, with the policies that trust them.
fn environments() -> [(&'static str, Maker, Policy); 2] {
    [("ES256", fanout(), fanout_policy()), ("HS256", pushpin(), viceroy())]
}
