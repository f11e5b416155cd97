use std::fmt;

use super::into_subscriptions::check_plain;
use crate::Answer;
use crate::grip::{Hold, IntoBytes};

type Change = Box<dyn FnOnce(Hold) -> Hold>;

/// The beginning of a held response, which the return value of a handler becomes.
///
/// Implement [`IntoEvents`](super::IntoEvents), or one of its kind, to return a type of your own.
///
/// ```
/// use fanout::Event;
/// use fanout::endpoint::{IntoEvents, Opening};
/// use fanout::Answer;
///
/// struct Goal {
///     minute: u32,
/// }
///
/// impl IntoEvents for Goal {
///     fn into_events(self) -> Result<Opening, Answer> {
///         Event::named("goal", self.minute.to_string()).into_events()
///     }
/// }
///
/// #[fanout::sse(channel = "score")]
/// fn score() -> Vec<Goal> {
///     vec![Goal { minute: 12 }, Goal { minute: 78 }]
/// }
/// # assert_eq!(score().into_events().unwrap().body(), b"event: goal\ndata: 12\n\nevent: goal\ndata: 78\n\n");
/// ```
#[derive(Default)]
#[must_use = "an opening does nothing until it is returned"]
pub struct Opening {
    /// `None` for the default of the endpoint kind.
    body: Option<Vec<u8>>,
    change: Option<Change>,
    now: bool,
}

impl Opening {
    /// Begins with these bytes.
    pub fn new(body: impl IntoBytes) -> Self {
        Self { body: Some(body.into()), ..Self::default() }
    }

    /// Changes the hold, after earlier changes.
    pub fn hold(mut self, change: impl FnOnce(Hold) -> Hold + 'static) -> Self {
        self.change = Some(match self.change {
            Some(first) => Box::new(|hold| change(first(hold))),
            None => Box::new(change),
        });
        self
    }

    /// The first bytes.
    pub fn body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Appends the bytes and the changes of another opening.
    pub(super) fn append(&mut self, other: Self) {
        match (&mut self.body, other.body) {
            (Some(body), Some(more)) => body.extend(more),
            (body, more) => *body = body.take().or(more),
        }
        if let Some(change) = other.change {
            *self = std::mem::take(self).hold(change);
        }
    }

    /// Answers at once, instead of holding.
    pub(super) fn now(mut self) -> Self {
        self.now = true;
        self
    }

    /// Returns true if the answer is at once.
    pub(crate) fn is_now(&self) -> bool {
        self.now
    }

    /// The answer with this hold.
    pub(crate) fn answer(self, hold: Hold) -> Answer {
        let is_now = self.now;
        match self.begin(hold) {
            Ok(hold) if is_now => hold.now(),
            Ok(hold) => hold.into(),
            Err(refusal) => refusal,
        }
    }

    /// The hold with the bytes and the changes.
    ///
    /// # Errors
    ///
    /// A refusal, if a change adds a channel from the request that cannot be one.
    pub(crate) fn begin(self, hold: Hold) -> Result<Hold, Answer> {
        let hold = match self.change {
            Some(change) => {
                // The channels of the attribute have been checked.
                let before = hold.instruction.subscriptions.clone();
                let hold = change(hold);
                let added = hold.instruction.subscriptions.iter().filter(|this| !before.contains(this));
                check_plain(added)?;
                hold
            }
            None => hold,
        };
        Ok(match self.body {
            Some(body) => hold.body(body),
            None => hold,
        })
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { body, change, now } = self;
        f.debug_struct("Opening")
            .field("body", body)
            .field("changes", &change.is_some())
            .field("now", now)
            .finish()
    }
}

/// A return value that also changes the hold, with anything that a [`Hold`] has: subscriptions, headers, meta. The
/// options of the attribute are applied before. The answer is a 400 if `change` adds a channel whose name is made at
/// run time and contains a control character, as for [a channel function](crate::endpoint::IntoSubscriptions).
///
/// ```
/// use fanout::grip::Link;
/// use fanout::prelude::*;
///
/// /// Continues after the last event that the client has received, and the proxy fetches missed items.
/// #[fanout::sse(channel = "news")]
/// fn news() -> WithHold<Event> {
///     let last = "42"; // of the events that are sent now, or that the client has seen
///     WithHold::new(Event::comment("hello"), move |hold| {
///         hold.channel(Subscription::new(Channel::from_static("news")).prev_id(last))
///             .next(Link::from_static("/news"))
///     })
/// }
/// ```
#[must_use = "a changed hold does nothing until it is returned"]
pub struct WithHold<T> {
    pub(super) first: T,
    pub(super) change: Change,
}

impl<T> WithHold<T> {
    /// Begins with `first`, and changes the hold by `change`.
    pub fn new(first: T, change: impl FnOnce(Hold) -> Hold + 'static) -> Self {
        Self { first, change: Box::new(change) }
    }
}

impl<T: fmt::Debug> fmt::Debug for WithHold<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithHold").field("first", &self.first).finish_non_exhaustive()
    }
}
