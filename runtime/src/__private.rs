//! The items that generated code names. Not part of the API: it changes without notice.

#[cfg(all(feature = "routes", not(target_family = "wasm")))]
pub use crate::__written as written;
#[cfg(feature = "compute")]
pub use crate::compute::{MainParameter, MainReturn, Reuse, fall_back, main, main_again, not_found};
#[cfg(feature = "sig")]
pub use crate::endpoint::dispatch::environment::policy;
pub use crate::endpoint::dispatch::{Callable, CallableWith, ChannelResult, NotAsync, found};
pub use crate::endpoint::guard::{GuardData, GuardResult, GuardText, GuardValue};
pub use crate::endpoint::history::{HistoryResult, LastingHistory, from_history, own_link};
pub use crate::endpoint::request::{
    AddressArgument, AddressMessage, BodyArgument, BorrowedArgument, BorrowedMessage, ChannelArgument,
    ClientArgument, GuardArgument, GuardedArgument, HandlerArgument, HeadArgument, HeadMessage,
    HeaderArgument, HistoryArgument, InGuard, InHandler, InPlain, JsonMessage, OfAppArgument, OfAppMessage,
    OptionArgument, ParametersArgument, ParametersMessage, PartOfHeadArgument, PartOfHeadMessage,
    PlainAddressArgument, PlainArgument, PlainBodyArgument, PlainBorrowedArgument, PlainGuardedArgument,
    PlainHeadArgument, PlainHeaderArgument, PlainOfAppArgument, PlainOptionArgument, PlainParametersArgument,
    PlainPartOfHeadArgument, PlainQueryArgument, PlainResultArgument, PlainUnguardedArgument, QueryArgument,
    RequestHead, ResultArgument, ResultMessage, SocketArgument, SocketBorrowedArgument, UnguardedArgument,
};
pub use crate::endpoint::response::{
    Answer, IntoAnswer, IntoEvents, IntoPlain, IntoPoll, IntoStream, IntoSubscriptions, RefusalFunction,
    RefusalResult, Rejection, answered, hold, hold_of, hold_one, hold_without_opening, new_hold, no_opening,
    status,
};
pub use crate::endpoint::routing::{
    Endpoint, Endpoints, FromParameter, Kind, Listed, Methods, Part, Route, Routes, STAND_IN, Table, channel,
    channel_of, channel_of_two, count, flatten, link, normal, one_lifetime, one_lifetime_of_events,
    report_conflict, stand_in, template, text,
};
pub use crate::endpoint::websocket::{
    Callbacks, CloseWith, Closed, ConnectionByDefault, ConnectionState, FromClose, FromMessage, Incoming,
    IntoClose, IntoEnd, IntoMessages, IntoOpen, IntoReply, IntoState, Stale, begin, connect, for_event,
    refuse, said, stale,
};
pub use crate::grip::channel::Channel;
#[cfg(feature = "compute")]
pub use crate::grip::sig::Policy;
pub use crate::grip::{Hold, KeepAlive, Link, Subscription};
pub use crate::websocket::{Frame, KeepAlive as SocketKeepAlive, Reply};
pub use crate::{__about as about, __describe as describe, __describe_list as describe_list, __hold as hold};
pub use core::convert::identity;
pub use core::default::Default;
pub use core::fmt::Display;
pub use core::result::Result;
pub use core::{compile_error, concat, module_path, panic, primitive, unreachable};
pub use fanout_macros::Deprecated;
pub use http::{HeaderName, HeaderValue};

/// The description of an app.
#[cfg(all(feature = "routes", not(target_family = "wasm")))]
pub mod routes {
    pub use crate::routes::{
        About, App, DESCRIBES, Data, DataUnknown, Endpoint, Received, ReceivedUnknown, describe, list, value,
    };
}
