//! What the function of each kind of endpoint can return. An `Err` is an early answer: nothing is held then.

use crate::grip;

use super::{Answer, IntoResponse};

/// Writes a trait of one method, `fn $method(self) -> Result<$into, Answer>`, and what all of them share:
/// nothing, an option of it, a result of it.
macro_rules! reply {
    ($(#[$doc:meta])* $name:ident, $method:ident -> $into:ty) => {
        $(#[$doc])*
        pub trait $name {
            /// The reply, or the answer that takes its place.
            ///
            /// # Errors
            ///
            /// The answer that the client gets instead.
            fn $method(self) -> Result<$into, Answer>;
        }

        impl $name for () {
            fn $method(self) -> Result<$into, Answer> {
                Ok(Default::default())
            }
        }

        impl<T: $name> $name for Option<T> {
            fn $method(self) -> Result<$into, Answer> {
                self.map_or_else(|| Ok(Default::default()), $name::$method)
            }
        }

        impl<T: $name, E: IntoResponse> $name for Result<T, E> {
            fn $method(self) -> Result<$into, Answer> {
                self.map_err(IntoResponse::into_response)?.$method()
            }
        }
    };
}

reply! {
    /// What the function of an `sse` endpoint returns: the first events of the stream.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not something an `sse` endpoint can send",
        label = "not events",
        note = "return `()`, an `Event`, a `Vec` or array of events, or an `Option` or `Result` of one of these"
    )]
    IntoEvents, into_events -> Vec<u8>
}

impl IntoEvents for grip::Event {
    fn into_events(self) -> Result<Vec<u8>, Answer> {
        Ok(self.to_string().into_bytes())
    }
}

impl IntoEvents for Vec<grip::Event> {
    fn into_events(self) -> Result<Vec<u8>, Answer> {
        Ok(self.iter().map(ToString::to_string).collect::<String>().into_bytes())
    }
}

impl<const N: usize> IntoEvents for [grip::Event; N] {
    fn into_events(self) -> Result<Vec<u8>, Answer> {
        Vec::from(self).into_events()
    }
}

reply! {
    /// What the function of a `stream` endpoint returns: the first bytes of the stream.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not something a `stream` endpoint can send",
        label = "not text or bytes",
        note = "return `()`, text, bytes, or an `Option` or `Result` of one of these"
    )]
    IntoStream, into_stream -> Vec<u8>
}

reply! {
    /// What the function of a `long_poll` endpoint returns: the body that the client gets at the timeout.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not something a `long_poll` endpoint can answer with",
        label = "not a body",
        note = "return `()`, text, bytes, or an `Option` or `Result` of one of these"
    )]
    IntoPoll, into_poll -> Vec<u8>
}

/// Text and bytes, which mean the same to a stream and to a long poll.
macro_rules! body {
    ($($type:ty),*) => {$(
        impl IntoStream for $type {
            fn into_stream(self) -> Result<Vec<u8>, Answer> {
                Ok(self.into())
            }
        }

        impl IntoPoll for $type {
            fn into_poll(self) -> Result<Vec<u8>, Answer> {
                Ok(self.into())
            }
        }
    )*};
}

body!(&str, String, &[u8], Vec<u8>);
