use http::StatusCode;

use super::{Answer, IntoAnswer, IntoSubscriptions, Opening};
use crate::grip::{Hold, Subscription};

/// What a function comes to.
pub fn answered(run: impl FnOnce() -> Result<Answer, Answer>) -> Answer {
    run().unwrap_or_else(|answer| answer)
}

/// Holds a response that begins with what the function returned, or answers what it refused with.
pub fn hold(hold: Hold, opening: Result<Opening, Answer>) -> Result<Answer, Answer> {
    Ok(opening?.answer(hold))
}

/// The hold, made by `constructor`, of what is to be subscribed to.
pub fn hold_of(
    constructor: fn(Subscription) -> Hold,
    channels: impl IntoSubscriptions,
) -> Result<Hold, Answer> {
    let mut subscriptions = subscriptions(channels)?.into_iter();
    let Some(first) = subscriptions.next() else {
        crate::log::line(
            "a function found no channel for a hold; where the client is to be refused, return an `Err`",
        );
        return Err(Answer::text(500, "there is no channel to listen to\n"));
    };
    Ok(constructor(first).channels(subscriptions))
}

/// A path can make a channel longer than one can be.
pub(crate) fn subscriptions(channels: impl IntoSubscriptions) -> Result<Vec<Subscription>, Answer> {
    let subscriptions = channels.into_subscriptions()?;
    let invalid = subscriptions.iter().find_map(|subscription| subscription.channel().check().err());
    invalid.map_or(Ok(subscriptions), |error| Err(error.into_answer()))
}

/// A status that the attribute has checked.
pub fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or_default()
}
