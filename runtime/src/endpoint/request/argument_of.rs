//! [`Argument`] by the function that takes it, and [`FromMessage`] by the form of the type. The implementations are the same, and
//! the messages are not: the compiler shows the one of the trait that generated code names.

use super::{Argument, IS_ELSEWHERE, InGuard, InHandler, InPlain, RequestHead, on_compute_only};
use crate::endpoint::dispatch::Maker;
use crate::endpoint::response::Answer;
use crate::endpoint::websocket::{CloseWith, FromMessage, Incoming};

/// Makes the traits. Places with the same words share their attributes. A name in parentheses is that of a message.
macro_rules! argument_of {
    ($([$($attributes:tt)*] $(($message:ident);)? $($name:ident<'r $(, $value:ident)?> in $place:ty;)*)*) => {$(
        argument_of!(@ [$($attributes)*] $(($message);)? $($name<'r $(, $value)?> in $place;)*);
    )*};
    (@ $attributes:tt $(($message:ident);)? $($name:ident<'r $(, $value:ident)?> in $place:ty;)*) => {
        $(argument_of!(@message $attributes $message);)?
        $(argument_of!(@one $attributes $name<'r $(, $value)?> in $place);)*
    };
    (@message [$($attributes:tt)*] $name:ident) => {
        $($attributes)*
        pub trait $name<'m>: Sized {
            /// [`FromMessage::argument`].
            ///
            /// # Errors
            ///
            /// The close.
            fn argument(message: Incoming<'m>) -> Result<Self, CloseWith>;
        }

        #[diagnostic::do_not_recommend]
        impl<'m, T: FromMessage<'m>> $name<'m> for T {
            fn argument(message: Incoming<'m>) -> Result<Self, CloseWith> {
                FromMessage::argument(message)
            }
        }
    };
    (@one [$($attributes:tt)*] $name:ident<'r $(, $value:ident)?> in $place:ty) => {
        $($attributes)*
        pub trait $name<'r $(, $value: 'r)?>: Sized {
            /// [`Argument::argument`].
            ///
            /// # Errors
            ///
            /// The answer, if the argument cannot be made.
            fn make(place: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer>;

            /// Calls a handler with an argument that may be a type of the `fastly` crate.
            ///
            /// # Panics
            ///
            /// On other targets than Compute, if it is one. There the handler is not compiled into the program.
            fn on_compute<R>(place: $place, argument: Self, handler: impl FnOnce(Self) -> R) -> R;

            /// Gives the maker of the argument to the call of a function.
            ///
            /// # Panics
            ///
            /// As [`on_compute`](Self::on_compute).
            fn with_maker<R>(call: impl FnOnce(Maker<'r, Self, $place>) -> R) -> R;
        }

        #[diagnostic::do_not_recommend]
        impl<'r, T: Argument<'r, $place> $(, $value: 'r)?> $name<'r $(, $value)?> for T {
            fn make(place: $place, head: &'r RequestHead<'r>) -> Result<Self, Answer> {
                Self::argument(place, head)
            }

            fn on_compute<R>(_: $place, argument: Self, handler: impl FnOnce(Self) -> R) -> R {
                if const { IS_ELSEWHERE && T::COMPUTE_ONLY } {
                    on_compute_only()
                }
                handler(argument)
            }

            fn with_maker<R>(call: impl FnOnce(Maker<'r, Self, $place>) -> R) -> R {
                if const { IS_ELSEWHERE && T::COMPUTE_ONLY } {
                    on_compute_only()
                }
                call(Maker::new())
            }
        }
    };
}

argument_of! {
    [
        /// An argument of a guard.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a client request",
            label = "this guard has a parameter of the type `{Self}`",
            note = "a guard takes extractors: `&RequestHead`, and by value `Query<T>`, `TypedHeader<T>`, `Cookies`, a type that implements `fanout::FromRequest`, and also `ClientAddr`, `ClientGeo` and `ClientRequest`",
            note = "if it is a path parameter, give it in the attribute: `guard = function(name)`",
            note = "a guard cannot take the body of the request (`Json`, `Form` or `Body`), which the handler gets"
        )]
        #[cfg_attr(not(feature = "compute"), diagnostic::on_unimplemented(
            note = "`ClientGeo` and `ClientRequest` need the feature `compute` of the crate `fanout`"
        ))]
    ]
    GuardArgument<'r> in InGuard;

    [
        /// An argument of a channel function.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a request",
            label = "this channel function has a parameter of the type `{Self}`",
            note = "a channel function takes extractors: `&RequestHead`, and by value `Query<T>`, `TypedHeader<T>`, `Cookies`, a type that implements `fanout::FromRequest`, and also `Request`, the body as `Json<T>`, `Form<T>` or `Body<String>`, and the guard value as `Guarded<&T>`",
            note = "if it is a path parameter, give it in the attribute: `channel = function(name)`"
        )]
        #[cfg_attr(not(feature = "compute"), diagnostic::on_unimplemented(
            note = "`Request` needs the feature `compute` of the crate `fanout`"
        ))]
    ]
    ChannelArgument<'r, G> in InHandler<'r, G>;

    [
        /// An argument of a history function.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a request",
            label = "this history function has a parameter of the type `{Self}`",
            note = "a history function takes extractors: `&RequestHead`, and by value `Query<T>`, a type that implements `fanout::FromRequest`, and the guard value as `Guarded<&T>`",
            note = "if it is a path parameter, give it in the attribute: `history = function(name)`"
        )]
        #[cfg_attr(not(feature = "compute"), diagnostic::on_unimplemented(
            note = "`Request` needs the feature `compute` of the crate `fanout`"
        ))]
    ]
    HistoryArgument<'r, G> in InHandler<'r, G>;

    [
        /// An argument of a handler.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a request",
            label = "not an extractor that a handler can take",
            note = "take an extractor: `&RequestHead`, `Query<T>`, `TypedHeader<T>`, `Cookies`, `LastEventId`, the guard value as `Guarded<T>`, or implement `fanout::FromRequest` for `{Self}`",
            note = "if it is a path parameter, write its name in the path: `path = \"/…/{{name}}\"`",
            note = "if it is the body of the request, take `Json<T>`, `Form<T>`, `Body<String>` or `Body<Vec<u8>>`"
        )]
        #[cfg_attr(not(feature = "compute"), diagnostic::on_unimplemented(
            note = "`Request` needs the feature `compute` of the crate `fanout`"
        ))]
    ]
    HandlerArgument<'r, G> in InHandler<'r, G>;
    PlainArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument of a WebSocket function without a message.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a request",
            label = "neither a message nor an extractor",
            note = "if it is the message, take `&str` or `String` for text, `&[u8]` or `Vec<u8>` for bytes, `fanout::websocket::Message` for both, or `Json<T>`; name a message of another type in the attribute: `message = name`",
            note = "otherwise take an extractor: `&RequestHead`, `Query<T>`, `TypedHeader<T>`, `Cookies`, or implement `fanout::FromRequest` for `{Self}`",
            note = "if it is a path parameter, write its name in the path: `path = \"/…/{{name}}\"`"
        )]
    ]
    SocketArgument<'r, G> in InHandler<'r, G>;

    [
        /// An argument that the attribute reads as the body.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be read from the body of a request",
            label = "the type in it does not fit",
            note = "for `Json` and `Form`, derive `serde::Deserialize` for that type",
            note = "`Body` takes `String` or `Vec<u8>`"
        )]
    ]
    BodyArgument<'r, G> in InHandler<'r, G>;
    PlainBodyArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as a query.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be read from a query",
            label = "serde cannot deserialize the type in it",
            note = "derive `serde::Deserialize` for that type: a struct with a field for each name in the query"
        )]
    ]
    QueryArgument<'r, G> in InHandler<'r, G>;
    PlainQueryArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as a header.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be read from a header",
            label = "the type in it is not a header",
            note = "take a type of `fanout::headers`, or implement `fanout::headers::Header` for that type"
        )]
    ]
    HeaderArgument<'r, G> in InHandler<'r, G>;
    PlainHeaderArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as an extractor of guards.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` is for guards and plain endpoints: this handler runs on the request of the proxy",
            label = "only a guard sees the request of the client",
            note = "take it in the guard, and return from there what the handler needs: it gets the guard value as `Guarded<&T>`"
        )]
    ]
    ClientArgument<'r, G> in InHandler<'r, G>;

    [
        /// An argument that the attribute reads as an optional extractor.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a request",
            label = "not an extractor that can be optional",
            note = "take an `Option` of `Query<T>`, `TypedHeader<T>`, `LastEventId`, `Json<T>`, `Form<T>` or `Body<String>`, or implement `fanout::endpoint::OptionalFromRequest` for the type in it"
        )]
    ]
    OptionArgument<'r, G> in InHandler<'r, G>;
    PlainOptionArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as an extractor with its error.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a request",
            label = "not an extractor with its own error",
            note = "write `Result<Query<T>, InvalidQuery>`, `Result<TypedHeader<T>, InvalidHeader>`, `Result<LastEventId, InvalidLastEventId>`, or `Result<Json<T>, InvalidBody>`, with the errors of `fanout::endpoint`; `Form` and `Body` have the error of `Json`",
            note = "for another extractor, the error is its `FromRequest::Rejection`"
        )]
    ]
    ResultArgument<'r, G> in InHandler<'r, G>;
    PlainResultArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as the guard value.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` is not the guard value of this endpoint",
            label = "the guard returns `{G}`",
            note = "take `Guarded<&{G}>`, or `Guarded<{G}>` if `{G}` is `Clone`"
        )]
    ]
    GuardedArgument<'r, G> in InHandler<'r, G>;
    PlainGuardedArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as the guard value, of an endpoint without a guard.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` is a guard value, and this endpoint has no guard",
            label = "no guard returns it",
            note = "name the function that admits a client in the attribute: `guard = function`"
        )]
    ]
    UnguardedArgument<'r> in InHandler<'r, ()>;
    PlainUnguardedArgument<'r> in InPlain<'r, ()>;

    [
        /// An argument that the attribute reads as the JSON of a message.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be read from a message",
            label = "serde cannot deserialize the type in it",
            note = "derive `serde::Deserialize` for that type and what is in it"
        )]
    ]
    (JsonMessage);

    [
        /// An argument that the attribute reads as a message with its error.
        #[diagnostic::on_unimplemented(
            message = "`{Self}` cannot be made from a message",
            label = "not a message with its own error",
            note = "write `Result<Json<T>, InvalidJson>`, or `Result<String, WrongKind>` for text and `Result<Vec<u8>, WrongKind>` for bytes, with the errors of `fanout::websocket`",
            note = "for `Json<T>`, derive `serde::Deserialize` for `T`"
        )]
    ]
    (ResultMessage);

    [
        /// An argument that the attribute reads as a reference.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "a reference",
            note = "write the type without the reference: a handler takes extractors by value, such as `Query<T>`, `Cookies` or `Json<T>`, and borrows only the head of the request, as `&RequestHead`",
            note = "if it is a path parameter, write its name in the path: `path = \"/…/{{name}}\"`"
        )]
    ]
    BorrowedArgument<'r, G> in InHandler<'r, G>;
    PlainBorrowedArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument of a WebSocket that the attribute reads as a reference.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "a reference",
            note = "write the type without the reference: a handler takes messages and extractors by value, such as `Json<T>`, `Query<T>` or `Cookies`, and borrows only text as `&str`, bytes as `&[u8]` and the head of the request as `&RequestHead`"
        )]
    ]
    (BorrowedMessage);
    SocketBorrowedArgument<'r, G> in InHandler<'r, G>;

    [
        /// An argument that the attribute reads as the head of the request.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "the head belongs to the request",
            note = "borrow it: `&RequestHead`"
        )]
    ]
    (HeadMessage);
    HeadArgument<'r, G> in InHandler<'r, G>;
    PlainHeadArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as a part of the head, which other libraries give to a handler.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "not an extractor",
            note = "take `&RequestHead`, which has the headers, the path and the query, or one header as `TypedHeader<T>`, or `Cookies`"
        )]
    ]
    (PartOfHeadMessage);
    PartOfHeadArgument<'r, G> in InHandler<'r, G>;
    PlainPartOfHeadArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as the address of the client, which other libraries give to a handler.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "not an extractor",
            note = "take the address of the client as `ClientAddr` in a guard or a plain endpoint: other handlers run on the request of the proxy, and get the guard value as `Guarded<T>`"
        )]
    ]
    (AddressMessage);
    AddressArgument<'r, G> in InHandler<'r, G>;
    PlainAddressArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as the path parameters, which other libraries give to a handler.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "not an extractor",
            note = "take each path parameter by its name: `name: u32` for `path = \"/…/{{name}}\"`"
        )]
    ]
    (ParametersMessage);
    ParametersArgument<'r, G> in InHandler<'r, G>;
    PlainParametersArgument<'r, G> in InPlain<'r, G>;

    [
        /// An argument that the attribute reads as the state of the app, which other libraries give to a handler.
        #[diagnostic::on_unimplemented(
            message = "a handler cannot take `{Self}`",
            label = "not an extractor",
            note = "an app keeps no state for its handlers: open in the handler what it needs, or use a `static`",
            note = "take the value that the guard returns as `Guarded<T>`"
        )]
    ]
    (OfAppMessage);
    OfAppArgument<'r, G> in InHandler<'r, G>;
    PlainOfAppArgument<'r, G> in InPlain<'r, G>;
}
