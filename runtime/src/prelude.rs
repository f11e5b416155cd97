//! The names that most apps use: `use fanout::prelude::*;`.
//!
//! [`Request`], [`Response`] and [`Error`] are the types of the `fastly` crate 0.13, for the body of `main`. They need the
//! feature `compute`, and [`TypedHeader`] needs `typed-header`.

#[cfg(feature = "typed-header")]
pub use crate::TypedHeader;
pub use crate::grip::Subscription;
pub use crate::{
    Answer, Body, Channel, Cookies, Endpoint, Event, Form, FromRequest, Guarded, IntoAnswer, Json,
    LastEventId, LastIds, Poll, Query, Redirect, Refusal, Rejection, RequestHead, WithHold,
};
#[cfg(feature = "compute")]
pub use fastly::{Error, Request, Response};
pub use http::StatusCode;
