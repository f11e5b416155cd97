use super::{FromRequest, RequestHead};
use crate::endpoint::response::{Answer, IntoAnswer};

/// An argument by the place of the call: every [`FromRequest`], and a few types of one place.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a request",
    label = "not an extractor that this function can take",
    note = "take an extractor such as `Query<T>`, `TypedHeader<T>` or `&RequestHead`, or implement `fanout::FromRequest` for `{Self}`",
    note = "take the body of the request as `Json<T>` or `Form<T>` of a type that implements `serde::Deserialize`, as `Body<String>` or as `Body<Vec<u8>>`",
    note = "take the guard value as `Guarded<&T>`, or as `Guarded<T>` if `T` is `Clone`: the guard of this endpoint returns a `T`",
    note = "if this is the message of a WebSocket, name the parameter in the attribute: `message = name`",
    note = "`ClientAddr`, `ClientGeo` and `ClientRequest` are for guards and plain endpoints; `Guarded`, `Request` and the body are for handlers and channel functions"
)]
#[cfg_attr(
    not(feature = "compute"),
    diagnostic::on_unimplemented(
        note = "`ClientGeo`, `ClientRequest` and `Request` need the feature `compute` of the crate `fanout`"
    )
)]
pub trait Argument<'r, Place>: Sized {
    /// True if the argument takes the body of the request, which only one argument can have.
    const TAKES_BODY: bool = false;

    /// True if the argument is a type of the `fastly` crate, whose hostcalls link on Compute only.
    const COMPUTE_ONLY: bool = false;

    /// Makes the value.
    ///
    /// # Errors
    ///
    /// The answer, if the argument cannot be made.
    fn argument(place: Place, head: &'r RequestHead<'r>) -> Result<Self, Answer>;
}

#[diagnostic::do_not_recommend]
impl<'r, T: FromRequest<'r>, Place> Argument<'r, Place> for T {
    fn argument(_: Place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
        T::from_request(head).map_err(IntoAnswer::into_answer)
    }
}

/// The place of a guard: the client request.
#[derive(Clone, Copy, Debug)]
pub struct InGuard;

/// The place of a handler and of a channel function: the Fanout request, with the guard value.
#[derive(Debug)]
pub struct InHandler<'r, G>(pub &'r G);

impl<G> Clone for InHandler<'_, G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for InHandler<'_, G> {}

/// The place of the handler of a plain endpoint: the client request, with the guard value.
#[derive(Debug)]
pub struct InPlain<'r, G>(pub &'r G);

impl<G> Clone for InPlain<'_, G> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<G> Copy for InPlain<'_, G> {}

/// The guard value as an argument: `Guarded(user): Guarded<&User>`, or `Guarded<User>` for a type that is [`Clone`].
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

macro_rules! guarded {
    ($($place:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'r, G> Argument<'r, $place<'r, G>> for Guarded<&'r G> {
            fn argument(place: $place<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(Self(place.0))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'r, G: Clone> Argument<'r, $place<'r, G>> for Guarded<G> {
            fn argument(place: $place<'r, G>, _: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Ok(Self(place.0.clone()))
            }
        }
    )*};
}

guarded!(InHandler, InPlain);
