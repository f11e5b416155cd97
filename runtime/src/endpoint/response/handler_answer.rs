use http::StatusCode;

use super::{Answer, IntoAnswer, IntoSubscriptions, Opening, Reason};
use crate::grip::channel::Channel;
use crate::grip::{Hold, Subscription};

/// Joins the two kinds of answers of a handler.
pub fn answered(run: impl FnOnce() -> Result<Answer, Answer>) -> Answer {
    run().unwrap_or_else(|answer| answer)
}

/// Holds the response, or returns the early answer.
pub fn hold(hold: Hold, opening: Result<Opening, Answer>) -> Result<Answer, Answer> {
    Ok(opening?.answer(hold))
}

/// The hold of an endpoint kind with its subscriptions.
pub fn hold_of(
    constructor: fn(Subscription) -> Hold,
    channels: impl IntoSubscriptions,
) -> Result<Hold, Answer> {
    let mut subscriptions = subscriptions(channels)?.into_iter();
    let Some(first) = subscriptions.next() else {
        crate::log::line(
            "the channel function returned no channel, and a hold needs one; to refuse the client, return an `Err`",
        );
        return Err(Answer::refused(Reason::Internal, "there is no channel to listen to"));
    };
    let mut hold = constructor(first).channels(subscriptions);
    let found = hold.instruction.subscriptions.iter().filter(|subscription| subscription.is_found);
    let found: Vec<_> = found.cloned().collect();
    hold.instruction.found = (!found.is_empty()).then_some(found);
    Ok(hold)
}

/// The answer of a hold with one channel. The compiler checks this one call faster than calls with a `?` each, and a type that is not
/// generic faster than `impl IntoSubscriptions`.
pub fn hold_one(
    constructor: fn(Subscription) -> Hold,
    channel: Channel,
    open: impl FnOnce() -> Result<Opening, Answer>,
) -> Answer {
    answered(|| hold(hold_of(constructor, channel)?, open()))
}

/// The opening of a handler that returns nothing. The compiler looks for no conversion then.
pub fn no_opening((): ()) -> Result<Opening, Answer> {
    Ok(Opening::default())
}

/// Makes the functions of each kind of hold. The compiler checks a call of them faster than one of [`Hold`]'s constructors, which are
/// generic.
macro_rules! of_each_kind {
    ($($kind:ident)*) => {
        /// The constructors of holds.
        pub mod new_hold {
            use crate::grip::{Hold, Subscription};

            $(
                /// The constructor of this kind.
                pub fn $kind(subscription: Subscription) -> Hold {
                    Hold::$kind(subscription)
                }
            )*
        }

        /// The answers of endpoints with one channel and a handler that returns nothing.
        pub mod hold_without_opening {
            use super::{Answer, Channel, new_hold, hold_one, no_opening};

            $(
                /// The answer of this kind.
                pub fn $kind(channel: Channel, handler: fn()) -> Answer {
                    hold_one(new_hold::$kind, channel, || no_opening(handler()))
                }
            )*
        }
    };
}

of_each_kind!(sse stream long_poll);

/// Checks the lengths of channels, which path parameters can exceed.
pub(crate) fn subscriptions(channels: impl IntoSubscriptions) -> Result<Vec<Subscription>, Answer> {
    let subscriptions = channels.into_subscriptions()?;
    let invalid = subscriptions.iter().find_map(|subscription| subscription.channel().check().err());
    invalid.map_or(Ok(subscriptions), |error| Err(error.into_answer()))
}

/// A status that the attribute has checked.
pub fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or_default()
}
