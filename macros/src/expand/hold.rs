//! `sse`, `stream` and `long_poll`: a response that is held.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::endpoint::Endpoint;

use super::{Run, channel, run};

pub(super) fn answer(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, channels, timeout, .. } = endpoint;
    let kind = Ident::new(endpoint.kind.name(), Span::call_site());
    let mut channels = channels.iter().map(|name| channel(krate, name));
    let first = channels.next().expect("a hold has a channel");
    let mut hold = quote!(#krate::__private::Hold::#kind(#first));
    for channel in channels {
        hold = quote!(#krate::__private::Hold::channel(#hold, #channel));
    }
    if let Some(seconds) = timeout {
        hold = quote!(#krate::__private::Hold::timeout(#hold, #seconds));
    }
    let Run { head, closure } = run(endpoint);
    quote!(|#head| #krate::__private::hold(#hold, #closure))
}
