//! The names that most apps use: `use fanout::prelude::*;`.
//!
//! [`Request`], [`Response`] and [`Error`] are the types of the `fastly` crate 0.13, for the body of `main`.

pub use crate::grip::Subscription;
pub use crate::{
    Answer, Channel, Cookies, Endpoint, Event, FromRequest, Guarded, IntoAnswer, Json, LastEventId, LastIds,
    Poll, Query, Redirect, Refusal, Rejection, RequestHead, TypedHeader, WithHold,
};
pub use fastly::{Error, Request, Response};
pub use http::StatusCode;
