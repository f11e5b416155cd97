//! The store that the protocol needs.

use std::time::Duration;

/// A value as it was read.
pub(crate) struct Value {
    pub(crate) bytes: Vec<u8>,
    /// Differs for each write of the key.
    pub(crate) generation: u64,
}

/// The reason why the store did not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// There are too many requests. The same request may succeed later.
    Busy,
    /// Anything else, in words.
    Failed { reason: String, is_transient: bool },
}

/// A key-value store. A read may be old, but a write that has a condition is decided by the newest value.
pub(crate) trait Store {
    /// Reads the values of these keys, at the same time.
    fn read(&self, keys: &[String]) -> Result<Vec<Option<Value>>, StoreError>;

    /// Writes a key that does not exist. Returns `false` if it exists.
    fn add(&self, key: &str, value: Vec<u8>, lifetime: Duration) -> Result<bool, StoreError>;

    /// Writes a key that has this generation. Returns `false` if it has another.
    fn replace(
        &self,
        key: &str,
        value: Vec<u8>,
        lifetime: Duration,
        generation: u64,
    ) -> Result<bool, StoreError>;

    fn wait(&self, time: Duration);

    /// Milliseconds since 1970.
    fn now(&self) -> u64;

    fn random(&self) -> u64;
}
