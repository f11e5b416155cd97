//! How functions are called: the endpoint's own, and those that its options name.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::guard::{Carried, guarded};
use super::path::FromParameter;
use super::subscriptions::check_plain;
use super::{Answer, FromRequest, IntoResponse, IntoSubscriptions, RequestHead};
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
    /// Makes the value.
    ///
    /// # Errors
    ///
    /// The answer, if the request does not have it.
    fn argument(place: Place, head: &'r RequestHead<'r>) -> Result<Self, Answer>;
}

impl<'r, T: FromRequest<'r>, Place> Argument<'r, Place> for T {
    fn argument(_: Place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        T::from_request(head).map_err(IntoResponse::into_response)
    }
}

/// The place of a guard: the edge, before the handoff.
#[derive(Clone, Copy, Debug)]
pub struct Edge;

/// The place of an endpoint's own function, and of its channel function. A guard has been there before, and this is what
/// it returned.
#[derive(Debug)]
pub struct Inside<'r, G>(pub &'r G);

impl<G> Clone for Inside<'_, G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for Inside<'_, G> {}

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

impl<'r, G> Argument<'r, Inside<'r, G>> for Guarded<&'r G> {
    fn argument(place: Inside<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
        Ok(Self(place.0))
    }
}

impl<'r, G: Clone> Argument<'r, Inside<'r, G>> for Guarded<G> {
    fn argument(place: Inside<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
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
pub trait Function<'r, Place, Given, Types> {
    /// What it returns.
    type Output;

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
            F: FnOnce($($given,)* $($made,)*) -> R,
            $($given: FromParameter<'r, $via>,)*
            $($made: Argument<'r, Place>,)*
        {
            type Output = R;

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

/// What can go on from a guard to its endpoint: a type that serde can write and read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot go on from a guard to its endpoint",
    label = "its value cannot be carried",
    note = "derive `serde::Serialize` and `serde::Deserialize` for `{Self}` and what is in it, or return `()`"
)]
pub trait Carry: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Carry for T {}

/// What a guard returns.
#[diagnostic::on_unimplemented(
    message = "a guard cannot return `{Self}`",
    label = "not a `Result`",
    note = "return a `Result<T, E>`: `T` goes on to the endpoint, an `E` that is `IntoResponse` is what the client gets instead"
)]
pub trait Verdict<T> {
    /// The value, or the answer.
    ///
    /// # Errors
    ///
    /// The answer that the guard refused with.
    fn verdict(self) -> Result<T, Answer>;
}

impl<T, E: IntoResponse> Verdict<T> for Result<T, E> {
    fn verdict(self) -> Result<T, Answer> {
        self.map_err(IntoResponse::into_response)
    }
}

/// What a channel function found.
pub fn found<'r, Given, Types, G, F, R>(
    place: Inside<'r, G>,
    head: &'r RequestHead<'r>,
    given: Given,
    function: F,
) -> Result<Vec<Subscription>, Answer>
where
    F: Function<'r, Inside<'r, G>, Given, Types, Output = R>,
    R: IntoSubscriptions,
{
    let subscriptions = function.call(place, given, head)?.into_subscriptions()?;
    check_plain(&subscriptions)?;
    Ok(subscriptions)
}

/// Lets a client in, or not, and says what goes on to the second invocation.
pub fn admit<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<Carried, Answer>
where
    F: Function<'r, Edge, Given, Types, Output = R>,
    R: Verdict<T>,
    T: Carry,
{
    Carried::new(&guard.call(Edge, given, head)?.verdict()?)
}

/// What the guard returned before the handoff.
pub fn guard<'r, Given, Types, F, R, T>(
    head: &'r RequestHead<'r>,
    given: Given,
    guard: F,
) -> Result<T, Answer>
where
    F: Function<'r, Edge, Given, Types, Output = R>,
    R: Verdict<T>,
    T: Carry,
{
    guarded(head, |_| guard.call(Edge, given, head)?.verdict())
}
