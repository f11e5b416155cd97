//! Answers, and the return values of handlers.

mod answer;
pub(crate) mod cors;
pub(crate) mod forms;
mod from_hold;
mod handler_answer;
mod into_events;
mod into_plain;
mod into_poll;
mod into_stream;
mod into_subscriptions;
mod json;
mod opening;
mod reason;
mod redirect;
mod refusal;
mod refuse;
mod rejection;

pub(crate) use answer::by_question_mark;
pub use answer::{Answer, IntoAnswer, IntoStatus};
#[cfg(feature = "sig")]
pub(crate) use from_hold::{NOT_HELD, Rel};
pub(crate) use handler_answer::subscriptions;
pub use handler_answer::{
    answered, hold, hold_of, hold_one, hold_without_opening, new_hold, no_opening, status,
};
pub use into_events::IntoEvents;
pub use into_plain::IntoPlain;
pub use into_poll::{IntoPoll, Poll};
pub use into_stream::IntoStream;
pub use into_subscriptions::IntoSubscriptions;
pub(crate) use into_subscriptions::check_plain;
pub use json::Json;
pub use opening::{Opening, WithHold};
pub use reason::Reason;
pub use redirect::Redirect;
pub use refusal::Refusal;
pub use refuse::{RefusalFunction, RefusalResult};
pub(crate) use refuse::{Refuse, reworded};
pub use rejection::Rejection;
