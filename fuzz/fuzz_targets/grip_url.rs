//! Any text is a GRIP URL, or an error; what it makes is a request and a policy, or an error.

#![no_main]

use fanout::Channel;
use fanout::grip::sig::Policy;
use fanout::publish::{Item, Target};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| {
    let Ok(target) = Target::from_grip_url(url) else { return };
    let items = [Item::new(Channel::from_static("news"), "hello")];
    assert_eq!(target.requests(&items).map(|requests| requests.len()).ok(), Some(1));
    let _ = target.trusted_by(Policy::new());
});
