//! `ws`: events in, events out.

use proc_macro2::TokenStream;
use quote::quote;

use crate::endpoint::Endpoint;

use super::{Run, channel, local, run};

pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, channels, echo, .. } = endpoint;
    let channels = channels.iter().map(|name| channel(krate, name));
    let events = local("events");
    let Run { head, closure } = run(endpoint);
    quote! {
        |#head, #events| #krate::__private::web_socket(#events, #echo, &[#(#channels),*], #closure)
    }
}
