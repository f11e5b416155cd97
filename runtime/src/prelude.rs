//! The names that most apps use: `use fanout::prelude::*;`.
//!
//! [`Request`], [`Response`] and [`Error`] are the types of the `fastly` crate 0.13, for the body of `main`. They need the
//! feature `compute`, and [`TypedHeader`] needs `typed-header`. The trait [`History`](crate::history::History) is here without its name,
//! for its method `publish`.

#[cfg(feature = "typed-header")]
pub use crate::TypedHeader;
pub use crate::grip::Subscription;
pub use crate::history::History as _;
pub use crate::{
    Answer, Body, Channel, Cookies, Endpoint, Event, Form, FromRequest, Guarded, IntoAnswer, Json,
    LastEventId, LastIds, Poll, Query, Redirect, Refusal, Rejection, RequestHead, WithHold,
};
#[cfg(feature = "compute")]
pub use fastly::{Error, Request, Response};
pub use http::{Method, StatusCode};
