//! How functions are called: the endpoint's own, and those that its options name.

use crate::endpoint::guard::{GuardData, GuardValue, guard_value};
use crate::endpoint::response::check_plain;
use crate::endpoint::routing::FromParameter;
use crate::endpoint::{Answer, FromRequest, IntoAnswer, IntoSubscriptions, Kind, RequestHead};
use crate::grip::Subscription;

/// What a parameter of a function can be, by where the function is called: every [`FromRequest`], and a few types that
/// only one place has.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a request",
    label = "not a parameter that it can have here",
    note = "take a `Query<T>`, a `TypedHeader<T>` or `&RequestHead`, or implement `fanout::FromRequest` for it",
    note = "`Guarded` is what the endpoint's own guard returned: take `Guarded<&T>`, or `Guarded<T>` of a `T` that is `Clone`",
    note = "a message of a WebSocket is told by its type, such as `Json<T>`: if this is one, name the parameter in the attribute, `message = name`",
    note = "`ClientAddr`, `ClientGeo` and `ClientRequest` are for guards only; `Request` and `Guarded` are for the endpoint's own function and its channel function"
)]
pub trait Argument<'r, Place>: Sized {
    /// Whether making the value takes the request's body, which only one value can have.
    const TAKES_BODY: bool = false;

    /// Makes the value.
    ///
    /// # Errors
    ///
    /// The answer, if the request does not have it.
    fn argument(place: Place, head: &'r RequestHead<'r>) -> Result<Self, Answer>;
}

impl<'r, T: FromRequest<'r>, Place> Argument<'r, Place> for T {
    fn argument(_: Place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        T::from_request(head).map_err(IntoAnswer::into_answer)
    }
}

/// The place of a guard: the edge, before the handoff.
#[derive(Clone, Copy, Debug)]
pub struct InGuard;

/// The place of an endpoint's own function, and of its channel function. A guard has been there before, and this is what
/// it returned.
#[derive(Debug)]
pub struct InHandler<'r, G>(pub &'r G);

impl<G> Clone for InHandler<'_, G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for InHandler<'_, G> {}

/// What an endpoint's guard returned, as a parameter of its function: `Guarded(user): Guarded<&User>`, or
/// `Guarded<User>` for a type that is [`Clone`].
///
/// ```
/// use fanout::prelude::*;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct User {
///     name: String,
/// }
///
/// fn signed_in(head: &RequestHead) -> Result<User, Answer> {
///     let name = head.header("x-user").and_then(|name| name.to_str().ok());
///     let name = name.ok_or_else(|| Answer::text(401, "sign in first\n"))?;
///     Ok(User { name: name.to_owned() })
/// }
///
/// #[fanout::sse(channel = "news", guard = signed_in)]
/// fn news(Guarded(user): Guarded<&User>) -> Event {
///     Event::comment(format!("welcome, {}", user.name))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guarded<T>(pub T);

impl<'r, G> Argument<'r, InHandler<'r, G>> for Guarded<&'r G> {
    fn argument(place: InHandler<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
        Ok(Self(place.0))
    }
}

impl<'r, G: Clone> Argument<'r, InHandler<'r, G>> for Guarded<G> {
    fn argument(place: InHandler<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
        Ok(Self(place.0.clone()))
    }
}

/// A function that an option names. Its first parameters are parameters of the path, one for each of `Given`'s places;
/// the others are made by their types, which `Types` infers.
#[diagnostic::on_unimplemented(
    message = "this function cannot be called here",
    label = "not a function whose parameters can be filled here",
    note = "its first parameters are those of the path that stand between the parentheses of the option, `function(room)`: as many, and each `&str` or `FromStr`",
    note = "the others, at most six, are made by their types: each a `FromRequest`; in a guard also `ClientAddr`, `ClientGeo` or `ClientRequest`, in a channel function `Guarded` or `Request`, whose body no guard can read",
    note = "it is not async, and not generic"
)]
pub trait Function<'r, Place, Given, Types>: Copy {
    /// What it returns.
    type Output;

    /// Whether it takes the request's body, so that a second call would find none.
    const TAKES_BODY: bool;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// The answer, where one of the parameters cannot be made.
    fn call(self, place: Place, given: Given, head: &'r RequestHead<'r>) -> Result<Self::Output, Answer>;
}

