//! `ws`: events in, events out.

use proc_macro2::TokenStream;
use quote::quote;

use crate::endpoint::Endpoint;

use super::{Run, channels, local, run};

pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, echo, .. } = endpoint;
    let channels = channels::of_request(endpoint).unwrap_or_else(|| quote!(()));
    let (head, events) = (local("request"), local("events"));
    let Run { statements, reply } = run(endpoint);
    quote! {
        |#head, #events| #krate::__private::web_socket(#events, #echo, || {
            #statements
            #krate::__private::opened(#channels, #reply)
        })
    }
}
