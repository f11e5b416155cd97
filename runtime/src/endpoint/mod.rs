//! The parts of an endpoint that few apps name.
//!
//! The parts that most apps name are in the [root](crate) of the crate, and those of WebSockets are in
//! [`websocket`](crate::websocket). Nothing here needs Compute, so an endpoint can be tested on the host.

pub(crate) mod dispatch;
pub(crate) mod guard;
pub(crate) mod history;
mod read_back;
#[cfg(feature = "sig")]
pub(crate) mod recovery;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod routing;
pub(crate) mod websocket;

pub use guard::{GuardValue, guard_value};
#[cfg(feature = "typed-header")]
pub use request::InvalidHeader;
pub use request::{Headers, InvalidBody, InvalidLastEventId, InvalidQuery, OptionalFromRequest};
pub use response::{IntoEvents, IntoPlain, IntoPoll, IntoStatus, IntoStream, IntoSubscriptions, Opening};
pub use routing::{FromParameter, Kind, Methods, Parameters};

// Generated code alone names these. The compiler's messages show them under this path.
#[doc(hidden)]
pub use dispatch::{Callable, CallableWith, ChannelResult, NotAsync, found};
#[doc(hidden)]
pub use guard::{GuardData, GuardResult, GuardText};
#[doc(hidden)]
pub use history::{HistoryResult, LastingHistory};
#[doc(hidden)]
pub use request::{
    AddressArgument, AddressMessage, Argument, BodyArgument, BorrowedArgument, BorrowedMessage,
    ChannelArgument, ClientArgument, GuardArgument, GuardedArgument, HandlerArgument, HeadArgument,
    HeadMessage, HeaderArgument, HistoryArgument, InGuard, InHandler, InPlain, JsonMessage, OfAppArgument,
    OfAppMessage, OptionArgument, ParametersArgument, ParametersMessage, PartOfHeadArgument,
    PartOfHeadMessage, PlainAddressArgument, PlainArgument, PlainBodyArgument, PlainBorrowedArgument,
    PlainGuardedArgument, PlainHeadArgument, PlainHeaderArgument, PlainOfAppArgument, PlainOptionArgument,
    PlainParametersArgument, PlainPartOfHeadArgument, PlainQueryArgument, PlainResultArgument,
    PlainUnguardedArgument, QueryArgument, ResultArgument, ResultMessage, SocketArgument,
    SocketBorrowedArgument, UnguardedArgument,
};
#[doc(hidden)]
pub use response::{RefusalFunction, RefusalResult};
#[doc(hidden)]
pub use routing::{Endpoints, Listed, StrictError, ViaFromStr, ViaStr};

// The root of the crate re-exports these.
pub(crate) use request::RequestHead;
pub(crate) use response::{Answer, IntoAnswer, Json};
pub(crate) use routing::Route;
