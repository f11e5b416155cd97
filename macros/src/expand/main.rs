//! `main`: the program's entry, around the user's own `main`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::entries::Main;

pub fn main(main: &Main<'_>) -> TokenStream {
    let Main { krate, item, .. } = main;
    let cfgs = &main.function.cfgs;
    let routes = main.entries.iter().map(|entry| {
        let (cfgs, path) = (&entry.cfgs, &entry.path);
        quote!(#(#cfgs)* <#path as #krate::__private::Endpoint>::ROUTE)
    });
    let rest = match (main.takes_request, main.returns) {
        (true, _) => quote!(main),
        (false, true) => quote!(|_| main()),
        (false, false) => quote! {
            |_| {
                main();
                #krate::__private::not_found()
            }
        },
    };
    quote! {
        #(#cfgs)*
        fn main() {
            #item
            #krate::__private::main(&[#(#routes),*], #rest)
        }
    }
}

/// A `main` that is wrong is still a `main`, with the user's code in it.
pub fn stand_in(main: &Main<'_>) -> TokenStream {
    let (cfgs, item) = (&main.function.cfgs, main.item);
    quote! {
        #(#cfgs)*
        fn main() {
            #item
        }
    }
}
