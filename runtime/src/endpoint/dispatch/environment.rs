//! The place where the app runs: its default policy, and its clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::grip::sig::{self, Policy};

/// The default policy: on Compute it trusts Fanout, with tokens for this service. On a local Viceroy it trusts the
/// local Pushpin. It needs the feature `compute`.
///
/// [`handle`](crate::handle) verifies the `Grip-Sig` with it.
pub fn policy() -> Policy {
    Place::here().policy()
}

/// A policy as it applies here. On Compute, keys that everyone knows are left out, and a token that is issued for this
/// service comes from Fanout.
pub(crate) fn as_it_counts(policy: Policy) -> Policy {
    Place::here().as_it_counts(policy)
}

fn on_compute(policy: Policy, service_id: &str) -> Policy {
    policy.without_local().on_service(service_id)
}

/// The id of this service, empty where nothing says it.
fn service_id() -> String {
    variable("FASTLY_SERVICE_ID")
}

/// The place where the app runs, as its environment names it.
struct Place {
    /// True for Viceroy, which says so.
    is_local: bool,
    service_id: String,
}

impl Place {
    fn here() -> Self {
        #[cfg(feature = "testing")]
        if IS_LOCAL.get() {
            return Self { is_local: true, service_id: String::new() };
        }
        Self::named(&variable("FASTLY_HOSTNAME"), service_id())
    }

    fn named(hostname: &str, service_id: String) -> Self {
        Self { is_local: hostname == "localhost", service_id }
    }

    fn policy(&self) -> Policy {
        if self.is_local { sig::viceroy() } else { sig::fastly(&self.service_id) }
    }

    fn as_it_counts(&self, policy: Policy) -> Policy {
        if self.is_local { policy } else { on_compute(policy, &self.service_id) }
    }
}

/// Returns true on Viceroy.
#[cfg(feature = "compute")]
pub(crate) fn is_local() -> bool {
    Place::here().is_local
}

#[cfg(feature = "testing")]
thread_local! {
    static IS_LOCAL: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs code of this thread as in a local app, whatever the environment of the process is. Returns the place before.
#[cfg(feature = "testing")]
pub(crate) fn set_local(is_local: bool) -> bool {
    IS_LOCAL.replace(is_local)
}

/// Returns true while an app under test runs.
#[cfg(feature = "testing")]
pub(crate) fn is_local_test() -> bool {
    IS_LOCAL.get()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Seconds since 1970, UTC. Every token has expired if the clock cannot be right.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fanouts_next_key_is_fanouts() {
        let key = || sig::Key::hs256([1; 32]).unwrap();
        let policy =
            sig::fastly("abc").trust(key(), "fastly:abc").trust(key(), "fastly:").trust(key(), "pushpin");
        let self_run =
            |policy: Policy| -> Vec<_> { policy.signers().iter().map(sig::Signer::is_self_run).collect() };
        assert_eq!(self_run(policy.clone()), [false, true, true, true]);
        assert_eq!(self_run(on_compute(policy.clone(), "abc")), [false, false, true, true]);
        assert_eq!(self_run(on_compute(policy.clone(), "abcd")), [false, true, true, true]);
        assert_eq!(self_run(on_compute(policy, "")), [false, true, true, true]);
    }

    #[test]
    fn the_local_key_counts_only_where_the_host_says_so() {
        let issuers = |policy: Policy| -> Vec<_> {
            policy.signers().iter().map(|signer| signer.issuer().to_owned()).collect()
        };
        let everybody = || sig::viceroy().trust(sig::Key::hs256([1; 32]).unwrap(), "pushpin");
        for hostname in ["", "cache-fra-etou8220022", "localhost.example.com"] {
            let place = Place::named(hostname, String::new());
            assert!(!place.is_local, "{hostname}");
            assert_eq!(issuers(place.as_it_counts(everybody())), ["pushpin"], "{hostname}");
            assert!(place.policy().signers().is_empty(), "there is no service that Fanout could speak for");
        }
        let viceroy = Place::named("localhost", "abc".into());
        assert_eq!(issuers(viceroy.as_it_counts(everybody())), ["viceroy", "pushpin"]);
        assert_eq!(issuers(viceroy.policy()), ["viceroy"]);
    }
}
