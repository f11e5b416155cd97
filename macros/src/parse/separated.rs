//! What stands between the parentheses of an attribute: things with commas between them.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser};

use crate::diagnostics::Errors;

/// How one of the things is read.
pub trait Read {
    /// Reads one. An `Err` is where it cannot be read; what can be, and is wrong, goes to `errors`.
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()>;

    /// Whether the next thing begins here, where a comma is missing.
    fn begins(&self, input: ParseStream<'_>) -> bool;

    /// What to write where a comma is missing.
    fn comma(&mut self, input: ParseStream<'_>) -> String;
}

/// Reads all of them. One that is wrong does not hide those behind it.
pub fn read(tokens: TokenStream, things: &mut impl Read, errors: &mut Errors) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = things.read(input, errors) {
                errors.add(error);
                skip(input)?;
            }
            if !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
                errors.push_at(input.span(), "expected a comma", things.comma(input));
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

/// Leaves out everything before the next comma.
pub fn skip(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut skipped = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        skipped.extend([input.parse::<TokenTree>()?]);
    }
    Ok(skipped)
}
