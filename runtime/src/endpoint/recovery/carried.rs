//! The subscriptions that a channel function returned, in the recovery link.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::endpoint::guard::binding;
use crate::endpoint::request::{FromRequest as _, LastIds, RequestHead};
use crate::grip::{Channel, Filter, Subscription};

/// The mark of a subscription to which the channel function gave an id. No filter has this name.
const NUMBERED: &str = "prev-id";

/// Writes subscriptions for the link, bound to this endpoint and its path parameters: a list for each, of its channel, its filters
/// and its mark.
pub(super) fn written(head: &RequestHead<'_>, subscriptions: &[Subscription]) -> String {
    fn list(subscription: &Subscription) -> Vec<&str> {
        let filters = subscription.filters().iter().map(|filter| filter.as_str());
        let mark = subscription.is_numbered.then_some(NUMBERED);
        let texts = std::iter::once(subscription.channel().as_str()).chain(filters).chain(mark);
        texts.collect()
    }

    let lists: Vec<_> = subscriptions.iter().map(list).collect();
    let json = serde_json::to_vec(&lists).expect("texts have a JSON");
    format!("{}.{}", binding(head), Base64UrlUnpadded::encode_string(&json))
}

/// The subscriptions of a recovery request, which replace those of the channel function: it could depend on a cookie. Each goes
/// on from the id that the proxy names for its channel.
pub(crate) fn carried(head: &RequestHead<'_>) -> Option<Vec<Subscription>> {
    let (bound_to, value) = head.proven_link()?.channels?.split_once('.')?;
    if bound_to != binding(head) {
        return None;
    }
    let lists: Vec<Vec<String>> = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(value).ok()?).ok()?;
    let Ok(last_ids) = LastIds::from_request(head);
    let subscription = |list: Vec<String>| {
        let mut texts = list.into_iter();
        let subscription = Subscription::new(Channel::new(texts.next()?).ok()?);
        let subscription = match last_ids.of(subscription.channel()).map(str::to_owned) {
            Some(id) => subscription.prev_id(id),
            None => subscription,
        };
        texts.try_fold(subscription, |mut subscription, text| {
            if text == NUMBERED {
                subscription.is_numbered = true;
                return Some(subscription);
            }
            let filter = Filter::ALL.iter().copied().find(|filter| filter.as_str() == text)?;
            Some(subscription.filter(filter))
        })
    };
    lists.into_iter().map(subscription).collect()
}
