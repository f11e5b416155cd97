//! `ws`: events in, events out.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::endpoint::Endpoint;

use super::{Run, channel, run};

pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, channels, echo, .. } = endpoint;
    let channels = channels.iter().map(|name| channel(krate, name));
    let events = Ident::new("events", Span::mixed_site());
    let Run { head, closure } = run(endpoint, &quote!(IntoMessages::into_messages));
    quote! {
        |#head, #events| #krate::__private::web_socket(#events, #echo, &[#(#channels),*], #closure)
    }
}
