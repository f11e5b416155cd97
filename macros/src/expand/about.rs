//! The description of an endpoint, for a macro of the runtime that writes it only in an app that describes itself.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use crate::model::about::{About, Received, Written, received};
use crate::model::endpoint::Endpoint;

use super::handler::in_any_lifetime;

/// The call of that macro, as an item of the endpoint's `impl`.
pub(super) fn about(endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { krate, own_name, .. } = endpoint;
    let About { docs, channels, channel_function, guard, data, options } = &endpoint.about;
    let options = options.iter().map(|(name, value)| {
        let value = written(value);
        quote!(#name: #value)
    });
    let has_history = endpoint.history.is_some();
    let received = received(&endpoint.handlers).map(|Received { cfgs, ty }| {
        let ty = in_any_lifetime(ty.to_token_stream());
        quote!(#(#cfgs)* #ty)
    });
    quote! {
        #krate::__private::about! {
            name: #own_name,
            docs: [#(#docs),*],
            channels: [#(#channels),*],
            channel_function: [#channel_function],
            guard: [#guard],
            history: #has_history,
            options: { #(#options),* },
            data: [#data],
            received: [#(#received),*],
        }
    }
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
