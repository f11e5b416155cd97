/// The limit of a token, in bytes. The tokens of Fanout and Pushpin have 150 to 250.
pub const MAX_TOKEN: usize = 4096;

/// The limit, in seconds, of how far in the future the `nbf` of a token may be: the signer's clock may be ahead.
pub const LEEWAY: u64 = 60;
