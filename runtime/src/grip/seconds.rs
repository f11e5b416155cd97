/// The longest time that the proxy takes, in seconds: about 24 days. It counts milliseconds in 31 bits.
pub(crate) const MAX_SECONDS: u32 = 2_147_483;
