//! `sse`, `stream` and `long_poll`: a response that is held.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::endpoint::{Endpoint, Kind};

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
    let conversion = match endpoint.kind {
        Kind::Stream => quote!(IntoStream::into_stream),
        Kind::LongPoll => quote!(IntoPoll::into_poll),
        Kind::Sse | Kind::Ws => quote!(IntoEvents::into_events),
    };
    let Run { head, closure } = run(endpoint, &conversion);
    quote!(|#head| #krate::__private::hold(#hold, #closure))
}
