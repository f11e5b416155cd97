//! The endpoints of the example app, and a policy that takes the Viceroy for Fastly Compute.

use fanout::grip::sig::{Key, Policy};

#[fanout::sse(channel = "test")]
pub(crate) fn sse() {}

#[fanout::stream(channel = "test")]
pub(crate) fn stream() {}

#[fanout::long_poll(channel = "test", timeout = 30)]
pub(crate) fn response() -> &'static str {
    "nothing yet\n"
}

#[fanout::ws(echo, channel = "test")]
pub(crate) fn ws() {}

/// The memory of the sandbox, in pages of 65,536 bytes. There is none on the host.
#[fanout::get]
pub(crate) fn pages() -> String {
    #[cfg(target_family = "wasm")]
    let pages = core::arch::wasm32::memory_size::<0>();
    #[cfg(not(target_family = "wasm"))]
    let pages = 0;
    pages.to_string()
}

const SERVICE: &str = "SU1Z0isxPaozGVKXdv0eY";

pub(crate) fn policy() -> Policy {
    std::env::set_var("FASTLY_HOSTNAME", "cache-fra-etou8220022");
    std::env::set_var("FASTLY_SERVICE_ID", SERVICE);
    // The public key whose secret is 32 times 7.
    let known = Key::es256_jwk(
        "HhhTL9R1TALzBB2cdc6zO4P_2BrHzk_ogsyxyYvFiW4",
        "pGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM",
    );
    Policy::new().trust(known.expect("it is on the curve"), format!("fastly:{SERVICE}"))
}

#[fanout::endpoints(sse, stream, response, ws, pages)]
pub(crate) enum All {}
