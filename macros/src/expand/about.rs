//! The name of an endpoint and its description, for a macro of the runtime that writes the description only in an app that describes
//! itself.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;

use crate::model::about::{About, Received, Written, received};
use crate::model::endpoint::{Endpoint, StandsFor};

use super::handler::in_any_lifetime;

/// The arguments of that macro.
pub(super) fn about(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { own_name, .. } = endpoint;
    let About { docs, channels, channel_function, guard, data, options } = &endpoint.about;
    let ty = match &endpoint.stands_for {
        StandsFor::Made { name, .. } => name.unraw().to_string(),
        StandsFor::Own(ty) => ty.to_token_stream().to_string(),
    };
    let name = (ty != *own_name).then(|| quote!(name: #own_name));
    let docs = (!docs.is_empty()).then(|| quote!(docs: [#(#docs),*]));
    let channels = (!channels.is_empty()).then(|| quote!(channels: [#(#channels),*]));
    let channel_function = channel_function.as_ref().map(|function| quote!(channel_function: #function));
    let guard = guard.as_ref().map(|guard| quote!(guard: #guard));
    let history = endpoint.history.as_ref().map(|_| quote!(history: true));
    let options = (!options.is_empty()).then(|| {
        let options = options.iter().map(|(name, value)| {
            let value = written(value);
            quote!(#name: #value)
        });
        quote!(options: { #(#options),* })
    });
    let data = data.as_ref().map(|data| quote!(data: #data));
    let received: Vec<_> = received(&endpoint.handlers)
        .map(|Received { cfgs, ty }| {
            let ty = in_any_lifetime(ty.to_token_stream());
            quote!(#(#cfgs)* #ty)
        })
        .collect();
    let received = (!received.is_empty()).then(|| quote!(; received: [#(#received),*]));
    quote!(#ty #name #docs #channels #channel_function #guard #history #options #data #received)
}

/// An item that names the type of the option `data`, so that a mistake in it is an error in every app.
pub(super) fn data(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let (cfgs, ty) = (endpoint.cfgs, endpoint.about.data.as_ref()?);
    Some(quote!(#(#cfgs)* const _: fn(&#ty) = |_| {};))
}

/// The value of an option, as JSON.
fn written(value: &Written) -> TokenStream {
    match value {
        Written::Flag => quote!(true),
        Written::Text(text) => text.to_token_stream(),
        Written::Number(number) => Literal::u64_suffixed(*number).into_token_stream(),
        Written::List(values) => {
            let values = values.iter().map(written);
            quote!([#(#values),*])
        }
    }
}
