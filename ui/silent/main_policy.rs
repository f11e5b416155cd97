//! A `main` that says who is believed, and that other modules could call.

#![deny(unreachable_pub)]

use fanout::prelude::*;

mod policy {
    pub(crate) fn trusted() -> fanout::grip::sig::Policy {
        fanout::policy()
    }
}

#[fanout::main(verify = policy::trusted)]
pub(crate) fn main(request: Request) -> Response {
    Response::from_body(request.into_body())
}
