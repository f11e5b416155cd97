//! The expander of `main`: the program's entry, around the user's own `main`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::diagnostics::ends;
use crate::model::app::Main;

use super::handler::reply;
use super::list;
use super::tokens::{call, call_with, end, local, start};

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
            let (policy, made) = (local("policy"), function_of(krate, "Policy", path));
            quote!({
                let #policy: #made = #path;
                #policy
            })
        }
        None => quote!(#krate::__private::policy),
    };
    let mut routes = quote!(#krate::__private::Table::routes(&#routes));
    if let Some(path) = &main.refuse {
        let rejection = local("rejection");
        let answer = call_with(
            quote!(#krate::__private::RefusalFunction::refuse),
            quote!(#path, &#rejection),
            ends(path),
        );
        let returned = call_with(quote!(#krate::__private::RefusalResult::returned), answer, ends(path));
        let answer = call_with(quote!(#krate::__private::NotAsync::now), returned, ends(path));
        routes = quote!(#krate::__private::Routes::refuse(#routes, |#rejection| #answer));
    }
    let run = match &main.reuse {
        Some(path) => {
            let (limits, made) = (local("limits"), function_of(krate, "Reuse", path));
            let limits = quote!({
                let #limits: #made = #path;
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
    let place = |edge: fn(Span) -> Span| Span::call_site().located_at(edge(main.function.sig.ident.span()));
    let name = Ident::new("main", Span::call_site().located_at(main.function.sig.ident.span()));
    let body = quote_spanned!(place(end)=> () { #body });
    quote_spanned! {place(start)=>
        #(#cfgs)*
        #vis fn #name #body
    }
}

/// The type of a function that an option names. A call of a function with parameters would make the compiler suggest arguments. It
/// shows the expected type where this type is, beside the error about the function.
fn function_of(krate: &Path, returned: &str, path: &Path) -> TokenStream {
    let (first, last) = ends(path);
    let returned = Ident::new(returned, Span::call_site().located_at(end(last)));
    let function = quote_spanned!(Span::call_site().located_at(start(first))=> fn);
    quote!(#function() -> #krate::__private::#returned)
}

/// The call of the user's own `main` for a request that no endpoint matches.
fn own(main: &Main<'_>) -> TokenStream {
    let krate = &main.krate;
    let request = local("request");
    // The error about a parameter of another type is shown on that type.
    let given =
        main.request.map(|ty| call(quote!(#krate::__private::MainParameter::of), quote!(#request), ends(ty)));
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
