//! Publishing.

#[doc(inline)]
pub use crate::grip::publish::*;
