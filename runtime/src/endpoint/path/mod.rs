//! Which endpoint a path is for, and what its parameters are.
//!
//! A path is matched as it was sent, segment by segment. Only the values of parameters are percent-decoded, once and
//! after the match, so that an encoded `/` stays in its segment.

mod parameters;
mod pattern;
mod table;

pub use parameters::{FromParameter, Parameters, ViaFromStr, ViaStr};
pub(crate) use parameters::{InvalidParameter, decode};
pub(crate) use pattern::Pattern;
pub use table::{Routes, Table, count, flatten, verdict};
