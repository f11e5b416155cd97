use crate::endpoint::request::{FromRequest, RequestHead};
use crate::endpoint::response::{Answer, IntoAnswer};

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
