//! A `main` whose app words its refusals, in a function that is visible to other modules.

#![deny(unreachable_pub, elided_lifetimes_in_paths)]

use fanout::prelude::*;

mod answers {
    use fanout::prelude::*;

    pub(crate) fn problem(rejection: &Rejection<'_>) -> impl IntoAnswer {
        (rejection.status(), Json(rejection.to_string()))
    }
}

#[fanout::sse(channel = "news")]
fn news() -> Result<(), Rejection<'static>> {
    Err(Rejection::new(fanout::Reason::NotFound, "there is no news"))
}

#[fanout::main(news, refuse = answers::problem)]
fn main(request: Request) -> Result<Answer, Rejection<'static>> {
    Err(Rejection::new(fanout::Reason::NotFound, request.get_path()))
}
