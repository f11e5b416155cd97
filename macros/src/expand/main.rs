//! `main`: the program's entry, around the user's own `main`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::entries::Main;

use super::{call, local};

pub fn main(main: &Main<'_>) -> TokenStream {
    let Main { krate, item, .. } = main;
    let cfgs = &main.function.cfgs;
    let routes = main.entries.iter().map(|entry| {
        let (cfgs, path) = (&entry.cfgs, &entry.path);
        quote!(#(#cfgs)* <#path as #krate::__private::Endpoint>::ROUTE)
    });
    let request = local("request");
    let given = if main.takes_request { vec![request.clone()] } else { Vec::new() };
    let parameter = if main.takes_request { quote!(#request) } else { quote!(_) };
    let call = call(&main.function, &given);
    let rest = if main.takes_request || main.returns {
        quote!(#krate::MainReturn::send(#call))
    } else {
        quote! {
            #call;
            #krate::MainReturn::send(#krate::__private::not_found())
        }
    };
    let verify = match &main.verify {
        Some(path) => quote!(#path),
        None => quote!(#krate::__private::policy),
    };
    quote! {
        #(#cfgs)*
        fn main() {
            #item
            #krate::__private::main(&[#(#routes),*], #verify, |#parameter| { #rest })
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
