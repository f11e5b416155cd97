//! Tokens that must be refused, made on the spot for any signer and any time. A file for each part of a token.

mod attacks;
mod claims;
mod form;
mod header;
mod maker;
mod signature;

use super::Rejected;
pub(crate) use attacks::{attacks, no_tokens};
pub(crate) use maker::Maker;

/// A token that is good but for one thing.
pub(crate) struct Row {
    pub(crate) name: String,
    /// The only check that refuses it.
    pub(crate) breaks: Rejected,
    pub(crate) token: Vec<u8>,
}

impl Row {
    fn new(breaks: Rejected, name: impl Into<String>, token: Vec<u8>) -> Row {
        Row {
            name: name.into(),
            breaks,
            token,
        }
    }
}

/// Every row for this signer.
pub(crate) fn rows(maker: &Maker) -> Vec<Row> {
    [
        form::rows(maker),
        header::rows(maker),
        signature::rows(maker),
        claims::rows(maker),
    ]
    .into_iter()
    .flatten()
    .collect()
}
