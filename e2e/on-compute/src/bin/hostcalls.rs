//! The endpoints of the example app, in an app that takes its Viceroy for Fastly Compute.

use fanout::grip::sig::{Key, Policy};

#[fanout::sse(channel = "test")]
fn sse() {}

#[fanout::stream(channel = "test")]
fn stream() {}

#[fanout::long_poll(channel = "test", timeout = 30)]
fn response() -> &'static str {
    "nothing yet\n"
}

#[fanout::ws(echo, channel = "test")]
fn ws() {}

const SERVICE: &str = "SU1Z0isxPaozGVKXdv0eY";

fn policy() -> Policy {
    std::env::set_var("FASTLY_HOSTNAME", "cache-fra-etou8220022");
    std::env::set_var("FASTLY_SERVICE_ID", SERVICE);
    // The public key whose secret is 32 times 7.
    let known = Key::es256_jwk(
        "HhhTL9R1TALzBB2cdc6zO4P_2BrHzk_ogsyxyYvFiW4",
        "pGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM",
    );
    Policy::new().trust(known.expect("it is on the curve"), format!("fastly:{SERVICE}"))
}

#[fanout::main(sse, stream, response, ws, verify = policy)]
fn main() {}
