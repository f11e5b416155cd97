//! The items that generated code names. Not part of the API: it changes without notice.

#[cfg(feature = "compute")]
pub use crate::compute::{MainReturn, fall_back, main, not_found};
#[cfg(feature = "sig")]
pub use crate::endpoint::dispatch::environment::policy;
pub use crate::endpoint::dispatch::{found, parameter, strict_parameter};
pub use crate::endpoint::guard::{GuardValue, guard_text, guard_value_or_run, run_guard, value_of_guard};
pub use crate::endpoint::request::{Argument, InHandler, InPlain, RequestHead, on_compute};
pub use crate::endpoint::response::{
    Answer, IntoAnswer, IntoEvents, IntoPlain, IntoPoll, IntoStream, IntoSubscriptions, Rejection,
    answer_refusal, answered, hold, hold_of, status,
};
pub use crate::endpoint::routing::{
    Endpoint, Endpoints, Listed, Methods, Part, Route, Routes, STAND_IN, Table, channel, channel_of, count,
    flatten, link, normal, report_conflict, stand_in, template, text,
};
pub use crate::endpoint::websocket::{
    Callbacks, CloseWith, Closed, FromClose, FromMessage, Incoming, IntoClose, IntoEnd, IntoMessages,
    IntoOpen, IntoReply, IntoState, Stale, begin, close, connect, for_event, message, refuse, said, stale,
};
pub use crate::grip::channel::Channel;
#[cfg(feature = "compute")]
pub use crate::grip::sig::Policy;
pub use crate::grip::{Hold, KeepAlive, Link, Subscription};
pub use crate::websocket::{Frame, KeepAlive as SocketKeepAlive, Reply};
pub use core::default::Default;
pub use core::fmt::Display;
pub use core::result::Result;
pub use core::{compile_error, concat, module_path, panic, primitive, unreachable};
pub use http::{HeaderName, HeaderValue};
