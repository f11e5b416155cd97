//! What an app needs in scope: `use fanout::prelude::*;`.
//!
//! [`Request`], [`Response`] and [`Error`] are the `fastly` crate's own, of its version 0.13, for the body of `main`.

pub use crate::endpoint::{Answer, Endpoint, FromRequest, IntoAnswer, RequestHead};
pub use crate::endpoint::{
    Cookies, Guarded, Json, LastEventId, Poll, Query, Redirect, Refusal, TypedHeader, WithHold,
};
pub use crate::grip::{Channel, Event};
pub use fastly::{Error, Request, Response};
