//! The drivers of `main` and `endpoints`: parse, lower, and expand or write the stand-in.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::{Errors, glued};
use crate::expand::{self, stand_in};
use crate::model::app::{Listing, Main};
use crate::parse::endpoint_list::{Entry, List};
use crate::parse::item::{self, Item};
use crate::parse::value;

/// Expands `#[fanout::endpoints(list)] item`. The item always comes back as it was.
pub fn endpoints(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let List { entries, krate, .. } = List { nested: true, ..List::default() }.parse(list, &mut errors);
    let krate = krate.unwrap_or_else(value::default_crate);
    let named = item::named_type(item.clone()).filter(|_| !item::is_impl(&item));
    let generated = match named {
        Some((generics, ty)) => {
            let cfgs = item::cfgs(&item);
            let own_name = ty.clone().into_iter().next().map(|name| name.to_string());
            for Entry { path, .. } in &entries {
                if path.get_ident().is_some_and(|name| own_name == Some(name.to_string())) {
                    let help = "remove it: it stands for the other entries";
                    errors.push(path, format!("`{}` cannot list itself", glued(path)), help);
                }
            }
            let entries = if errors.is_empty() { entries } else { Vec::new() };
            Some(expand::list(&Listing { krate, cfgs, generics, ty, entries }))
        }
        None => {
            item::refuse_list(&item, &mut errors);
            None
        }
    };
    let errors = errors.into_tokens();
    quote!(#item #generated #errors)
}

/// Expands `#[fanout::main(list)] item`. The item always comes back as it was, inside the program's entry where it
/// is a `main`.
pub fn attribute(list: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let list = List::default().parse(list, &mut errors);
    let generated = match Item::parse(item.clone()) {
        Item::Function(function) => {
            let main = Main::new(&item, &function, list, &mut errors);
            if errors.is_empty() { expand::main(&main) } else { stand_in::main(&main) }
        }
        Item::HalfTyped { name, .. } => stand_in::half_typed_main(&name, &item),
        Item::Other => {
            item::refuse_main(&item, &mut errors);
            item
        }
    };
    let errors = errors.into_tokens();
    quote!(#generated #errors)
}
