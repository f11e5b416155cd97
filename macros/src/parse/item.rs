//! What an attribute stands on. It should be a function.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Generics, LitStr, Token, Type, Visibility};

use crate::diagnostics::Errors;
use crate::kind::Kind;
use crate::parse::signature::{self, Function};

pub enum Item {
    Function(Box<Function>),
    /// A function whose signature is still being written, or cannot be: the compiler has an error for it.
    HalfTyped {
        vis: Visibility,
        name: Ident,
    },
    Other,
}

impl Item {
    pub fn parse(item: TokenStream) -> Self {
        if let Ok(function) = syn::parse2::<Function>(item.clone())
            && !function.is_unsized()
        {
            return Self::Function(Box::new(function));
        }
        match header.parse2(item) {
            Ok((vis, name)) => Self::HalfTyped { vis, name },
            Err(_) => Self::Other,
        }
    }
}

/// A function as far as its name.
fn header(input: ParseStream<'_>) -> syn::Result<(Visibility, Ident)> {
    input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    while !input.peek(Token![fn]) {
        if input.parse::<Option<LitStr>>()?.is_none() {
            let keyword = input.call(Ident::parse_any)?;
            if !["const", "async", "safe", "unsafe", "extern"].iter().any(|known| keyword == known) {
                return Err(syn::Error::new(keyword.span(), "not a function"));
            }
        }
    }
    input.parse::<Token![fn]>()?;
    let name = input.parse()?;
    input.parse::<TokenStream>()?;
    Ok((vis, name))
}

/// The word that says what kind of item it is.
fn keyword(item: &TokenStream) -> Span {
    let keyword = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let span = input.span();
        input.parse::<TokenStream>()?;
        Ok(span)
    };
    keyword.parse2(item.clone()).unwrap_or_else(|_| Span::call_site())
}

/// Refuses what is no function.
pub fn refuse(kind: Kind, item: &TokenStream, errors: &mut Errors) {
    let attribute = kind.name();
    let (what, where_) = match kind {
        Kind::Ws => ("functions and for the `impl` of a type", "a `fn` or an `impl`"),
        _ => ("functions", "a `fn`"),
    };
    let help = format!("write `#[fanout::{attribute}(…)]` above {where_}");
    errors.push_at(keyword(item), format!("`{attribute}` is for {what}"), help);
}

/// Refuses a `main` that is no function.
pub fn refuse_main(item: &TokenStream, errors: &mut Errors) {
    errors.push_at(keyword(item), "`main` is for functions", "write `#[fanout::main(…)]` above a `fn`");
}

/// Refuses what cannot stand for a list of endpoints.
pub fn refuse_list(item: &TokenStream, errors: &mut Errors) {
    let help = "write `#[fanout::endpoints(…)]` above a type of its own: `pub enum Endpoints {}`";
    errors.push_at(keyword(item), "`endpoints` is for a type that stands for the list", help);
}

pub fn is_impl(item: &TokenStream) -> bool {
    matches!(syn::parse2(item.clone()), Ok(syn::Item::Impl(_)))
}

/// Whether it is an `impl` that is still being written, of which the compiler has said so.
pub fn is_half_typed_impl(item: &TokenStream) -> bool {
    let begins = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Option<Token![unsafe]>>()?;
        let begins = input.peek(Token![impl]);
        input.parse::<TokenStream>()?;
        Ok(begins)
    };
    begins.parse2(item.clone()).unwrap_or_default() && !is_impl(item)
}

/// The attributes of an item.
pub fn attributes(item: &TokenStream) -> Vec<Attribute> {
    let outer = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<TokenStream>()?;
        Ok(attributes)
    };
    outer.parse2(item.clone()).unwrap_or_default()
}

/// The `#[cfg(…)]`s of an item.
pub fn cfgs(item: &TokenStream) -> Vec<Attribute> {
    let mut attributes = attributes(item);
    attributes.retain(signature::is_cfg);
    attributes
}

/// The body of a function.
pub fn body(item: &TokenStream) -> Option<Group> {
    match item.clone().into_iter().last()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    }
}

/// The type that an item is, or is about, which a list may name as if it were an endpoint.
pub fn named_type(item: TokenStream) -> Option<(Generics, TokenStream)> {
    let (generics, ty) = match syn::parse2(item).ok()? {
        syn::Item::Struct(item) => (item.generics, item.ident.into_token_stream()),
        syn::Item::Enum(item) => (item.generics, item.ident.into_token_stream()),
        // Any other type has no name that a list could have.
        syn::Item::Impl(item) if matches!(*item.self_ty, Type::Path(_) | Type::Group(_)) => {
            return Some((item.generics, item.self_ty.into_token_stream()));
        }
        _ => return None,
    };
    let arguments = generics.split_for_impl().1.into_token_stream();
    Some((generics, quote!(#ty #arguments)))
}
