//! Holds.

/// Two channels at once.
#[fanout::sse(path = "/hold/two-channels", channel = ["hold-one", "hold-two"])]
pub fn two_channels() {}
