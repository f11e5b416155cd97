//! An app whose sandboxes serve many requests.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use fanout::Reuse;
use fanout::grip::sig::Policy;
use fanout::prelude::*;

/// The requests that this sandbox has served, and the policies that it has made.
static SERVED: AtomicU32 = AtomicU32::new(0);
static POLICIES: AtomicU32 = AtomicU32::new(0);

fn limits() -> Reuse {
    Reuse::new().requests(4).wait(Duration::from_secs(10))
}

fn policy() -> Policy {
    POLICIES.fetch_add(1, Ordering::Relaxed);
    fanout::policy()
}

fn is_sound() -> Result<String, Answer> {
    Ok("guarded".to_owned())
}

#[fanout::sse(channel = "test", guard = is_sound)]
fn sse(Guarded(value): Guarded<String>) -> Event {
    SERVED.fetch_add(1, Ordering::Relaxed);
    Event::data(value)
}

#[fanout::ws(echo, channel = "test")]
fn ws() {}

#[fanout::get]
fn count() -> String {
    let served = SERVED.fetch_add(1, Ordering::Relaxed) + 1;
    format!("{served} {}", POLICIES.load(Ordering::Relaxed))
}

#[fanout::get]
fn panics() -> &'static str {
    panic!("in a sandbox of many requests")
}

/// The number of the request, and the memory of the sandbox in pages of 65,536 bytes, after it has read a body and made another as long.
#[fanout::post(max_body = 2_000_000)]
fn pages(Body(body): Body<Vec<u8>>) -> String {
    let served = SERVED.fetch_add(1, Ordering::Relaxed) + 1;
    #[cfg(target_family = "wasm")]
    let pages = core::arch::wasm32::memory_size::<0>();
    // The host checks this program, and does not run it.
    #[cfg(not(target_family = "wasm"))]
    let pages = 0;
    format!("{served} {pages} {}", String::from_utf8_lossy(&body))
}

#[fanout::main(sse, ws, count, panics, pages, verify = policy, reuse = limits)]
fn main(request: Request) -> Response {
    match request.get_path() {
        "/panics-in-main" => panic!("in a sandbox of many requests"),
        path => Response::from_body(format!("main {} {path}", SERVED.fetch_add(1, Ordering::Relaxed) + 1)),
    }
}
