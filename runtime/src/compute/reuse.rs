//! One sandbox for many requests.

use std::time::Duration;

/// The limits of a sandbox that serves many requests, one after the other: the option `reuse` of
/// [`#[fanout::main]`](macro@crate::main), and [`App::serve`](crate::App::serve). It needs the feature `compute`.
///
/// Compute starts a sandbox, which is an instance of the app, for each request. With these limits, a sandbox that has
/// answered waits for another request. It ends after the first limit that is reached:
///
/// | limit | default |
/// |---|---|
/// | [`requests`](Self::requests) | 1,000 requests |
/// | [`lifetime`](Self::lifetime) | 60 s |
/// | [`memory`](Self::memory) | 64 MiB |
/// | [`wait`](Self::wait) | 1 s without a request |
///
/// [The guide](crate::guide::deploying#many-requests-in-one-sandbox) says what that means for an app.
///
/// ```
/// use std::time::Duration;
/// use fanout::Reuse;
///
/// fn limits() -> Reuse {
///     Reuse::new().requests(200).lifetime(Duration::from_secs(10))
/// }
///
/// #[fanout::sse(channel = "news")]
/// fn news() {}
///
/// #[fanout::main(news, reuse = limits)]
/// fn main() {}
/// # main as fn();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "limits do nothing until an app has them"]
pub struct Reuse {
    requests: u32,
    lifetime: Duration,
    memory: u32,
    wait: Duration,
}

impl Reuse {
    /// The default limits.
    pub const fn new() -> Self {
        Self { requests: 1_000, lifetime: Duration::from_secs(60), memory: 64, wait: Duration::from_secs(1) }
    }

    /// Sets the number of requests that a sandbox serves. With 0 or 1 it serves one.
    pub const fn requests(self, requests: u32) -> Self {
        Self { requests, ..self }
    }

    /// Sets the time for which a sandbox takes requests. A request that runs is not ended.
    ///
    /// A value that the app has read once, such as a secret, is as old as the sandbox at most.
    pub const fn lifetime(self, lifetime: Duration) -> Self {
        Self { lifetime, ..self }
    }

    /// Sets the memory in MiB, above which a sandbox takes no further request. It is the memory of the app, which never
    /// shrinks.
    pub const fn memory(self, mib: u32) -> Self {
        Self { memory: mib, ..self }
    }

    /// Sets the time that a sandbox waits for the next request. Compute charges for the memory in that time. Compute may have
    /// a shorter limit, which it does not publish: 10 s in Viceroy.
    pub const fn wait(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The time that a sandbox waits for the next request, or `None` if it ends.
    #[cfg(any(test, target_family = "wasm"))]
    fn next(self, served: u32, age: Duration, memory: u64) -> Option<Duration> {
        let left = self.lifetime.checked_sub(age).filter(|left| !left.is_zero())?;
        let goes_on = served < self.requests && memory <= u64::from(self.memory) << 20;
        goes_on.then_some(left.min(self.wait))
    }
}

impl Default for Reuse {
    fn default() -> Self {
        Self::new()
    }
}

/// Serves the requests of this sandbox. The policy is made once. `unmatched` answers a request that no route matches.
#[cfg(target_family = "wasm")]
pub(super) fn each_request(
    limits: Reuse,
    routes: crate::endpoint::routing::Routes<'_>,
    trusted: impl Fn() -> crate::grip::sig::Policy,
    end: super::downstream::End,
    unmatched: impl Fn(fastly::Request),
) {
    use std::cell::OnceCell;
    use std::time::Instant;

    use fastly::Request;
    use fastly::http::serve::{NextRequestOptions, RequestPromise};

    use super::Outcome;
    use super::handle::serve;
    use crate::endpoint::dispatch::running::{self, Running};
    use crate::grip::sig::Policy;

    let started = Instant::now();
    let policy = OnceCell::new();
    // Not generic, since `serve` is large and the app may call it elsewhere.
    let trusted: &dyn Fn() -> Policy = &|| policy.get_or_init(&trusted).clone();
    let mut request = Request::from_client();
    let mut served = 0;
    loop {
        running::set(Running::Elsewhere);
        if let Outcome::Unmatched(request) = serve(request, routes, trusted, end) {
            unmatched(request);
        }
        running::set(Running::Answered);
        served += 1;
        let Some(wait) = limits.next(served, started.elapsed(), memory()) else { return };
        let promise = RequestPromise::new(&NextRequestOptions::from_timeout(wait));
        match promise.and_then(RequestPromise::wait) {
            Ok(next) => request = next,
            // There is none, or the last one has no answer yet.
            Err(_) => return,
        }
    }
}

/// The memory of the app, in bytes. Asking the host would be a hostcall.
#[cfg(target_family = "wasm")]
fn memory() -> u64 {
    const PAGE: u64 = 65_536;
    core::arch::wasm32::memory_size::<0>() as u64 * PAGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_ends_at_the_first_limit() {
        const MIB: u64 = 1 << 20;
        let limits = Reuse::new();
        let seconds = Duration::from_secs;
        for (served, age, memory, wait) in [
            (1, seconds(0), 1, Some(seconds(1))),
            (999, seconds(59), 64 * MIB, Some(seconds(1))),
            (999, Duration::from_millis(59_900), 64 * MIB, Some(Duration::from_millis(100))),
            (1_000, seconds(0), 1, None),
            (1, seconds(60), 1, None),
            (1, seconds(61), 1, None),
            (1, seconds(0), 64 * MIB + 1, None),
        ] {
            assert_eq!(limits.next(served, age, memory), wait, "{served} {age:?} {memory}");
        }
        for once in [limits.requests(0), limits.requests(1), limits.lifetime(seconds(0)), limits.memory(0)] {
            assert_eq!(once.next(1, seconds(0), 1), None, "{once:?}");
        }
        assert_eq!(limits.memory(u32::MAX).next(1, seconds(0), u64::from(u32::MAX)), Some(seconds(1)));
    }
}
