//! The cut between Compute and other targets. There hostcalls do not link, or resolve to functions of libc with the
//! same names: `close`, `write`. So code that takes a type of the `fastly` crate must not be reachable there.

/// True where code that takes a type of the `fastly` crate cannot run.
pub(crate) const IS_ELSEWHERE: bool = cfg!(not(target_family = "wasm"));

/// Ends a call that only Compute can make.
pub(crate) fn on_compute_only() -> ! {
    #[cfg(feature = "testing")]
    if crate::endpoint::dispatch::environment::is_local_test() {
        // The app under test names the endpoint.
        std::panic::resume_unwind(Box::new(ComputeOnly));
    }
    panic!("{COMPUTE_ONLY}")
}

/// The payload of that panic in an app under test.
#[cfg(feature = "testing")]
pub(crate) struct ComputeOnly;

/// The reason why a handler or a guard cannot run, and the way out.
pub(crate) const COMPUTE_ONLY: &str = "\
    it takes `fastly::Request` or `ClientRequest`, which exist on Compute only: take `Body<T>`, `Json<T>`, `&RequestHead` \
    or another extractor in its place, or `ClientAddr` or `ClientGeo` in a guard, or run this test under Viceroy (see the \
    page `testing` of the guide)";
