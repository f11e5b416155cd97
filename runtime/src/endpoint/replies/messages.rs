use crate::endpoint::{Answer, IntoResponse};
use crate::grip::websocket;

/// What the function of a `ws` endpoint returns: the messages that the client gets when the connection opens.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something a `ws` endpoint can send",
    label = "not a message",
    note = "return `()`, text, bytes, or an `Option` or `Result` of one of these"
)]
pub trait IntoMessages {
    /// The reply, or the answer that takes its place.
    ///
    /// # Errors
    ///
    /// The answer that the client gets instead.
    fn into_messages(self) -> Result<websocket::Reply, Answer>;
}

impl IntoMessages for () {
    fn into_messages(self) -> Result<websocket::Reply, Answer> {
        Ok(websocket::Reply::new())
    }
}

impl<T: IntoMessages> IntoMessages for Option<T> {
    fn into_messages(self) -> Result<websocket::Reply, Answer> {
        self.map_or_else(|| Ok(websocket::Reply::new()), IntoMessages::into_messages)
    }
}

impl<T: IntoMessages, E: IntoResponse> IntoMessages for Result<T, E> {
    fn into_messages(self) -> Result<websocket::Reply, Answer> {
        self.map_err(IntoResponse::into_response)?.into_messages()
    }
}

/// One message, text or binary.
macro_rules! message {
    ($($type:ty => $method:ident),*) => {$(
        impl IntoMessages for $type {
            fn into_messages(self) -> Result<websocket::Reply, Answer> {
                let mut reply = websocket::Reply::new();
                reply.$method(self);
                Ok(reply)
            }
        }
    )*};
}

message!(&str => text, String => text, &[u8] => binary, Vec<u8> => binary);
