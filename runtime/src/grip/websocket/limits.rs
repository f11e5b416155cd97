/// The limit of a control message, in bytes. The proxy drops a longer one, which would have two frames.
pub const MAX_CONTROL: usize = 16_384;

/// The limit, in bytes, of the events of a reply. At a longer one, the proxy cuts the connection.
pub const MAX_REPLY: usize = 1_000_000;

/// The limit, in bytes, of the body of an answer that refuses a WebSocket. The proxy passes on the first 100,000 bytes of a
/// longer one and drops the rest, so a line in the log says both numbers.
///
/// Pushpin has it as `REJECT_BODY_MAX` in `src/proxy/websocketoverhttp.cpp`. Tried with 1.36 and 1.41.
pub const MAX_REFUSAL: usize = 100_000;

/// The limit of a ping or a pong, in bytes. The WebSocket protocol sets it ([RFC 6455 section 5.5]).
///
/// [RFC 6455 section 5.5]: https://www.rfc-editor.org/rfc/rfc6455#section-5.5
pub const MAX_PING: usize = 125;

/// The limit of the reason of a close, in bytes. The WebSocket protocol sets it.
pub const MAX_REASON: usize = 123;

/// The limit of all connection meta, in bytes. It is public as [`Reply::MAX_META`](super::Reply::MAX_META).
pub(super) const MAX_META: usize = 4_096;

/// The shortest keep-alive interval, in seconds. It is public as [`Reply::MIN_INTERVAL`](super::Reply::MIN_INTERVAL).
pub(super) const MIN_INTERVAL: u32 = 20;
