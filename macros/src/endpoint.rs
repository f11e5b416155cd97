//! The drivers of the endpoint attributes: parse, lower, and expand or write the stand-in.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use crate::diagnostics::Errors;
use crate::expand::{self, stand_in};
use crate::kind::Kind;
use crate::model::endpoint::{StandsFor, Written};
use crate::parse::impl_block::{self, Connection};
use crate::parse::item::{self, Item};
use crate::parse::option_table;
use crate::parse::options::Options;
use crate::parse::signature::Function;

/// Expands `#[fanout::{kind}(options)] item`. The item always comes back as it was.
pub fn attribute(kind: Kind, options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let connection = if kind == Kind::Ws { impl_block::parse(item.clone()) } else { None };
    let generated = match (Item::parse(item.clone()), connection) {
        (Item::Function(function), _) => attribute_of_function(kind, &function, options, &item, &mut errors),
        (Item::HalfTyped { vis, name }, _) => {
            let options = Options::parse(kind, &name.unraw().to_string(), options, &mut errors);
            let name = options.type_name(&name);
            Some(stand_in::half_typed(&options.krate(), &vis, &name, options.channels.as_ref()))
        }
        (Item::Other, Some(connection)) => attribute_of_connection(&connection, options, &item, &mut errors),
        (Item::Other, None) if kind == Kind::Ws && item::is_half_typed_impl(&item) => None,
        (Item::Other, None) => {
            item::refuse(kind, &item, &mut errors);
            let options = Options::parse(kind, kind.name(), options, &mut Errors::default());
            stand_in::other(&options.krate(), item.clone(), options.channels.as_ref())
        }
    };
    let errors = errors.into_tokens();
    quote!(#item #generated #errors)
}

fn attribute_of_function(
    kind: Kind,
    function: &Function,
    options: TokenStream,
    item: &TokenStream,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let place = &function.sig.ident;
    let own_name = place.unraw().to_string();
    let options = Options::parse(kind, &own_name, options, errors);
    let options_are_right = errors.is_empty();
    let name = options.type_name(place);
    if name == "fanout" && options.krate.is_none() {
        let help =
            format!("give it another name, or its type: `{}`", option_table::example("name", &own_name));
        errors.push(place, "the type of `fanout` would hide the crate `fanout`", help);
        return None;
    }
    // The other attribute makes the type.
    for (other, attribute) in item::attributes(item).iter().filter_map(|this| Some((Kind::of(this)?, this))) {
        let tokens = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        if Options::parse(other, &own_name, tokens, &mut Errors::default()).type_name(place) == name {
            let help =
                format!("give this one a type of its own: `{}`", option_table::example("name", &own_name));
            errors.push(attribute.path(), format!("`{own_name}` is an endpoint already"), help);
            return None;
        }
    }
    let stands_for = StandsFor::Made { name, vis: &function.vis };
    let written = Written { kind, options, options_are_right, own_name, place, cfgs: &function.cfgs };
    let endpoint = written.function(stands_for, function, errors);
    if errors.is_empty() {
        Some(expand::endpoint(&endpoint))
    } else {
        (!function.is_method()).then(|| stand_in::endpoint(&endpoint))
    }
}

fn attribute_of_connection(
    connection: &Connection,
    options: TokenStream,
    item: &TokenStream,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let ident = connection.own_name().unwrap_or_else(|| Ident::new("connection", Span::call_site()));
    let own_name = impl_block::snake_case(&ident.unraw().to_string());
    let options = Options::parse(Kind::Ws, &own_name, options, errors);
    let krate = options.krate();
    if connection.half_typed {
        return stand_in::connection(&krate, connection, options.channels.as_ref());
    }
    if let Some(second) = item::attributes(item).iter().find(|this| Kind::of(this).is_some()) {
        errors.push(
            second.path(),
            format!("`{ident}` is an endpoint already"),
            "remove one of the attributes",
        );
        return None;
    }
    let options_are_right = errors.is_empty();
    let (kind, cfgs) = (Kind::Ws, &connection.cfgs[..]);
    let written = Written { kind, options, options_are_right, own_name, place: &ident, cfgs };
    let endpoint = written.connection(connection, errors);
    if errors.is_empty() {
        Some(expand::endpoint(&endpoint))
    } else {
        stand_in::connection(&krate, connection, endpoint.written_channels.as_ref())
    }
}
