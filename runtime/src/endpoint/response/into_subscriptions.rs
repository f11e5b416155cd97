use crate::endpoint::response::Reason;
use crate::endpoint::{Answer, IntoAnswer};
use crate::grip::{Channel, Subscription};

/// The return value of a channel function: one channel, a list, or an `Option` or `Result` of these. An `Err` is an
/// early answer, without a hold.
///
/// A type of the app with `impl From<MyType> for Channel` is a channel too, here and for
/// [`publish`](crate::publish()).
///
/// A hold needs a channel. Without one the answer is a 500, and the log says why. Return an `Err` to refuse a client.
///
/// A channel whose name is made at run time follows the rule of path parameters: the answer is a 400 if the name contains a
/// control character.
#[diagnostic::on_unimplemented(
    message = "a channel function cannot return `{Self}`",
    label = "not channels",
    note = "return a `Channel`, a `Subscription`, a type with `impl From<MyType> for Channel`, a `Vec` or array of them, or an `Option` or `Result` of one of these",
    note = "make a `Channel` from a text with `Channel::new`, which checks the name"
)]
pub trait IntoSubscriptions {
    /// The subscriptions, or an early answer.
    ///
    /// # Errors
    ///
    /// The early answer.
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer>;
}

/// No subscription, which only a WebSocket can have.
#[diagnostic::do_not_recommend]
impl IntoSubscriptions for () {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(Vec::new())
    }
}

/// A channel, or a type of the app that names one.
#[diagnostic::do_not_recommend]
impl<T: Into<Channel>> IntoSubscriptions for T {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        Ok(vec![Subscription::new(self.into())])
    }
}

#[diagnostic::do_not_recommend]
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

