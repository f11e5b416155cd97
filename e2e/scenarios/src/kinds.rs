//! One channel for clients of each kind.

/// Events.
#[fanout::sse(path = "/kinds/sse/{of}", channel = "kinds-{of}")]
pub fn sse() {}

/// Text.
#[fanout::stream(path = "/kinds/stream/{of}", channel = "kinds-{of}")]
pub fn stream() {}

/// One item.
#[fanout::long_poll(path = "/kinds/poll/{of}", channel = "kinds-{of}", timeout = "10m")]
pub fn poll() {}

/// Messages.
#[fanout::ws(path = "/kinds/ws/{of}", channel = "kinds-{of}")]
pub fn ws() {}

/// The endpoints of this module.
#[fanout::endpoints(sse, stream, poll, ws)]
pub enum Endpoints {}