macro_rules! function {
    ($count:literal $(($given:ident $via:ident $place:ident))* ; $($made:ident)*) => {
        impl<'r, Place, F, R $(, $given, $via)* $(, $made)*>
            Function<'r, Place, [usize; $count], (($(($given, $via),)*), ($($made,)*))> for F
        where
            Place: Copy,
            F: Copy + FnOnce($($given,)* $($made,)*) -> R,
            $($given: FromParameter<'r, $via>,)*
            $($made: Argument<'r, Place>,)*
        {
            type Output = R;

            const TAKES_BODY: bool = false $(|| $made::TAKES_BODY)*;

            fn call(self, place: Place, given: [usize; $count], head: &'r RequestHead<'r>) -> Result<R, Answer> {
                let _ = (place, head);
                let [$($place),*] = given;
                Ok(self($(parameter::<$given, $via>(head, $place)?,)* $($made::argument(place, head)?,)*))
            }
        }
    };
}

macro_rules! functions {
    ($($count:literal $given:tt;)*) => {$(functions!(@ $count $given);)*};
    (@ $count:literal { $($given:tt)* }) => {
        function!($count $($given)*;);
        function!($count $($given)*; A1);
        function!($count $($given)*; A1 A2);
        function!($count $($given)*; A1 A2 A3);
        function!($count $($given)*; A1 A2 A3 A4);
        function!($count $($given)*; A1 A2 A3 A4 A5);
        function!($count $($given)*; A1 A2 A3 A4 A5 A6);
    };
}

functions! {
    0 {};
    1 { (P1 V1 p1) };
    2 { (P1 V1 p1) (P2 V2 p2) };
    3 { (P1 V1 p1) (P2 V2 p2) (P3 V3 p3) };
    4 { (P1 V1 p1) (P2 V2 p2) (P3 V3 p3) (P4 V4 p4) };
}

/// A parameter of the path as a value of its type. As with every router, a path whose parameter is no such value is
/// not there.
///
/// # Errors
///
/// A 404.
pub fn parameter<'r, T: FromParameter<'r, Via>, Via>(
    head: &RequestHead<'r>,
    index: usize,
) -> Result<T, Answer> {
    T::from_parameter(head.parameters().nth(index)).map_err(|_| Answer::text(404, "not found\n"))
}

/// As [`parameter`], but the client is told what is wrong with it.
///
/// # Errors
///
/// A 400 with the reason.
pub fn strict_parameter<'r, T, Via>(head: &RequestHead<'r>, index: usize) -> Result<T, Answer>
where
    T: FromParameter<'r, Via>,
    T::Error: std::fmt::Display,
{
    let parameters = head.parameters();
    T::from_parameter(parameters.nth(index)).map_err(|error| {
        let name = parameters.iter().nth(index).map_or("", |(name, _)| name);
        Answer::text(400, format!("`{name}` in the path: {error}\n"))
    })
}

/// What a guard returns.
#[diagnostic::on_unimplemented(
    message = "a guard cannot return `{Self}`",
    label = "not a `Result`",
    note = "return a `Result<T, E>`: `T` goes on to the endpoint, an `E` that is `IntoAnswer` is what the client gets instead"
)]
pub trait GuardResult<T> {
    /// The value, or the answer.
    ///
    /// # Errors
    ///
    /// The answer that the guard refused with.
    fn guard_result(self) -> Result<T, Answer>;
}

impl<T, E: IntoAnswer> GuardResult<T> for Result<T, E> {
    fn guard_result(self) -> Result<T, Answer> {
        self.map_err(IntoAnswer::into_answer)
    }
}

/// What a channel function found.
///
/// The proxy asks again after a channel's first subscription, and nothing in that request tells it from the first one. So a
/// local app calls the function twice, and marks the channels that were found only once.
pub fn found<'r, Given, Types, G, F, R>(
    place: InHandler<'r, G>,
    head: &'r RequestHead<'r>,
    given: Given,
    function: F,
) -> Result<Vec<Subscription>, Answer>
where
    F: Function<'r, InHandler<'r, G>, Given, Types, Output = R>,
    R: IntoSubscriptions,
    Given: Copy,
{
    let find = || function.call(place, given, head)?.into_subscriptions();
    let mut found = find()?;
    if head.came_by_local_proxy()
        && head.route().is_some_and(|route| route.kind() != Kind::WebSocket)
        && !F::TAKES_BODY
        && let Ok(again) = find()
    {
        for subscription in &mut found {
            subscription.changes = again.iter().all(|other| other.channel() != subscription.channel());
        }
    }
    check_plain(&found)?;
    Ok(found)
}

