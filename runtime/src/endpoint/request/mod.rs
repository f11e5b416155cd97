//! Extractors, and the head of a request that they read.

mod argument;
mod argument_of;
mod body;
mod client;
mod compute_only;
mod cookies;
mod from_request;
mod geo;
mod head;
mod header_source;
mod host;
mod last_event_id;
mod last_ids;
mod link_query;
mod query;
#[cfg(test)]
mod tests;
#[cfg(feature = "typed-header")]
mod typed_header;

pub use argument::{Argument, Guarded, InGuard, InHandler, InPlain};
pub use argument_of::{
    AddressArgument, AddressMessage, BodyArgument, BorrowedArgument, BorrowedMessage, ChannelArgument,
    ClientArgument, GuardArgument, GuardedArgument, HandlerArgument, HeadArgument, HeadMessage,
    HeaderArgument, HistoryArgument, JsonMessage, OfAppArgument, OfAppMessage, OptionArgument,
    ParametersArgument, ParametersMessage, PartOfHeadArgument, PartOfHeadMessage, PlainAddressArgument,
    PlainArgument, PlainBodyArgument, PlainBorrowedArgument, PlainGuardedArgument, PlainHeadArgument,
    PlainHeaderArgument, PlainOfAppArgument, PlainOptionArgument, PlainParametersArgument,
    PlainPartOfHeadArgument, PlainQueryArgument, PlainResultArgument, PlainUnguardedArgument, QueryArgument,
    ResultArgument, ResultMessage, SocketArgument, SocketBorrowedArgument, UnguardedArgument,
};
pub use body::{Body, Form, InvalidBody};
pub use client::ClientAddr;
#[cfg(feature = "compute")]
pub(crate) use client::unknown_client;
#[cfg(feature = "testing")]
pub(crate) use compute_only::{COMPUTE_ONLY, ComputeOnly};
pub(crate) use compute_only::{IS_ELSEWHERE, on_compute_only};
pub use cookies::Cookies;
pub use from_request::{FromRequest, OptionalFromRequest};
pub use geo::Geo;
pub use head::RequestHead;
pub(crate) use head::{MethodSource, Rerun, Sender};
pub(crate) use header_source::HeaderSource;
pub use header_source::Headers;
pub(crate) use host::{Host, NoBody};
pub use last_event_id::{InvalidLastEventId, LastEventId};
pub use last_ids::LastIds;
#[cfg(feature = "sig")]
pub(crate) use link_query::{CHANNELS, digest};
pub(crate) use link_query::{GUARD_HEADER, LinkValues, split_query};
pub use query::{InvalidQuery, Query};
#[cfg(feature = "typed-header")]
pub use typed_header::{InvalidHeader, TypedHeader};
