//! The calls of handlers, and of the functions that options name.

use crate::endpoint::request::RequestHead;
use crate::endpoint::request::{Argument, IS_ELSEWHERE, InHandler, on_compute_only};
use crate::endpoint::response::{Answer, IntoSubscriptions, Reason, check_plain};
use crate::endpoint::routing::{FromParameter, Kind};
use crate::grip::Subscription;

/// A function that an option names. Its first arguments are path parameters, one for each place of `Given`. The others
/// are extractors, which `Types` infers.
#[diagnostic::on_unimplemented(
    message = "this function cannot be called here",
    label = "its parameters do not fit",
    note = "to pass path parameters, write their names behind the function: `function(room)`; they are its first parameters, the same number, each `&str` or `FromStr`",
    note = "the other parameters, at most six, are extractors; a guard can also take `ClientAddr`, `ClientGeo` or `ClientRequest`, and a channel function `Request`, or `Guarded` with the type that the `guard` of this endpoint returns",
    note = "the function cannot be async or generic, and a guard cannot read the body of the request"
)]
#[cfg_attr(
    not(feature = "compute"),
    diagnostic::on_unimplemented(
        note = "`ClientGeo`, `ClientRequest` and `Request` need the feature `compute` of the crate `fanout`"
    )
)]
pub trait Function<'r, Place, Given, Types>: Copy {
    /// The return value.
    type Output;

    /// True if an argument takes the body of the request, so that a second call would find none.
    const TAKES_BODY: bool;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// The answer, if an argument cannot be made.
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
                // The condition is constant, so that the function is not even compiled into a test.
                if const { IS_ELSEWHERE && (false $(|| $made::COMPUTE_ONLY)*) } {
                    on_compute_only();
                }
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

/// A path parameter as a value of its type. As in other routers, a path does not match if a parameter does not parse.
///
/// # Errors
///
/// A 404.
pub fn parameter<'r, T: FromParameter<'r, Via>, Via>(
    head: &RequestHead<'r>,
    index: usize,
) -> Result<T, Answer> {
    T::from_parameter(head.parameters().nth(index))
        .map_err(|_| Answer::refused(Reason::NotFound, "not found"))
}

/// As [`parameter`], but the client gets the reason.
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
        Answer::refused(Reason::InvalidPath, format_args!("`{name}` in the path: {error}"))
    })
}

/// Calls a channel function.
///
/// The proxy sends the request again after the first subscription of a channel, and nothing tells the two requests
/// apart. So a local app calls the function twice, and marks the channels that only one call returns.
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
        && head.settings().is_some_and(|settings| settings.kind != Kind::WebSocket)
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use http::{HeaderMap, Method};

    use super::*;
    use crate::endpoint::Route;
    use crate::endpoint::request::LastEventId;
    use crate::endpoint::request::Sender;
    use crate::grip::Channel;

    const POLL: Route = Route::long_poll("/", |_| Answer::text(200, ""));
    const SOCKET: Route = Route::ws("/", |_, _| Answer::text(200, ""));

    fn head<'r>(headers: &'r HeaderMap, route: &'r Route, sender: Sender) -> RequestHead<'r> {
        RequestHead::new(&Method::GET, "/", None, headers).for_endpoint(&route.settings).sent_by(sender)
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

    /// The first call takes the body, so a second call would return another channel.
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
