//! `fanout::testing`, as the tests of an app use it.

mod failures;
mod histories;
mod hold_routes;
mod holds;
mod http;
mod links;
mod polls;
mod publishing;
mod recovery;
mod trust;
mod websockets;

/// Returns the message of a panic.
#[track_caller]
fn panic_of<R>(run: impl FnOnce() -> R) -> String {
    let run = std::panic::AssertUnwindSafe(run);
    match std::panic::catch_unwind(run) {
        Ok(_) => panic!("it did not panic"),
        Err(payload) => match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => (*payload.downcast::<&str>().expect("a panic has a message")).to_owned(),
        },
    }
}

fn seconds(seconds: u64) -> std::time::Duration {
    std::time::Duration::from_secs(seconds)
}
