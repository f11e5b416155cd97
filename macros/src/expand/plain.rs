//! The expander of plain endpoints: the return value is the answer.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::endpoint::Endpoint;
use crate::model::handler::Handlers;

use super::handler::{Run, When, guard, run};
use super::tokens::local;

/// The path parameters parse, the guard admits the client, and then the handler answers.
pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let krate = &endpoint.krate;
    let head = local("request");
    let Handlers::Function(handler) = &endpoint.handlers else { unreachable!("only a WebSocket is a type") };
    let run = run(endpoint, handler, When::Opening);
    let guard = guard(endpoint);
    let reply = run.reply(krate, quote!(#krate::__private::IntoPlain::into_plain), handler.function);
    let Run { first, statements, .. } = run;
    quote! {
        |#head| #krate::__private::answered(|| {
            #first
            #guard
            #statements
            #krate::__private::Result::Ok(#reply)
        })
    }
}
