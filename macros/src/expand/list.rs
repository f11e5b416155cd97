//! The expander of `endpoints`: a list that other lists name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::ends;
use crate::model::app::Listing;
use crate::parse::endpoint_list::Entry;

use super::tokens::{call, local};

/// The list's type as an entry of other lists.
pub fn list(listing: &Listing<'_>) -> TokenStream {
    let Listing { krate, cfgs, generics, ty, entries } = listing;
    let (parameters, _, bounds) = generics.split_for_impl();
    let table = table(krate, entries);
    let (lists, count) = (local("LISTS"), local("COUNT"));
    quote! {
        #(#cfgs)*
        impl #parameters #krate::__private::Endpoints for #ty #bounds {
            const LISTED: &'static [#krate::__private::Listed] = {
                #table
                &#krate::__private::flatten::<#count>(#lists)
            };
        }
    }
}

/// The items that a list becomes: the lists of its entries, the table of their routes, and for each entry the check for
/// route conflicts, whose error is shown on the entry.
pub(super) fn table(krate: &syn::Path, entries: &[Entry]) -> TokenStream {
    let (lists, count, table) = (local("LISTS"), local("COUNT"), local("TABLE"));
    let listed = entries.iter().zip(0u16..).map(|(Entry { cfgs, path }, index)| {
        quote!(#(#cfgs)* (#index, <#path as #krate::__private::Endpoints>::LISTED))
    });
    let checks = entries.iter().zip(0u16..).skip(1).map(|(Entry { cfgs, path }, index)| {
        let ends = ends(path);
        let check = call(quote!(#krate::__private::report_conflict), quote!(&#table, #lists, #index), ends);
        quote!(#(#cfgs)* const _: () = #check;)
    });
    quote! {
        const #lists: &[(#krate::__private::primitive::u16, &[#krate::__private::Listed])] = &[#(#listed),*];
        const #count: #krate::__private::primitive::usize = #krate::__private::count(#lists);
        static #table: #krate::__private::Table<#count> = #krate::__private::Table::new(#lists);
        #(#checks)*
    }
}
