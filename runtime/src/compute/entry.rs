use fastly::http::serve::HandlerResult;
use fastly::{Request, Response};

use crate::endpoint::path::Routes;
use crate::grip::sig::Policy;

/// What the `main` of an app can return: how a request that is for no endpoint was answered.
#[diagnostic::on_unimplemented(
    message = "`main` cannot return `{Self}`",
    label = "not an answer to the client",
    note = "return a `Response`, a `Result<Response, E>` with an `E` that can be displayed, or `()` or `Result<(), E>` when `main` has sent its answer itself"
)]
pub trait MainReturn {
    /// Sends what is to be sent.
    fn send(self);
}

macro_rules! main_return {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        impl<$($generics)*> MainReturn for $type {
            fn send(self) {
                // An error has been sent to the client as a 500 then, and there is nobody else to tell.
                let _ = HandlerResult::send(self);
            }
        }
    )*};
}

main_return!([] Response, [] (), [E: std::fmt::Display] Result<Response, E>, [E: std::fmt::Display] Result<(), E>);

/// What a `main` without a parameter answers to what is for no endpoint.
pub fn not_found() -> Response {
    Response::from_status(404).with_body_text_plain("not found\n")
}

/// The body of the `main` that `#[fanout::main]` makes.
#[cfg(target_family = "wasm")]
pub fn main(routes: Routes<'_>, trusted: impl Fn() -> Policy, rest: impl FnOnce(Request)) {
    let outcome =
        super::handle::serve(Request::from_client(), routes, trusted, super::downstream::End::Program);
    if let super::Outcome::Unmatched(request) = outcome {
        rest(request);
    }
}

/// The body of the `main` that `#[fanout::main]` makes, where there is no Compute to run on.
#[cfg(not(target_family = "wasm"))]
pub fn main(_routes: Routes<'_>, _trusted: impl Fn() -> Policy, _rest: impl FnOnce(Request)) {
    eprintln!(
        "this app runs on Fastly Compute and not by itself; \
         build it for wasm32-wasip1, and run it with `fastly compute serve`"
    );
    std::process::exit(1);
}
