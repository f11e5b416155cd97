use std::fmt;

use serde::Serialize;

/// The error of a value that cannot be written as JSON, such as a map whose keys are lists.
#[derive(Debug)]
pub struct JsonError(serde_json::Error);

/// Writes a value as JSON, on one line.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, JsonError> {
    serde_json::to_string(value).map_err(JsonError)
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value cannot be written as JSON: {}", self.0)
    }
}

impl std::error::Error for JsonError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
