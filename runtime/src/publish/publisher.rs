#[cfg(feature = "sig")]
use super::InvalidTarget;
use super::target::Batch;
use super::{Failure, FailureReason, IntoChannel, IntoMessage, Item, PublishError, Target, Transport};
#[cfg(feature = "sig")]
use crate::grip::sig::Policy;

/// A publisher to one proxy, or to several at once.
///
/// [`Publisher::from_secret_store`] makes one on Compute. `Publisher::from_env`, with the feature `publish-http`, makes one
/// elsewhere. `fanout::publish` uses these two. Keep a publisher, since it keeps its connections.
///
/// ```no_run
/// use fanout::Channel;
/// use fanout::publish::{Backend, Publisher, Target};
///
/// # fn token() -> String { String::new() }
/// // To Fastly through the backend `api`, with a token from elsewhere, and to a Pushpin of your own:
/// let publisher = Publisher::new(Target::fastly("SU1Z0isxPaozGVKXdv0eY", &token())?, Backend::new("api"))
///     .target(Target::from_grip_url("http://pushpin.example.com:5561/")?, Backend::new("pushpin"));
/// publisher.publish(Channel::from_static("news"), "hello")?;
/// # Ok::<(), fanout::publish::PublishError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Publisher<T> {
    pub(crate) targets: Vec<(Target, T)>,
}

impl<T: Transport> Publisher<T> {
    /// Makes a publisher to one proxy.
    pub fn new(target: Target, transport: T) -> Self {
        Self { targets: vec![(target, transport)] }
    }

    /// Adds a proxy. Every item goes to all of them.
    #[must_use]
    pub fn target(mut self, target: Target, transport: T) -> Self {
        self.targets.push((target, transport));
        self
    }

    /// Returns the proxies.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().map(|(target, _)| target)
    }

    /// Adds the signers of these proxies to a policy, as [`Target::add_signer_to`] does for one. This method needs the feature
    /// `sig`.
    ///
    /// # Errors
    ///
    /// If a `verify-key` cannot be used.
    #[cfg(feature = "sig")]
    pub fn add_signers_to(&self, policy: Policy) -> Result<Policy, InvalidTarget> {
        self.targets().try_fold(policy, |policy, target| target.add_signer_to(policy))
    }

    /// Publishes a message to the clients of a channel.
    ///
    /// `Ok` means that every proxy has accepted it. It says nothing about the number of clients.
    ///
    /// # Errors
    ///
    /// See [`PublishError`].
    pub fn publish(&self, channel: impl IntoChannel, message: impl IntoMessage) -> Result<(), PublishError> {
        self.publish_items(&[Item::new(channel, message)])
    }

    /// Publishes items of any channels, in this order, in as few requests as possible.
    ///
    /// # Errors
    ///
    /// See [`PublishError`]. A proxy that fails gets no further requests. The other proxies do.
    pub fn publish_all(&self, items: impl IntoIterator<Item = Item>) -> Result<(), PublishError> {
        self.publish_items(&items.into_iter().collect::<Vec<_>>())
    }

    fn batches(&self, items: &[Item]) -> Result<Vec<Vec<Batch>>, PublishError> {
        self.targets.iter().map(|(target, _)| target.batches(items)).collect()
    }
}

/// A publisher with any transport.
pub(crate) trait Publishes {
    /// Checks items, without publishing them.
    fn check(&self, items: &[Item]) -> Result<(), PublishError>;

    /// Publishes items.
    fn publish_items(&self, items: &[Item]) -> Result<(), PublishError>;
}

impl<T: Transport> Publishes for Publisher<T> {
    fn check(&self, items: &[Item]) -> Result<(), PublishError> {
        self.batches(items).map(drop)
    }

    fn publish_items(&self, items: &[Item]) -> Result<(), PublishError> {
        // All items are checked before the first request.
        let batches = self.batches(items)?;
        let mut failures = Vec::new();
        for ((target, transport), batches) in self.targets.iter().zip(batches) {
            if let Err((accepted, reason)) = send(target, transport, batches) {
                failures.push(Failure { address: target.to_string(), accepted, reason });
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(PublishError::Failed(failures)) }
    }
}

/// Sends each request after the response to the one before, since the proxy guarantees no order otherwise.
fn send(
    target: &Target,
    transport: &impl Transport,
    batches: Vec<Batch>,
) -> Result<(), (usize, FailureReason)> {
    let mut accepted = 0;
    for Batch { body, items } in batches {
        let answer = transport
            .send(target.request(body))
            .map_err(|error| (accepted, FailureReason::NoAnswer(error)))?;
        target.check_response(answer.status(), answer.body()).map_err(|reason| (accepted, reason))?;
        accepted += items;
    }
    Ok(())
}