#[diagnostic::do_not_recommend]
impl<T: IntoSubscriptions> IntoSubscriptions for Option<T> {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        self.map_or_else(|| Ok(Vec::new()), IntoSubscriptions::into_subscriptions)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoSubscriptions, E: IntoAnswer> IntoSubscriptions for Result<T, E> {
    fn into_subscriptions(self) -> Result<Vec<Subscription>, Answer> {
        self.map_err(IntoAnswer::into_answer)?.into_subscriptions()
    }
}

/// Refuses a channel name with a control character, if the name is made at run time: it may come from a query or a
/// header.
pub(crate) fn check_plain<'s>(
    subscriptions: impl IntoIterator<Item = &'s Subscription>,
) -> Result<(), Answer> {
    let mut channels = subscriptions.into_iter().map(Subscription::channel);
    if channels.any(|channel| !channel.is_constant() && channel.as_str().contains(char::is_control)) {
        return Err(Answer::refused(
            Reason::InvalidChannel,
            "a channel name from a request cannot contain a control character",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};
    use serde::Deserialize;

    use super::*;
    use crate::__private::{hold, hold_of};
    use crate::endpoint::dispatch::find;
    use crate::endpoint::response::{IntoEvents as _, WithHold};
    use crate::grip::{Filter, Hold, InvalidChannel};
    use crate::{Query, RequestHead};

    const A: Channel = Channel::from_static("a");
    const B: Channel = Channel::from_static("b");

    /// A type of the app that names a channel.
    struct Inbox(&'static str);

    impl From<Inbox> for Channel {
        fn from(inbox: Inbox) -> Self {
            Self::unchecked(format!("inbox-{}", inbox.0))
        }
    }

    fn held(found: impl IntoSubscriptions) -> Result<String, u16> {
        let hold = hold_of(Hold::sse, found).map_err(|answer| answer.status().as_u16())?;
        let answer = Answer::from(hold).written("/").unwrap();
        Ok(answer.header("grip-channel").unwrap().to_str().unwrap().to_owned())
    }

    #[test]
    fn a_hold_is_subscribed_to_the_channels_of_a_function() {
        assert_eq!(held(A).unwrap(), "a");
        assert_eq!(held(Subscription::new(A).filter(Filter::SkipSelf)).unwrap(), "a; filter=skip-self");
        assert_eq!(held([A, B]).unwrap(), "a, b");
        assert_eq!(held(vec![Subscription::new(A), B.into()]).unwrap(), "a, b");
        assert_eq!(held(Some(Ok::<_, Answer>([B]))).unwrap(), "b");
        assert_eq!(held(&A).unwrap(), "a");
        assert_eq!(held(Inbox("ann")).unwrap(), "inbox-ann");
        assert_eq!(
            held(Ok::<_, InvalidChannel>(vec![Inbox("ann"), Inbox("bob")])).unwrap(),
            "inbox-ann, inbox-bob"
        );
    }

    #[test]
    fn a_refusal_is_the_answer_and_nothing_at_all_a_mistake() {
        assert_eq!(held(Err::<Channel, _>(Answer::text(403, "no"))), Err(403));
        assert_eq!(held(None::<Channel>), Err(500));
        assert_eq!(held(Vec::<Channel>::new()), Err(500));
    }
    #[derive(Deserialize)]
    struct Asked {
        topic: String,
    }

    /// The status for a query, by a channel function and by a changed hold.
    fn asked(query: &str) -> [u16; 2] {
        fn named(Query(asked): Query<Asked>) -> Result<Channel, InvalidChannel> {
            Channel::new(asked.topic)
        }
        let headers = HeaderMap::new();
        let head = RequestHead::new(&Method::GET, "/", Some(query), &headers);
        let by_function = find!(&head, named).and_then(|found| hold_of(Hold::sse, found));
        let by_function = by_function.map_or_else(|answer| answer, Answer::from);
        let by_hold = Query::parse(query).map_err(IntoAnswer::into_answer).and_then(|Query(asked)| {
            let channel = named(Query(asked)).map_err(IntoAnswer::into_answer)?;
            let opening = WithHold::new((), move |hold| hold.channel(channel)).into_events();
            hold(Hold::sse(A), opening)
        });
        let by_hold = by_hold.unwrap_or_else(|answer| answer);
        [by_function, by_hold].map(|answer| answer.status().as_u16())
    }

    #[test]
    fn a_query_that_becomes_a_channel_follows_the_rule_of_paths() {
        for topic in ["a", "a,b", "a%20b", "gr%C3%BCn", "%E2%80%A8"] {
            assert_eq!(asked(&format!("topic={topic}")), [200, 200], "{topic}");
        }
        for topic in ["", "%00", "a%0Ab", "%0D%0AGrip-Channel:%20admin", "%7F", "%C2%85", "%ff", "%EF%BB%BFa"]
        {
            assert_eq!(asked(&format!("topic={topic}")), [400, 400], "{topic}");
        }
    }

    /// A type of the app is no way around the rule.
    #[test]
    fn a_type_that_names_a_channel_follows_the_rule_of_paths() {
        fn inbox() -> Inbox {
            Inbox("a\nb")
        }
        let headers = HeaderMap::new();
        let head = RequestHead::new(&Method::GET, "/", None, &headers);
        let refused = find!(&head, inbox).unwrap_err();
        assert_eq!(refused.status(), 400);
    }

    /// The app may write control characters itself.
    #[test]
    fn a_constant_is_any_text() {
        const LINES: Channel = Channel::from_static("a\nb");
        let headers = HeaderMap::new();
        let head = RequestHead::new(&Method::GET, "/", None, &headers);
        assert!(find!(&head, || LINES).is_ok());
        let changed = |base: Hold| hold(base, WithHold::new((), |hold| hold.timeout(9)).into_events());
        let made = Channel::unchecked("a\nb".to_owned());
        for answer in [changed(Hold::sse(LINES)), changed(Hold::sse(made))] {
            assert_eq!(answer.unwrap().status(), 200);
        }
    }
}
