//! The types of WebSocket endpoints.
//!
//! | | |
//! |---|---|
//! | [`Message`], [`Incoming`], [`FromMessage`] | messages from a client |
//! | [`Messages`], [`Reply`], [`Frame`], [`KeepAlive`] | messages to a client, and instructions to the proxy |
//! | [`CloseWith`], [`IntoClose`], [`Close`], [`CloseCode`] | closes |
//! | [`State`], [`Stale`] | connection state |
//! | [`Subprotocol`], [`check_origin`], [`choose_subprotocol`] | the handshake |
//! | [`Callbacks`] | a connection without the attribute |
//!
//! The [guide](crate::guide::websockets) explains how they work together. [`grip::websocket`](crate::grip::websocket) has the
//! wire format.

pub use crate::endpoint::websocket::{
    Callbacks, CloseWith, Closed, FromMessage, Incoming, IntoClose, InvalidJson, JsonReadError, MAX_STATE,
    Message, Messages, Stale, State, Subprotocol, WrongKind, check_origin, choose_subprotocol,
};
pub use crate::grip::websocket::close::{Close, CloseCode, InvalidClose, InvalidCloseCode};
pub use crate::grip::websocket::control::{Frame, KeepAlive};
pub use crate::grip::websocket::invalid_reply::InvalidReply;
pub use crate::grip::websocket::reply::Reply;

// Generated code alone names these. The compiler's messages show them under this path.
#[doc(hidden)]
pub use crate::endpoint::websocket::{
    ConnectionByDefault, ConnectionState, FromClose, IntoEnd, IntoMessages, IntoOpen, IntoReply, IntoState,
};
