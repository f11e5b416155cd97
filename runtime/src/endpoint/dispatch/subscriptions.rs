use crate::endpoint::{Answer, IntoResponse};
use crate::grip::{Channel, Subscription};

/// What a function that finds an endpoint's channels returns: one, a list, an `Option` or `Result` of these. An `Err` is
/// the answer, and nothing is held.
///
/// A hold needs a channel: where there are none, the answer is a 500, and a line in the log says why. To turn a client
/// away, return an `Err` that says so.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not channels",
    label = "not what an endpoint can be subscribed to",
    note = "return a `Channel`, a `Subscription`, a `Vec` or array of them, or an `Option` or `Result` of one of these",
    note = "a text becomes a `Channel` by `Channel::new`, which says whether it can be one"
)]
pub trait IntoSubscriptions {
    /// The subscriptions, or the answer that takes their place.
    ///
    /// # Errors
    ///
    /// The answer that the client gets instead.
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer>;
}

/// None, which only a WebSocket can have.
impl IntoSubscriptions for () {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(Vec::new())
    }
}

impl IntoSubscriptions for Channel {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(vec![self.into()])
    }
}

impl IntoSubscriptions for Subscription {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(vec![self])
    }
}

#[diagnostic::do_not_recommend]
impl<T: Into<Subscription>> IntoSubscriptions for Vec<T> {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(self.into_iter().map(Into::into).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Into<Subscription>, const N: usize> IntoSubscriptions for [T; N] {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(self.map(Into::into).into())
    }
}

impl<T: IntoSubscriptions> IntoSubscriptions for Option<T> {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        self.map_or_else(|| Ok(Vec::new()), IntoSubscriptions::into_subscriptions)
    }
}

impl<T: IntoSubscriptions, E: IntoResponse> IntoSubscriptions for Result<T, E> {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        self.map_err(IntoResponse::into_response)?.into_subscriptions()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::__private::hold_of;
    use crate::grip::{Filter, Hold};

    const A: Channel = Channel::from_static("a");
    const B: Channel = Channel::from_static("b");

    fn held(found: impl IntoSubscriptions) -> Result<String, u16> {
        let hold = hold_of(Hold::sse, found).map_err(|answer| answer.status().as_u16())?;
        let answer = Answer::from(hold);
        Ok(answer.header("grip-channel").unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn a_hold_is_subscribed_to_what_a_function_found() {
        assert_eq!(held(A).unwrap(), "a");
        assert_eq!(held(Subscription::new(A).filter(Filter::SkipSelf)).unwrap(), "a; filter=skip-self");
        assert_eq!(held([A, B]).unwrap(), "a, b");
        assert_eq!(held(vec![Subscription::new(A), B.into()]).unwrap(), "a, b");
        assert_eq!(held(Some(Ok::<_, Answer>([B]))).unwrap(), "b");
    }

    #[test]
    fn a_refusal_is_the_answer_and_nothing_at_all_a_mistake() {
        assert_eq!(held(Err::<Channel, _>(Answer::text(403, "no"))), Err(403));
        assert_eq!(held(None::<Channel>), Err(500));
        assert_eq!(held(Vec::<Channel>::new()), Err(500));
    }
}
