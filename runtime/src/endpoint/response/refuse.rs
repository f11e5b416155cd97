//! The option `refuse`: the app's own answers to refusals.

use http::{HeaderName, HeaderValue, header};

use super::reason::Mark;
use super::{Answer, IntoAnswer, Rejection};
use crate::endpoint::dispatch::running::{self, Running};
use crate::endpoint::dispatch::{Async, Returned};
use crate::endpoint::{RequestHead, Route};
use crate::grip::websocket;
use crate::log;

/// The function of the option `refuse`, as routes keep it.
pub(crate) type Refuse = fn(Rejection<'_>) -> Answer;

/// A function that the option `refuse` can name. `Via` distinguishes the parameters and is always inferred.
#[diagnostic::on_unimplemented(
    message = "a function of `refuse` takes a `fanout::Rejection` and nothing else",
    label = "not a function with this one parameter",
    note = "write `fn refused(rejection: Rejection) -> Answer`, or take a `&Rejection`; the function cannot be generic"
)]
pub trait RefusalFunction<'a, 'r: 'a, Via> {
    /// The return value, which may borrow from the rejection.
    type Output;

    /// Calls it.
    fn refuse(self, rejection: &'a Rejection<'r>) -> Self::Output;
}

/// A parameter by value.
#[derive(Debug)]
pub enum ByValue {}

/// A parameter by reference.
#[derive(Debug)]
pub enum ByReference {}

#[diagnostic::do_not_recommend]
impl<'a, 'r: 'a, F: Fn(Rejection<'r>) -> R, R> RefusalFunction<'a, 'r, (ByValue, R)> for F {
    type Output = R;

    fn refuse(self, rejection: &'a Rejection<'r>) -> R {
        self(rejection.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<'a, 'r: 'a, F: Fn(&'a Rejection<'r>) -> R, R> RefusalFunction<'a, 'r, (ByReference, R)> for F {
    type Output = R;

    fn refuse(self, rejection: &'a Rejection<'r>) -> R {
        self(rejection)
    }
}

/// The return value of a function that the option `refuse` names: an answer, or a future, which
/// [`NotAsync`](crate::endpoint::NotAsync) refuses.
#[diagnostic::on_unimplemented(
    message = "a function of `refuse` cannot return `{Self}`",
    label = "not an answer",
    note = "return an `Answer`, a status, a status and a text, or another type that implements `fanout::IntoAnswer`"
)]
pub trait RefusalResult<Form> {
    /// The checked value.
    type Returned;

    /// Returns it.
    fn returned(self) -> Self::Returned;
}

#[diagnostic::do_not_recommend]
impl<T: IntoAnswer> RefusalResult<()> for T {
    type Returned = Returned<Answer>;

    fn returned(self) -> Self::Returned {
        Returned(self.into_answer())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Future> RefusalResult<Async> for T {
    type Returned = T;

    fn returned(self) -> T {
        self
    }
}

/// Returns an answer as the app words it. Only an answer that this crate has made changes.
pub(crate) fn reworded(
    refuse: Option<Refuse>,
    answer: Answer,
    head: Option<&RequestHead<'_>>,
    route: Option<&Route>,
) -> Answer {
    let (Some(refuse), Some(reason)) = (refuse, answer.mark.reason()) else { return answer };
    let before = running::replace(Running::Refusing(route.copied()));
    let given = refuse(Rejection::of(reason, answer.clone(), head, route.map(Route::path)));
    running::set(before);
    given.in_place_of(answer)
}

impl Answer {
    /// Takes the place of the default answer of a refusal, and has its headers too, except for the content type.
    ///
    /// A hold, or another instruction to the proxy, is not sent: what is left of it without the instruction would be an empty
    /// 200 instead of the refusal.
    fn in_place_of(mut self, default: Self) -> Self {
        if self.instructs() {
            log::line(format_args!(
                "the function of `refuse` returned a hold or another instruction to the proxy, and the client gets the \
                 default answer instead, a {}: return a plain answer",
                default.status.as_u16(),
            ));
            return default;
        }
        let mut stay = default.headers;
        stay.retain(|(name, _)| name != header::CONTENT_TYPE);
        // `Vary` is a list: both parts count.
        let is_replaced = |(name, value): &(HeaderName, HeaderValue)| {
            stay.iter().any(|(this, that)| this == name && (this != header::VARY || that == value))
        };
        self.headers.retain(|header| !is_replaced(header));
        self.headers.extend(stay);
        Self { mark: Mark::default(), ..self }
    }

    /// Returns true for an instruction to the proxy.
    fn instructs(&self) -> bool {
        let is_for_proxy = |value: &[u8]| {
            let own = [&b"application/grip-instruct"[..], websocket::CONTENT_TYPE.as_bytes()];
            own.iter().any(|own| value.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own)))
        };
        self.instruction.is_some()
            || self.headers.iter().any(|(name, value)| {
                name.as_str().starts_with("grip-")
                    || *name == header::CONTENT_TYPE && is_for_proxy(value.as_bytes().trim_ascii())
            })
    }
}

#[cfg(all(test, feature = "sig"))]
mod tests;
