//! The expander of `endpoints`: a list that other lists name.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use crate::diagnostics::ends;
use crate::model::app::Listing;
use crate::parse::endpoint_list::Entry;

use super::tokens::{call, local};

/// The list's type as an entry of other lists.
pub fn list(listing: &Listing<'_>) -> TokenStream {
    let Listing { krate, cfgs, generics, ty, entries } = listing;
    let (parameters, _, bounds) = generics.split_for_impl();
    let table = table(krate, entries);
    let about = described(krate, &quote!(describe_list), entries);
    let (lists, count) = (local("LISTS"), local("COUNT"));
    quote! {
        #(#cfgs)*
        impl #parameters #krate::__private::Endpoints for #ty #bounds {
            const LISTED: &'static [#krate::__private::Listed] = {
                #table
                &#krate::__private::flatten::<#count>(#lists)
            };
            #about
        }
    }
}

/// The limit of the constants with checks in one list. The compiler takes longer for a constant than for a check in it, but reports
/// only the first error in each. So a long list has several checks in one constant.
const CHECKS: usize = 32;

/// The items that a list becomes: the lists of its entries, the table of their routes, and for each entry the check for
/// route conflicts, whose error is shown on the entry.
pub(super) fn table(krate: &syn::Path, entries: &[Entry]) -> TokenStream {
    let (lists, count, table) = (local("LISTS"), local("COUNT"), local("TABLE"));
    let (check, entry) = (local("check"), local("entry"));
    // A function of the crate's name has its error, and no type. Anything else of that name is not a value.
    let (of_crate, entries): (Vec<_>, Vec<_>) =
        entries.iter().partition(|entry| is_crate(krate, &entry.path));
    let of_crate =
        of_crate.into_iter().map(|Entry { cfgs, path }| quote!(#(#cfgs)* const _: () = { let _ = #path; };));
    let listed = entries.iter().zip(0u16..).map(|(Entry { cfgs, path }, index)| {
        quote!(#(#cfgs)* (#index, <#path as #krate::__private::Endpoints>::LISTED))
    });
    let checks: Vec<_> = entries
        .iter()
        .zip(0u16..)
        .skip(1)
        .map(|(Entry { cfgs, path }, index)| {
            let check = call(check.to_token_stream(), quote!(#index), ends(path));
            (quote!(#(#cfgs)*), check)
        })
        .collect();
    let checks = checks.chunks(checks.len().div_ceil(CHECKS).max(1)).map(|checks| match checks {
        [(cfgs, check)] => quote!(#cfgs const _: () = #check;),
        several => {
            let (cfgs, checks): (Vec<_>, Vec<_>) = several.iter().cloned().unzip();
            quote!(const _: () = if #table.any_taken { #(#cfgs #checks;)* };)
        }
    });
    // Each entry calls this function, which takes the compiler less time than a call with all arguments.
    let check_of_entry = (entries.len() > 1).then(|| {
        quote! {
            #[track_caller]
            const fn #check(#entry: #krate::__private::primitive::u16) {
                #krate::__private::report_conflict(&#table, #lists, #entry)
            }
        }
    });
    quote! {
        const #lists: &[(#krate::__private::primitive::u16, &[#krate::__private::Listed])] = &[#(#listed),*];
        const #count: #krate::__private::primitive::usize = #krate::__private::count(#lists);
        static #table: #krate::__private::Table<#count> = #krate::__private::Table::new(#lists);
        #check_of_entry
        #(#checks)*
        #(#of_crate)*
    }
}

/// The call of a macro of the runtime that describes the entries of a list, and is nothing in an app that does not describe
/// itself.
pub(super) fn described(krate: &syn::Path, name: &TokenStream, entries: &[Entry]) -> TokenStream {
    let entries = entries.iter().filter(|entry| !is_crate(krate, &entry.path));
    let entries = entries.map(|Entry { cfgs, path }| quote!(#(#cfgs)* #path,));
    quote!(#krate::__private::#name! { #(#entries)* })
}

/// Returns `true` for the name of the runtime, which cannot be an endpoint's beside its paths.
fn is_crate(krate: &syn::Path, entry: &syn::Path) -> bool {
    krate.segments.last().is_some_and(|last| entry.is_ident(&last.ident))
}
