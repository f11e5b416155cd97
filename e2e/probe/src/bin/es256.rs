//! An app that accepts ES256 tokens as on Compute, but signed with the tests' own key: the one whose secret is 32 times
//! 7.

use fanout::grip::sig::{Key, Policy};

#[fanout::sse(channel = "test")]
fn sse() {}

#[fanout::ws(echo, channel = "test")]
fn ws() {}

fn policy() -> Policy {
    let key = Key::es256_jwk(
        "HhhTL9R1TALzBB2cdc6zO4P_2BrHzk_ogsyxyYvFiW4",
        "pGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM",
    );
    Policy::new().trust(key.expect("it is on the curve"), "fastly:SU1Z0isxPaozGVKXdv0eY")
}

#[fanout::main(sse, ws, verify = policy)]
fn main() {}
