//! The channels of an endpoint, and their constructor for code that publishes.

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

use crate::diagnostics::{ends, identifier};
use crate::model::channels::Channels;
use crate::model::endpoint::{Endpoint, StandsFor};
use crate::model::guard_field::{self, Field};
use crate::model::template::{Part, Template};

use super::handler::{called, guard_text, inside, with_makers};
use super::route::under_alias;
use super::tokens::{braces, call_with, end, local, start};

/// The function `NAME::channel(…)`, or `NAME::channels(…)` for a list. Its place is that of the option, and its visibility
/// that of the endpoint.
pub(super) fn constructor(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let Channels::Named { templates, is_list, place } = &endpoint.channels else { return None };
    let Endpoint { krate, cfgs, parameters, .. } = endpoint;
    let place = Span::call_site().located_at(*place);
    let noun = if *is_list { "channels" } else { "channel" };
    let names: Vec<_> =
        templates.iter().map(|template| format!("`{}`", written(template, parameters))).collect();
    let docs = format!("The {noun} of `{}`: {}.", endpoint.own_name, names.join(", "));
    let constructor = Ident::new(noun, place);
    let used = used(templates).into_iter().map(|index| parameter(&parameters[index], place));
    let fields = fields(templates, parameters).into_iter().map(|(_, name)| parameter(&name, place));
    let mut channels = templates.iter().map(|template| channel(endpoint, template));
    let returned = quote_spanned!(end(place)=> #krate::__private::Channel);
    let (returned, made) = if *is_list {
        let count = templates.len();
        (quote_spanned!(end(place)=> [#returned; #count]), quote!([#(#channels),*]))
    } else {
        (returned, channels.next().unwrap_or_default())
    };
    let vis = match &endpoint.stands_for {
        StandsFor::Made { vis, .. } => vis.to_token_stream(),
        // An `impl` does not say the visibility of its type.
        StandsFor::Own(_) => quote_spanned!(start(place)=> pub),
    };
    let made = braces(made, end(place));
    let function = quote_spanned! {start(place)=>
        #[doc = #docs]
        #[must_use]
        #vis fn #constructor(
            #(#used: &#krate::__private::primitive::str,)*
            #(#fields: impl #krate::__private::Display),*
        ) -> #returned #made
    };
    let function = braces(function, end(place));
    Some(match &endpoint.stands_for {
        StandsFor::Made { name, .. } => quote_spanned!(start(place)=> #(#cfgs)* impl #name #function),
        StandsFor::Own(ty) => {
            under_alias(cfgs, ty, |alias| quote_spanned!(start(place)=> impl #alias #function))
        }
    })
}

/// The call of that function, with the path parameters of the request.
pub(super) fn of_request(endpoint: &Endpoint<'_>) -> Option<TokenStream> {
    let krate = &endpoint.krate;
    let head = local("request");
    match &endpoint.channels {
        Channels::None => None,
        Channels::Named { templates, is_list, place } => {
            let place = Span::call_site().located_at(*place);
            let constructor = Ident::new(if *is_list { "channels" } else { "channel" }, place);
            let values =
                used(templates).into_iter().map(|index| quote!(#krate::__private::text(#head, #index)));
            let fields = fields(templates, &endpoint.parameters).into_iter().map(|(field, _)| {
                let uses = |template: &&Template| template.fields().any(|other| other == field);
                let place = templates.iter().find(uses).map_or(place, |template| template.place);
                let text = guard_text(endpoint, field, place);
                quote!(#text?)
            });
            let values = values.chain(fields);
            Some(quote!(Self::#constructor(#(#values),*)))
        }
        Channels::Found(function) => {
            let ends = ends(&function.path);
            let (place, makers) = (inside(endpoint, ends), local("makers"));
            let called = called(krate, function, &place);
            let returned = call_with(quote!(#krate::__private::ChannelResult::returned), called, ends);
            let now = call_with(quote!(#krate::__private::NotAsync::now), returned, ends);
            let found = quote!(#krate::__private::IntoSubscriptions::into_subscriptions(#now));
            let found = quote!(#krate::__private::found(#head, &#makers, || #found));
            let found = with_makers(krate, function, &quote!(ChannelArgument), found);
            Some(quote!(#found?))
        }
    }
}

/// The constructor and the path parameters that it takes, if [`of_request`] makes one channel and cannot fail: the template has no field
/// of the guard value.
pub(super) fn one(endpoint: &Endpoint<'_>) -> Option<(Ident, Vec<Literal>)> {
    let Channels::Named { templates, is_list: false, place } = &endpoint.channels else { return None };
    let has_fields = templates.iter().any(|template| template.fields().next().is_some());
    let constructor = Ident::new("channel", Span::call_site().located_at(*place));
    let used = || used(templates).into_iter().map(Literal::usize_unsuffixed).collect();
    (!has_fields).then(|| (constructor, used()))
}

/// The path parameters in some templates, in the order of the path.
fn used(templates: &[Template]) -> Vec<usize> {
    let mut used: Vec<_> = templates.iter().flat_map(Template::parameters).collect();
    used.sort_unstable();
    used.dedup();
    used
}

/// The fields of the guard value in some templates, in the order of their first use, with the names of their parameters.
fn fields<'t>(templates: &'t [Template], parameters: &[String]) -> Vec<(&'t Field, String)> {
    let taken: Vec<_> = used(templates).into_iter().map(|index| &*parameters[index]).collect();
    guard_field::parameters(templates.iter().flat_map(Template::fields), &taken)
}

fn parameter(name: &str, place: Span) -> Ident {
    identifier(name, Span::mixed_site().located_at(start(place)))
}

fn channel(endpoint: &Endpoint<'_>, template: &Template) -> TokenStream {
    let (krate, parts) = (&endpoint.krate, parts(endpoint, template));
    if template.fields().next().is_some() {
        return quote!(#krate::__private::channel_of(&[#(&#parts),*]));
    }
    match &parts[..] {
        [TokenTree::Literal(name)] => quote!(#krate::__private::Channel::from_static(#name)),
        [first, second] => quote!(#krate::__private::channel_of_two(#first, #second)),
        parts => quote!(#krate::__private::channel(&[#(#parts),*])),
    }
}

/// The texts and the parameters of the constructor that a template consists of.
fn parts(endpoint: &Endpoint<'_>, template: &Template) -> Vec<TokenTree> {
    let Channels::Named { templates, place, .. } = &endpoint.channels else {
        unreachable!("it has templates")
    };
    let place = Span::call_site().located_at(*place);
    let fields = fields(templates, &endpoint.parameters);
    let part = |part: &Part| match part {
        Part::Text(text) => Literal::string(text).into(),
        Part::Parameter(index) => parameter(&endpoint.parameters[*index], place).into(),
        Part::Guard(field) => {
            let name = fields.iter().find(|(this, _)| *this == field).map_or("", |(_, name)| name);
            parameter(name, place).into()
        }
    };
    template.parts.iter().map(part).collect()
}

/// A template as it was written.
fn written(template: &Template, parameters: &[String]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Parameter(index) => format!("{{{}}}", parameters[*index]),
        Part::Guard(field) => format!("{{{}}}", field.written()),
    };
    template.parts.iter().map(part).collect()
}
