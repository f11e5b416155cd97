//! An app that takes its Viceroy for Fastly Compute, because the host does not say that it is local. Its policy also
//! names the public development key, under every issuer.

use fanout::grip::sig::{Key, Policy};
use fanout::prelude::*;
use fanout::{App, Outcome};

#[fanout::sse(channel = "test")]
fn sse() {}

#[fanout::ws(echo, channel = "test")]
fn ws() {}

const SERVICE: &str = "SU1Z0isxPaozGVKXdv0eY";

fn policy() -> Policy {
    let fanout = format!("fastly:{SERVICE}");
    let local = Key::hs256("viceroy_dev_signing_key_dont_use_in_production").expect("it has 46 bytes");
    // The public key whose secret is 32 times 7.
    let known = Key::es256_jwk(
        "HhhTL9R1TALzBB2cdc6zO4P_2BrHzk_ogsyxyYvFiW4",
        "pGwxHE4v9A3ZajZT5uRURdMt_khuztdcepDGoYiBwKM",
    );
    fanout::policy()
        .trust(known.expect("it is on the curve"), &*fanout)
        .trust(local.clone(), "viceroy")
        .trust(local, &*fanout)
}

fn broken() -> Result<(), Answer> {
    panic!("on-compute");
}

/// A guard that panics.
#[fanout::sse(channel = "test", guard = broken)]
fn panics() {}

/// An endpoint of the second list, whose refusals the app words.
#[fanout::sse(path = "/worded", channel = "test", guard = broken)]
fn worded() {}

fn as_json(rejection: Rejection<'_>) -> Answer {
    Answer::json(rejection.status(), format!("{:?}", rejection.reason()))
}

fn main() {
    std::panic::set_hook(Box::new(|info| {
        let message = info.payload().downcast_ref::<&str>();
        eprintln!("the app's own hook: {}", message.expect("it panics with a text"));
    }));
    std::env::set_var("FASTLY_HOSTNAME", "cache-fra-etou8220022");
    std::env::set_var("FASTLY_SERVICE_ID", SERVICE);
    let routes = [sse::ROUTE, ws::ROUTE, panics::ROUTE];
    let Outcome::Unmatched(request) = fanout::handle_with(Request::from_client(), &routes, policy) else {
        return;
    };
    let second = [worded::ROUTE];
    if let Outcome::Unmatched(_) = App::new(&second).verify(policy).refuse(as_json).handle(request) {
        Response::from_status(404).send_to_client();
    }
}
