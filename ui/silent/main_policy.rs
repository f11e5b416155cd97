//! A `main` with a policy of its own, which is visible to other modules.

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
