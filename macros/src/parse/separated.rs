//! The comma-separated list between the parentheses of an attribute.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::diagnostics::{Advice, Errors};

/// The reader of the list's items.
pub trait Read {
    /// Reads one item. Returns an error if its tokens cannot be read, and records every other mistake in `errors`.
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()>;

    /// Returns `true` if the next item begins here, at a missing comma.
    fn begins(&self, input: ParseStream<'_>) -> bool;

    /// The options that a missing comma is about, and the help without them.
    fn comma(&mut self, input: ParseStream<'_>) -> (Vec<Advice>, String);
}

/// Reads all items. A wrong item does not hide the items behind it.
pub fn read(tokens: TokenStream, things: &mut impl Read, errors: &mut Errors) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = things.read(input, errors) {
                errors.add(error);
                skip(input)?;
            }
            if !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
                let (advice, help) = things.comma(input);
                errors.advise((input.span(), input.span()), "expected a comma", advice, help);
                if input.parse::<Option<Token![;]>>()?.is_none() && !things.begins(input) {
                    skip(input)?;
                    input.parse::<Option<Token![,]>>()?;
                }
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.add(error);
    }
}

/// Skips the tokens before the next comma.
pub fn skip(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut skipped = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        skipped.extend([input.parse::<TokenTree>()?]);
    }
    Ok(skipped)
}
