//! The expander of `main`: the program's entry, around the user's own `main`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::diagnostics::ends;
use crate::model::app::Main;

use super::handler::reply;
use super::list;
use super::tokens::{call, local};

pub fn main(main: &Main<'_>) -> TokenStream {
    let Main { krate, item, .. } = main;
    let (cfgs, vis) = (&main.function.cfgs, &main.function.vis);
    let table = list::table(krate, &main.entries);
    let routes = local("TABLE");
    let rest = match &main.fallback {
        Some(backend) => {
            let request = local("request");
            quote! {
                |#request| {
                    let _: fn() = main;
                    #krate::__private::fall_back(#request, #backend)
                }
            }
        }
        None => own(main),
    };
    let verify = match &main.verify {
        Some(path) => {
            let (policy, place) = (local("policy"), Span::call_site().located_at(ends(path).0));
            // A call of a function with parameters would make the compiler suggest arguments.
            quote_spanned!(place=> {
                let #policy: fn() -> #krate::__private::Policy = #path;
                #policy
            })
        }
        None => quote!(#krate::__private::policy),
    };
    let mut routes = quote!(#krate::__private::Table::routes(&#routes));
    if let Some(path) = &main.refuse {
        let rejection = local("rejection");
        let answer =
            call(quote!(#krate::__private::RefusalFunction::refuse), quote!(#path, &#rejection), ends(path));
        routes = quote!(#krate::__private::Routes::refuse(#routes, |#rejection| #answer));
    }
    let run = match &main.reuse {
        Some(path) => {
            let (limits, place) = (local("limits"), Span::call_site().located_at(ends(path).0));
            let limits = quote_spanned!(place=> {
                let #limits: fn() -> #krate::__private::Reuse = #path;
                #limits()
            });
            quote!(#krate::__private::main_again(#limits, #routes, #verify, #rest))
        }
        None => quote!(#krate::__private::main(#routes, #verify, #rest)),
    };
    let describe = list::described(krate, &quote!(describe), &main.entries);
    let body = quote! {
        #item
        #table
        #describe
        #run
    };
    // If there is another `main`, the error about it is shown on the user's.
    quote_spanned! {Span::call_site().located_at(main.function.sig.ident.span())=>
        #(#cfgs)*
        #vis fn main() { #body }
    }
}

/// The call of the user's own `main` for a request that no endpoint matches.
fn own(main: &Main<'_>) -> TokenStream {
    let krate = &main.krate;
    let request = local("request");
    // The error about a parameter of another type is shown on that type.
    let given = main.request.map(|ty| {
        let mut given = request.clone();
        given.set_span(request.span().located_at(ends(ty).0));
        given
    });
    let answers = main.request.is_some() || main.returns;
    let parameter = if given.is_some() || !answers { quote!(#request) } else { quote!(_) };
    let rest = if answers {
        reply(quote!(#krate::__private::MainReturn::send), main.function, quote!(#given))
    } else {
        quote! {
            main();
            #krate::__private::not_found(#request)
        }
    };
    quote!(|#parameter| { #rest })
}
