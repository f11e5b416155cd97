use fastly::http::serve::HandlerResult;
use fastly::{Request, Response};

use crate::endpoint::recovery::without_values;
use crate::endpoint::response::Reason;
use crate::endpoint::response::forms::Unimplemented;
use crate::endpoint::routing::Routes;
use crate::grip::sig::Policy;
use crate::{Answer, IntoAnswer};

use super::downstream::{self, End};
use super::refuse;
use super::reuse::Reuse;

/// The parameter of `main`.
#[diagnostic::on_unimplemented(
    message = "`main` cannot take `{Self}`",
    label = "not the request",
    note = "take the request as `fanout::prelude::Request`, or write `fn main()`: then requests that no endpoint matches get a 404",
    note = "an extractor is for an endpoint, such as a function with `#[fanout::get]`"
)]
pub trait MainParameter {
    /// Makes the parameter from the request that no endpoint matches.
    fn of(request: Request) -> Self;
}

#[diagnostic::do_not_recommend]
impl MainParameter for Request {
    fn of(request: Request) -> Self {
        request
    }
}

/// Nothing: see [`Unimplemented`].
#[diagnostic::do_not_recommend]
impl<T: Unimplemented> MainParameter for T {
    fn of(_: Request) -> Self {
        unreachable!("no type implements it")
    }
}

/// The return value of `main`.
#[diagnostic::on_unimplemented(
    message = "`main` cannot return `{Self}`",
    label = "not an answer to the client",
    note = "return a `Response`, or a `Result<Response, E>` whose `E` implements `Display`; or `()` or `Result<(), E>` if `main` sends the response itself",
    note = "or return an `Answer`, or a `Result<Answer, E>` whose `E` implements `fanout::IntoAnswer`"
)]
pub trait MainReturn {
    /// Sends the response.
    fn send(self);
}

macro_rules! main_return {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        // Without this attribute the compiler reports that an error cannot be displayed, and does not mention `main`.
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> MainReturn for $type {
            fn send(self) {
                // The client has got a 500 with the error.
                let _ = HandlerResult::send(self);
            }
        }
    )*};
}

main_return!([] Response, [] (), [E: std::fmt::Display] Result<Response, E>, [E: std::fmt::Display] Result<(), E>);

#[diagnostic::do_not_recommend]
impl MainReturn for Answer {
    fn send(self) {
        downstream::send(&of_main(self));
    }
}

#[diagnostic::do_not_recommend]
impl<E: IntoAnswer> MainReturn for Result<Answer, E> {
    fn send(self) {
        self.unwrap_or_else(IntoAnswer::into_answer).send();
    }
}

/// For the body of `main`: `error.into_answer().into()`.
impl From<Answer> for Response {
    fn from(answer: Answer) -> Self {
        let answer = of_main(answer);
        let mut response = Self::from_status(answer.status);
        for (name, value) in &answer.headers {
            response.append_header(name, value);
        }
        response.with_body(answer.body)
    }
}

/// The answer of `main` as it is sent. Its link leads to an endpoint, which would believe a guard value in it.
fn of_main(answer: Answer) -> Answer {
    let answer = without_values(answer).written("main").unwrap_or_else(|refusal| refusal);
    refuse::reword_without_request(answer)
}

/// Answers for a `main` without a parameter, if no endpoint matches.
pub fn not_found(request: Request) {
    downstream::send(&refuse::reword(Answer::refused(Reason::NotFound, "not found"), &request));
    End::of_main().close(request);
}

/// The generated `main`.
#[cfg(target_family = "wasm")]
pub fn main(routes: Routes<'_>, trusted: impl Fn() -> Policy, rest: impl FnOnce(Request)) {
    let outcome = super::handle::serve(Request::from_client(), routes, trusted, End::Program);
    if let super::Outcome::Unmatched(request) = outcome {
        rest(request);
    }
}

/// The generated `main` with the option `reuse`.
#[cfg(target_family = "wasm")]
pub fn main_again(limits: Reuse, routes: Routes<'_>, trusted: impl Fn() -> Policy, rest: impl Fn(Request)) {
    End::Next.set_of_main();
    super::reuse::each_request(limits, routes, trusted, End::Next, rest);
}

/// The generated `main` outside of Compute.
#[cfg(not(target_family = "wasm"))]
pub fn main(_routes: Routes<'_>, _trusted: impl Fn() -> Policy, _rest: impl FnOnce(Request)) {
    eprintln!(
        "this app runs on Fastly Compute and not by itself; \
         run it on this machine with `cargo fanout serve`"
    );
    std::process::exit(1);
}

/// As [`main`], outside of Compute.
#[cfg(not(target_family = "wasm"))]
pub fn main_again(_: Reuse, routes: Routes<'_>, trusted: impl Fn() -> Policy, rest: impl Fn(Request)) {
    main(routes, trusted, rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Channel;
    use crate::grip::{Hold, Link};

    #[test]
    fn a_link_of_main_has_no_guard_value() {
        let next = Link::new("/news?a&fanout-guard=x").unwrap();
        let answer = of_main(Hold::sse(Channel::from_static("a")).next(next).into());
        assert_eq!(answer.header("grip-link").unwrap(), "</news?a>; rel=next");
    }
}
