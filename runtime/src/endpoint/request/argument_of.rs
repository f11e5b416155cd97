//! [`Argument`] by the function that takes it. The implementations are the same, and the messages are not: the compiler shows
//! the one of the trait that generated code names.

use super::{Argument, InGuard, InHandler, RequestHead};
use crate::endpoint::dispatch::Maker;
use crate::endpoint::response::Answer;

macro_rules! argument_of {
    ($($(#[$attribute:meta])* $name:ident<'r $(, $value:ident)?> in $place:ty;)*) => {$(
        $(#[$attribute])*
        pub trait $name<'r $(, $value: 'r)?>: Sized {
            /// [`Argument::argument`].
            ///
            /// # Errors
            ///
            /// The answer, if the argument cannot be made.
            fn make(place: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer>;

            /// The maker of the argument.
            fn maker() -> Maker<'r, Self, $place>;
        }

        #[diagnostic::do_not_recommend]
        impl<'r, T: Argument<'r, $place> $(, $value: 'r)?> $name<'r $(, $value)?> for T {
            fn make(place: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Self::argument(place, head)
            }

            fn maker() -> Maker<'r, Self, $place> {
                Maker::new()
            }
        }
    )*};
}

argument_of! {
    /// An argument of a guard.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made from a client request",
        label = "this guard has a parameter of the type `{Self}`",
        note = "a guard takes extractors: `&RequestHead`, `Query<T>`, `TypedHeader<T>`, `Cookies`, a type that implements `fanout::FromRequest`, and also `ClientAddr`, `ClientGeo` and `ClientRequest`",
        note = "if it is a path parameter, give it in the attribute: `guard = function(name)`",
        note = "a guard cannot take the body of the request, which the handler gets"
    )]
    GuardArgument<'r> in InGuard;

    /// An argument of a channel function.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made from a request",
        label = "this channel function has a parameter of the type `{Self}`",
        note = "a channel function takes extractors: `&RequestHead`, `Query<T>`, `TypedHeader<T>`, `Cookies`, a type that implements `fanout::FromRequest`, and also `Request` and the guard value as `Guarded<&T>`",
        note = "if it is a path parameter, give it in the attribute: `channel = function(name)`"
    )]
    ChannelArgument<'r, G> in InHandler<'r, G>;

    /// An argument of a handler.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made from a request",
        label = "not an extractor that a handler can take",
        note = "take an extractor: `&RequestHead`, `Query<T>`, `TypedHeader<T>`, `Cookies`, `LastEventId`, or implement `fanout::FromRequest` for `{Self}`",
        note = "if it is a path parameter, write its name in the path: `path = \"/…/{{name}}\"`",
        note = "if it is the body of the request, take the `Request`, and read its body"
    )]
    HandlerArgument<'r, G> in InHandler<'r, G>;

    /// An argument of a WebSocket function without a message.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made from a request",
        label = "neither a message nor an extractor",
        note = "if it is the message, take `&str` or `String` for text, `&[u8]` or `Vec<u8>` for bytes, `Message` for both, or `Json<{Self}>`; name a message of another type in the attribute: `message = name`",
        note = "otherwise take an extractor: `&RequestHead`, `Query<T>`, `TypedHeader<T>`, `Cookies`, or implement `fanout::FromRequest` for `{Self}`",
        note = "if it is a path parameter, write its name in the path: `path = \"/…/{{name}}\"`"
    )]
    SocketArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as a query.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be read from a query",
        label = "serde cannot deserialize the type in it",
        note = "derive `serde::Deserialize` for that type: a struct with a field for each name in the query"
    )]
    QueryArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as a header.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be read from a header",
        label = "the type in it is not a header",
        note = "take a type of `fanout::headers`, or implement `fanout::headers::Header` for that type"
    )]
    HeaderArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as an extractor of guards.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is for guards: a handler runs on the request of the proxy",
        label = "only a guard sees the request of the client",
        note = "take it in the guard, and return from there what the handler needs: it gets the guard value as `Guarded<&T>`"
    )]
    ClientArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as an optional extractor.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made from a request",
        label = "not an extractor that can be optional",
        note = "take an `Option` of `Query<T>`, `TypedHeader<T>` or `LastEventId`, or implement `fanout::endpoint::OptionalFromRequest` for the type in it"
    )]
    OptionArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as an extractor with its error.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made from a request",
        label = "not an extractor with its own error",
        note = "write `Result<Query<T>, InvalidQuery>`, `Result<TypedHeader<T>, InvalidHeader>` or `Result<LastEventId, InvalidLastEventId>`, with the errors of `fanout::endpoint`",
        note = "for another extractor, the error is its `FromRequest::Rejection`"
    )]
    ResultArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as the guard value.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not the guard value of this endpoint",
        label = "the guard returns `{G}`",
        note = "take `Guarded<&{G}>`, or `Guarded<{G}>` if `{G}` is `Clone`"
    )]
    GuardedArgument<'r, G> in InHandler<'r, G>;

    /// An argument that the attribute reads as the guard value, of an endpoint without a guard.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is a guard value, and this endpoint has no guard",
        label = "no guard returns it",
        note = "name the function that admits a client in the attribute: `guard = function`"
    )]
    UnguardedArgument<'r> in InHandler<'r, ()>;
}
