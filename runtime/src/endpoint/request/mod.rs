//! Extractors, and the head of a request that they read.

mod argument;
mod argument_of;
mod cookies;
mod from_request;
mod head;
mod header_source;
mod last_event_id;
mod last_ids;
mod query;
#[cfg(test)]
mod tests;
mod typed_header;

pub use argument::{Argument, Guarded, InGuard, InHandler};
pub use argument_of::{
    ChannelArgument, ClientArgument, GuardArgument, GuardedArgument, HandlerArgument, HeaderArgument,
    OptionArgument, QueryArgument, ResultArgument, SocketArgument, UnguardedArgument,
};
pub use cookies::Cookies;
pub use from_request::{FromRequest, OptionalFromRequest};
pub use head::RequestHead;
pub(crate) use head::{GUARD_HEADER, Sender};
pub(crate) use header_source::HeaderSource;
pub use header_source::Headers;
pub use last_event_id::{InvalidLastEventId, LastEventId};
pub use last_ids::LastIds;
pub use query::{InvalidQuery, Query};
pub use typed_header::{InvalidHeader, TypedHeader};