/// Lets a client in, or not, and says what goes on to the second invocation.
pub fn run_guard<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<GuardValue, Answer>
where
    F: Function<'r, InGuard, Given, Types, Output = R>,
    R: GuardResult<T>,
    T: GuardData,
{
    GuardValue::new(&guard.call(InGuard, given, head)?.guard_result()?)
}

/// What the guard returned before the handoff.
pub fn guard_value_or_run<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<T, Answer>
where
    F: Function<'r, InGuard, Given, Types, Output = R>,
    R: GuardResult<T>,
    T: GuardData,
{
    guard_value(head, |_| guard.call(InGuard, given, head)?.guard_result())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use http::{HeaderMap, Method};

    use super::*;
    use crate::endpoint::request::Sender;
    use crate::endpoint::{LastEventId, Route};
    use crate::grip::Channel;

    const POLL: Route = Route::long_poll("/", |_| Answer::text(200, ""));
    const SOCKET: Route = Route::ws("/", |_, _| Answer::text(200, ""));

    fn head<'r>(headers: &'r HeaderMap, route: &'r Route, sender: Sender) -> RequestHead<'r> {
        RequestHead::new(&Method::GET, "/", None, headers).for_route(route).sent_by(sender)
    }

    fn steady(seen: LastEventId) -> [Channel; 2] {
        [Channel::from_static("steady"), Channel::new(format!("after-{:?}", seen.get())).unwrap()]
    }

    #[test]
    fn a_local_app_marks_the_channels_that_are_found_only_once() {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        fn counted() -> [Channel; 2] {
            let call = CALLS.fetch_add(1, Ordering::Relaxed);
            [Channel::from_static("steady"), Channel::new(format!("counted-{call}")).unwrap()]
        }
        let headers = HeaderMap::new();
        for (route, sender, marked, calls) in [
            (POLL, Sender::Local, [false, true], 2),
            (POLL, Sender::Fanout, [false, false], 1),
            (POLL, Sender::SelfRun, [false, false], 1),
            (SOCKET, Sender::Local, [false, false], 1),
        ] {
            CALLS.store(0, Ordering::Relaxed);
            let head = head(&headers, &route, sender);
            let found = found(InHandler(&()), &head, [], counted).unwrap();
            let changes: Vec<_> = found.iter().map(|subscription| subscription.changes).collect();
            assert_eq!((changes, CALLS.load(Ordering::Relaxed)), (marked.to_vec(), calls), "{sender:?}");
        }
        let head = head(&headers, &POLL, Sender::Local);
        let found = found(InHandler(&()), &head, [], steady).unwrap();
        assert!(found.iter().all(|subscription| !subscription.changes), "{found:?}");
    }

    /// The first takes the body, and a second call would find another channel for that alone.
    #[test]
    fn a_channel_function_that_takes_the_body_is_called_once() {
        #[derive(Clone, Copy)]
        struct Body;
        impl<'r, G> Argument<'r, InHandler<'r, G>> for Body {
            const TAKES_BODY: bool = true;

            fn argument(_: InHandler<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(Self)
            }
        }
        static CALLS: AtomicU32 = AtomicU32::new(0);
        fn of_body(_: LastEventId, _: Body) -> Channel {
            Channel::new(format!("body-{}", CALLS.fetch_add(1, Ordering::Relaxed))).unwrap()
        }
        let headers = HeaderMap::new();
        let head = head(&headers, &POLL, Sender::Local);
        let found = found(InHandler(&()), &head, [], of_body).unwrap();
        assert_eq!((found[0].changes, CALLS.load(Ordering::Relaxed)), (false, 1));
    }

    #[test]
    fn a_refusal_of_the_second_call_does_not_count() {
        static CALLS: AtomicU32 = AtomicU32::new(0);
        fn once() -> Result<Channel, Answer> {
            match CALLS.fetch_add(1, Ordering::Relaxed) {
                0 => Ok(Channel::from_static("once")),
                _ => Err(Answer::text(403, "again\n")),
            }
        }
        let headers = HeaderMap::new();
        let head = head(&headers, &POLL, Sender::Local);
        assert!(!found(InHandler(&()), &head, [], once).unwrap()[0].changes);
    }
}
