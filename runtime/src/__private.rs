//! The items that generated code names. Not part of the API: it changes without notice.

pub use crate::compute::{MainReturn, fall_back, main, not_found, policy};
pub use crate::endpoint::dispatch::{Callable, CallableWith, ChannelResult, NotAsync, found};
pub use crate::endpoint::guard::{GuardData, GuardResult, GuardValue};
pub use crate::endpoint::request::{
    ChannelArgument, ClientArgument, GuardArgument, GuardedArgument, HandlerArgument, HeaderArgument,
    InGuard, InHandler, OptionArgument, QueryArgument, RequestHead, ResultArgument, SocketArgument,
    UnguardedArgument,
};
pub use crate::endpoint::response::{
    Answer, IntoAnswer, IntoEvents, IntoPoll, IntoStream, IntoSubscriptions, answered, hold, hold_of, status,
};
pub use crate::endpoint::routing::{
    Endpoint, Endpoints, FromParameter, Listed, Methods, Part, Route, STAND_IN, Table, channel, count,
    flatten, link, normal, report_conflict, stand_in, template, text,
};
pub use crate::endpoint::websocket::{
    Callbacks, CloseWith, Closed, ConnectionState, FromClose, FromMessage, Incoming, IntoClose, IntoEnd,
    IntoMessages, IntoOpen, IntoReply, IntoState, Stale, begin, connect, for_event, refuse, said, stale,
};
pub use crate::grip::channel::Channel;
pub use crate::grip::sig::Policy;
pub use crate::grip::{Hold, KeepAlive, Link, Subscription};
pub use crate::websocket::{Frame, KeepAlive as SocketKeepAlive, Reply};
pub use core::result::Result;
pub use http::{HeaderName, HeaderValue};
